"""Changes to pictures: what reaches fal, what is paid, and where the result belongs."""

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from db import tables
from db.database import Database
from services.domain.press import Press
from services.domain.states import GenerationState
from services.domain.values import Generation, Picture, Place
from services.domain.vocabulary import FailureReason, PictureSize
from services.editing.changes import change_of, group_of, groups
from services.editing.service import EditingService, Words
from services.errors import (
    CreditsMissing,
    FalRejected,
    InvalidPrompt,
    NotFound,
    PhotoGone,
    PriceChanged,
    StaleButton,
)
from services.fal.client import FalClient
from services.fal.editors import FLUX_2_EDIT, FLUX_2_LORA_EDIT, FLUX_3_EDIT, KEEPING, KEEPING_BOTH
from services.fal.gateway import EditOrder, Job
from services.generation.carrying import GenerationKind
from services.generation.edits import Edits, marks_of
from services.generation.options import Edit, PictureOptions, PictureRequest
from services.generation.ordering import Asker, Ordering
from services.generation.repeating import RepeatService
from services.generation.service import GenerationService
from services.jobs.paid import PaidJobs
from services.money.prices import PriceList
from services.money.sales import Sales
from services.money.star_prices import StarPrices, StarRates, Tariff
from services.photos.worker import PhotoWorker
from services.rules import TrainingRules
from tests.services.jobs.paying import PRICE, assert_paid, pay_in
from tests.services.jobs.scripted_fal import ScriptedFal
from tests.services.kit import (
    STRANGER,
    USER,
    Notes,
    carried,
    jpeg,
    keep_model,
    keep_result,
    meet,
    new_press,
    paid_context,
    wide_ledger,
)

PRICES = PriceList(FalClient("a:b"), Decimal(2), Decimal("0.035"))
PLACE = Place(USER)
OPENING = TrainingRules().opening
RULES = TrainingRules(poll_interval_s=0.01)
MADE_AT = "https://v3.fal.media/files/b/first.jpg"


class ListeningFal(ScriptedFal):
    """Keeps what it is asked to change, and the photos it is given."""

    def __init__(self, **script: object) -> None:
        super().__init__(**script)
        self.orders: list[tuple[str, EditOrder]] = []
        self.photos: list[bytes] = []

    async def submit_edit(self, editor: str, order: EditOrder) -> Job:
        self.orders.append((editor, order))
        return await super().submit_edit(editor, order)

    async def upload_photo(self, data: bytes) -> str:
        self.photos.append(data)
        return await super().upload_photo(data)


class Album:
    """Photos at hand, by file id."""

    def __init__(self, **photos: bytes) -> None:
        self.photos = photos

    async def fetch(self, file_id: str) -> bytes:
        if file_id not in self.photos:
            raise PhotoGone(file_id)
        return self.photos[file_id]


@dataclass
class Desk:
    """The service over a real database."""

    database: Database
    fal: ListeningFal = field(default_factory=ListeningFal)
    sales: Sales = field(default_factory=Sales)
    said: int = 0

    @property
    def ordering(self) -> Ordering:
        return Ordering(PRICES, wide_ledger(), sales=self.sales)

    def service(self, editor: str = FLUX_2_EDIT) -> EditingService:
        return EditingService(self.database, self.ordering, lambda _: None, editor)

    @property
    def generations(self) -> GenerationService:
        return GenerationService(self.database, self.ordering, lambda _: None)

    @property
    def repeats(self) -> RepeatService:
        return RepeatService(self.database, self.ordering, lambda _: None)

    async def picture(self, generator: str = "fal-ai/flux-lora") -> Picture:
        model = await keep_model(self.database, "https://lora")
        async with self.database.transaction() as tx:
            row = await tx._session.get_one(tables.Model, model.id)
            row.generator = generator
        return await self.only(await keep_result(self.database, model, MADE_AT))

    async def only(self, generation: Generation | tables.Generation) -> Picture:
        async with self.database.transaction() as tx:
            (picture,) = await tx.pictures.all_of(generation.id)
        return picture

    async def change(self, picture: Picture, words: str = "at the sea") -> Generation:
        self.said += 1
        origin = f"message:1:{self.said}"
        return await self.service().change(USER, PLACE, picture.id, Words(words, origin))

    async def made(self, generation: Generation, **photos: bytes) -> Generation:
        async with PhotoWorker() as worker:
            context = paid_context(self.database, self.fal, RULES)
            edits = Edits(self.database, self.fal, RULES, Album(**photos), worker)
            kind = GenerationKind(context, Notes(), edits=edits)
            await carried(PaidJobs(kind, context).step, generation.id)
        return await self.read(generation)

    async def read(self, generation: Generation) -> Generation:
        async with self.database.transaction() as tx:
            found = await tx.generations.read(generation.id)
        assert found is not None
        return found

    async def of_photo(self, file_id: str) -> Generation:
        options, edit = PictureOptions(), Edit(FLUX_2_EDIT, file_id=file_id)
        request = PictureRequest("On a beach", options, english="On a beach", edit=edit)
        async with self.database.transaction() as tx:
            asker = Asker(USER, PLACE, None)
            return await self.ordering.once(tx, asker, request, f"press:{file_id}")


@pytest.fixture
async def desk(database: Database) -> Desk:
    await meet(database, USER, STRANGER)
    return Desk(database)


@pytest.fixture
async def till(desk: Desk) -> Desk:
    """A desk where a change costs 12 Stars."""
    tariff = Tariff(editing={FLUX_2_EDIT: {PictureSize.STANDARD: PRICE}})
    desk.sales = Sales(StarPrices(PRICES, StarRates(), tariff, 1))
    return desk


async def test_fal_is_told_the_change_and_to_keep_the_person(desk: Desk) -> None:
    picture = await desk.picture()
    made = await desk.made(await desk.change(picture, "Another background."))
    ((editor, order),) = desk.fal.orders
    assert editor == FLUX_2_EDIT
    assert order.prompt == f"Another background. {KEEPING}"
    assert (order.image_url, order.lora_url) == (MADE_AT, "")
    assert (made.state, made.source_picture_id) == (GenerationState.MADE, picture.id)


async def test_a_lora_that_fits_goes_along_with_its_trigger_word_first(desk: Desk) -> None:
    picture = await desk.picture("fal-ai/flux-2/lora")
    made = await desk.made(await desk.change(picture, "at the sea"))
    async with desk.database.transaction() as tx:
        model = await tx.models.get(made.model_id)
    assert model is not None
    ((editor, order),) = desk.fal.orders
    assert editor == FLUX_2_LORA_EDIT
    assert (order.prompt, order.lora_url) == (f"{model.trigger_word}, at the sea", "https://lora")


async def test_two_people_are_changed_without_loras_and_both_are_kept(desk: Desk) -> None:
    picture = await desk.picture("fal-ai/flux-2/lora")
    other = await keep_model(desk.database, "https://other", active=False)
    async with desk.database.transaction() as tx:
        row = await tx._session.get_one(tables.Generation, picture.generation_id)
        row.second_model_id, row.second_scale = other.id, 0.9
    made = await desk.made(await desk.change(picture, "at the sea"))
    ((editor, order),) = desk.fal.orders
    assert editor == FLUX_2_EDIT
    assert (order.prompt, order.lora_url) == (f"at the sea. {KEEPING_BOTH}", "")
    assert (made.second_model_id, made.second_scale) == (other.id, 0.9)
    assert marks_of(made, OPENING, None)[1] == [
        MADE_AT,
        f'"prompt": "at the sea. {KEEPING_BOTH}"',
        f'"seed": {made.seed}',
    ]


async def test_the_result_is_a_picture_of_the_model_that_leads_back(desk: Desk) -> None:
    picture = await desk.picture()
    made = await desk.made(await desk.change(picture))
    changed = await desk.only(made)
    assert (await desk.service().original(USER, changed.id)).id == picture.id
    twice = await desk.made(await desk.change(changed, "at night"))
    assert (await desk.service().original(USER, (await desk.only(twice)).id)).id == changed.id
    with pytest.raises(NotFound):
        await desk.service().original(USER, picture.id)


async def test_what_a_change_was_made_of_may_be_deleted_meanwhile(desk: Desk) -> None:
    picture = await desk.picture()
    asked = await desk.change(picture)
    async with desk.database.transaction() as tx:
        await tx.pictures.remove(picture.id)
    made = await desk.made(asked)
    assert made.state is GenerationState.MADE
    with pytest.raises(NotFound):
        await desk.service().original(USER, (await desk.only(made)).id)


async def test_an_update_delivered_twice_asks_once(desk: Desk) -> None:
    picture = await desk.picture()
    service = desk.service()
    both = [
        await service.change(USER, PLACE, picture.id, Words("at the sea", "message:1:7"))
        for _ in "12"
    ]
    assert both[0].id == both[1].id


async def test_a_ready_change_is_english_at_once_and_a_double_tap_is_one(desk: Desk) -> None:
    picture = await desk.picture()
    service, change = desk.service(), change_of("night-city")
    (first,) = await service.apply(USER, PLACE, picture.id, change.id, Press(new_press()))
    (second,) = await service.apply(USER, PLACE, picture.id, change.id, Press(new_press()))
    assert first.id == second.id
    assert first.english == change.prompt
    assert first.title == {"en": "Night city", "ru": "Ночной город"}
    (other,) = await service.apply(USER, PLACE, picture.id, "seaside", Press(new_press()))
    assert other.id != first.id


async def test_again_changes_the_same_picture_with_another_seed(desk: Desk) -> None:
    first = await desk.made(await desk.change(await desk.picture()))
    (again,) = await desk.repeats.again(USER, PLACE, first.id, Press(new_press()))
    assert (again.prompt, again.editor) == (first.prompt, first.editor)
    assert (again.source_picture_id, again.source_url) == (first.source_picture_id, MADE_AT)
    assert again.seed != first.seed


async def test_other_words_change_the_same_picture(desk: Desk) -> None:
    first = await desk.made(await desk.change(await desk.picture()))
    varied = await desk.repeats.vary(USER, PLACE, first.id, "in the forest", "message:1:9")
    assert (varied.prompt, varied.editor) == ("in the forest", FLUX_2_EDIT)
    assert (varied.source_picture_id, varied.seed) == (first.source_picture_id, first.seed)


@pytest.mark.parametrize("words", ["", "  \n", "x" * 901])
async def test_words_that_say_nothing_or_too_much_are_refused(desk: Desk, words: str) -> None:
    picture = await desk.picture()
    with pytest.raises(InvalidPrompt):
        await desk.change(picture, words)


async def test_pictures_of_others_are_not_found(desk: Desk) -> None:
    picture = await desk.picture()
    service = desk.service()
    with pytest.raises(NotFound):
        await service.offer(STRANGER, picture.id)
    with pytest.raises(NotFound):
        await service.change(STRANGER, Place(STRANGER), picture.id, Words("x", "message:2:1"))
    with pytest.raises(NotFound):
        await service.apply(STRANGER, Place(STRANGER), picture.id, "seaside", Press(new_press()))


async def test_nothing_is_offered_where_the_operator_has_no_editor(desk: Desk) -> None:
    picture = await desk.picture()
    service = desk.service("")
    assert not service.is_offered
    with pytest.raises(StaleButton):
        await service.offer(USER, picture.id)
    with pytest.raises(StaleButton):
        await service.apply(USER, PLACE, picture.id, "seaside", Press(new_press()))


def test_buttons_of_changes_that_are_no_more_are_stale() -> None:
    with pytest.raises(StaleButton):
        change_of("a-hat")
    with pytest.raises(StaleButton):
        group_of("hats")


def test_the_ids_of_all_changes_differ() -> None:
    ids = [change.id for group in groups() for change in group.changes]
    assert len(ids) == len(set(ids))
    assert len({group.id for group in groups()}) == len(groups())


async def test_the_price_counts_the_source_too_and_is_held_and_taken(till: Desk) -> None:
    picture = await till.picture()
    await pay_in(till.database, USER)
    offer = await till.service().offer(USER, picture.id)
    assert (offer.price_usd, offer.stars) == (Decimal("0.024"), PRICE)
    made = await till.made(await till.change(picture))
    await assert_paid(till.database, made.id, delivered=1)


async def test_nothing_is_ordered_at_more_than_was_shown(till: Desk) -> None:
    picture = await till.picture()
    await pay_in(till.database, USER)
    service, dear = till.service(), Words("at the sea", "message:1:1", PRICE - 1)
    press = Press(new_press(), stars=PRICE - 1)
    with pytest.raises(PriceChanged):
        await service.change(USER, PLACE, picture.id, dear)
    with pytest.raises(PriceChanged):
        await service.apply(USER, PLACE, picture.id, "seaside", press)
    await service.change(USER, PLACE, picture.id, replace(dear, shown=PRICE))


async def test_a_change_that_is_refused_costs_nothing(till: Desk) -> None:
    picture = await till.picture()
    await pay_in(till.database, USER)
    till.fal.script["images"] = [FalRejected("no", "content_policy_violation")]
    made = await till.made(await till.change(picture))
    assert made.failure is FailureReason.UNSAFE_PICTURE
    await assert_paid(till.database, made.id, delivered=0)


async def test_who_has_too_little_is_told_and_the_order_goes_on_once_paid(till: Desk) -> None:
    picture = await till.picture()
    with pytest.raises(CreditsMissing) as refused:
        await till.change(picture)
    assert refused.value.request is not None
    await pay_in(till.database, USER)
    await till.generations.go_on(USER, refused.value.request)
    async with till.database.transaction() as tx:
        made = await tx.generations.latest_of(USER)
    assert made is not None
    assert (made.editor, made.source_picture_id) == (FLUX_2_EDIT, picture.id)


async def test_a_photo_is_prepared_and_uploaded_before_anything_is_submitted(desk: Desk) -> None:
    asked = await desk.of_photo("p1")
    assert (asked.state, asked.model_id) == (GenerationState.WORDING, None)
    made = await desk.made(asked, p1=jpeg(1, side=2048))
    ((_, order),) = desk.fal.orders
    assert order.image_url == made.source_url == "https://v3.fal.media/photos.zip"
    assert order.prompt == f"On a beach. {KEEPING}"
    (photo,) = desk.fal.photos
    assert photo.startswith(b"\xff\xd8")
    assert made.state is GenerationState.MADE


@pytest.mark.parametrize("photos", [{}, {"p1": b"no picture"}])
async def test_a_photo_that_cannot_be_had_ends_it_unpaid(
    desk: Desk, photos: dict[str, bytes]
) -> None:
    made = await desk.made(await desk.of_photo("p1"), **photos)
    assert made.failure is FailureReason.PHOTOS_MISSING
    assert not desk.fal.orders
    assert not desk.fal.photos
    async with desk.database.transaction() as tx:
        charge = await tx.charges.get(made.id)
    assert charge is not None
    assert charge.released_at is not None


async def test_a_picture_of_a_photo_can_be_changed_before_there_is_a_model(desk: Desk) -> None:
    made = await desk.made(await desk.of_photo("p1"), p1=jpeg(1))
    changed = await desk.made(await desk.change(await desk.only(made)))
    assert changed.model_id is None
    assert changed.state is GenerationState.MADE
    (again,) = await desk.repeats.again(USER, PLACE, made.id, Press(new_press()))
    assert (again.source_file_id, again.source_url) == ("p1", None)


async def test_a_lost_submit_is_searched_by_its_source_and_what_differs(desk: Desk) -> None:
    asked = await desk.change(await desk.picture(), 'a "red" scarf')
    told = f'"prompt": "a \\"red\\" scarf. {KEEPING}"'
    assert marks_of(asked, OPENING, None) == (
        FLUX_2_EDIT,
        [MADE_AT, told, f'"seed": {asked.seed}'],
    )
    without_seed = Generation(
        id="g",
        user_id=USER,
        chat_id=USER,
        model_id=None,
        origin="o",
        prompt='a "red" scarf',
        seed=7,
        editor=FLUX_3_EDIT,
        source_url=MADE_AT,
    )
    assert marks_of(without_seed, OPENING, None) == (FLUX_3_EDIT, [MADE_AT, told])


def test_who_has_neither_a_model_nor_an_editor_has_no_marks() -> None:
    odd = Generation(
        id="g", user_id=USER, chat_id=USER, model_id=None, origin="o", prompt="p", seed=7
    )
    with pytest.raises(LookupError):
        marks_of(odd, OPENING, None)


async def test_both_taps_at_once_are_one_order(desk: Desk) -> None:
    picture = await desk.picture()
    service = desk.service()
    taps = [
        service.apply(USER, PLACE, picture.id, "seaside", Press(new_press())) for _ in range(5)
    ]
    made = await asyncio.gather(*taps)
    assert len({one.id for (one,) in made}) == 1
