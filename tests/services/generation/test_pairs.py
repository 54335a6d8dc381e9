"""Two people in one picture: who can be, what is sent, what is kept, and how loans end it."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from db import tables
from db.database import Database
from db.loan_tables import LoanRow
from services.domain.api_keys import Asking
from services.domain.loans import Borrowed, LoanTerm
from services.domain.states import GenerationState
from services.domain.values import Generation, Model, Place
from services.domain.vocabulary import FailureReason, Subject
from services.errors import LoanOver, LoanUsedUp, NotFound, SecondUnfit, StaleButton
from services.fal.gateway import GenerationOrder, Job, MadeImage, MadeImages
from services.generation.carrying import GenerationKind
from services.generation.edits import marks_of
from services.generation.options import PictureOptions, PictureRequest
from services.generation.ordering import Ordering
from services.generation.pairs import Pairs
from services.generation.panel import PanelService
from services.generation.repeating import RepeatService
from services.generation.service import Called, GenerationService
from services.generation.wish import Wish, read_wish, written
from services.jobs.paid import PaidJobs
from services.lending.service import LendingService
from services.models.service import ModelService
from services.money.prices import PriceList
from services.pictures.gallery import GalleryService, View
from services.pictures.ratings import RatingService
from services.pictures.service import PictureService, Sent
from services.rules import TrainingRules
from services.users.privacy import PrivacyService
from tests.services.jobs.scripted_fal import ScriptedFal
from tests.services.kit import (
    PORTRAIT,
    STRANGER,
    USER,
    Notes,
    carried,
    keep_model,
    keep_result,
    meet,
    paid_context,
    pressed,
    wide_ledger,
)

HERE = Place(USER)
OTHER_FAMILY = "fal-ai/flux-2/lora"
IMAGES = MadeImages((MadeImage("https://one", 8, 8, is_flagged=False),), 7)


class ListeningFal(ScriptedFal):
    """Keeps what is submitted."""

    def __init__(self, **script: Any) -> None:  # noqa: ANN401  # answers of any type
        super().__init__(images=IMAGES, **script)
        self.orders: list[tuple[str, GenerationOrder]] = []

    async def submit_generation(self, generator: str, order: GenerationOrder) -> Job:
        self.orders.append((generator, order))
        return await super().submit_generation(generator, order)


@dataclass
class Couple:
    """A user with a model, others that may be beside it, and the services."""

    database: Database
    anna: Model
    fal: ListeningFal = field(default_factory=ListeningFal)
    notes: Notes = field(default_factory=Notes)
    is_on: bool = True
    rules: TrainingRules = field(default_factory=TrainingRules)
    asked: int = 0

    @property
    def pairs(self) -> Pairs:
        return Pairs(is_on=self.is_on)

    @property
    def prices(self) -> PriceList:
        return PriceList(self.fal, Decimal("2.00"), Decimal("0.035"))

    @property
    def ordering(self) -> Ordering:
        return Ordering(self.prices, wide_ledger(), pairs=self.pairs)

    @property
    def generations(self) -> GenerationService:
        return GenerationService(self.database, self.ordering, lambda _: None)

    @property
    def repeats(self) -> RepeatService:
        return RepeatService(self.database, self.ordering, lambda _: None)

    @property
    def panels(self) -> PanelService:
        return PanelService(self.database, self.rules, self.prices, pairs=self.pairs)

    @property
    def lending(self) -> LendingService:
        return LendingService(self.database)

    @property
    def jobs(self) -> PaidJobs[tables.Generation, MadeImages]:
        context = paid_context(self.database, self.fal, self.rules)

        async def copy_of(model: Model) -> str:
            return f"https://store/{model.name}"

        return PaidJobs(GenerationKind(context, self.notes, weights_address=copy_of), context)

    async def keep(self, model: Model, **changes: object) -> Model:
        async with self.database.transaction() as tx:
            row = await tx._session.get_one(tables.Model, model.id)
            for name, value in changes.items():
                setattr(row, name, value)
            await tx.flush()
            found = await tx.models.get(model.id)
        assert found is not None
        return found

    async def own(self, name: str = "Bob", **changes: object) -> Model:
        model = await keep_model(self.database, f"https://{name}", active=False)
        return await self.keep(model, name=name, **changes)

    async def lent(self, term: LoanTerm = LoanTerm.PICTURES, name: str = "Eve") -> Borrowed:
        model = await keep_model(self.database, f"https://{name}", STRANGER)
        await self.keep(model, name=name)
        loan = await self.lending.lend(STRANGER, model.id, term)
        return await self.lending.accept(USER, loan.id, "Ann")

    async def order(self, count: int = 1, prompt: str = "in a park") -> Generation:
        self.asked += 1
        options = PictureOptions(count=count)
        return await self.generations.generate(
            USER, HERE, prompt, f"message:1:{self.asked}", options
        )

    async def with_second(self, second_id: str, count: int = 1) -> Generation:
        await self.panels.choose_second(USER, second_id)
        return await self.order(count)

    async def result(self, second: Model) -> Generation:
        made = await keep_result(
            self.database, self.anna, "https://x", second_model_id=second.id, second_scale=1.0
        )
        async with self.database.transaction() as tx:
            found = await tx.generations.read(made.id)
        assert found is not None
        return found

    async def read(self, generation: Generation) -> Generation:
        async with self.database.transaction() as tx:
            found = await tx.generations.read(generation.id)
        assert found is not None
        return found

    async def carried(self, generation: Generation) -> Generation:
        await carried(self.jobs.step, generation.id)
        return await self.read(generation)

    async def used(self, one: Borrowed) -> int:
        return (await self.lending.card(STRANGER, one.loan.id)).used


@pytest.fixture
async def couple(each_database: Database) -> Couple:
    await meet(each_database, USER, STRANGER)
    couple = Couple(each_database, await keep_model(each_database, "https://Anna"))
    couple.anna = await couple.keep(couple.anna, name="Anna")
    return couple


async def test_both_trigger_words_and_both_loras_are_sent(couple: Couple) -> None:
    bob = await couple.own(lora_scale=0.9)
    made = await couple.carried(await couple.with_second(bob.id))
    assert made.state is GenerationState.MADE
    ((generator, order),) = couple.fal.orders
    assert generator == couple.anna.generator
    assert order.prompt == f"{couple.anna.trigger_word}, {bob.trigger_word}, in a park"
    assert (order.lora_url, order.lora_scale) == ("https://store/Anna", 1.0)
    assert order.second is not None
    assert (order.second.url, order.second.scale) == ("https://store/Bob", 0.9)
    assert (made.second_model_id, made.second_scale, made.second_is_borrowed) == (
        bob.id,
        0.9,
        False,
    )
    assert made.price_usd == Decimal("0.035")


async def test_each_has_the_class_word_of_its_trainer(couple: Couple) -> None:
    couple.rules = TrainingRules(class_word_trainers=(PORTRAIT,))
    bob = await couple.own(subject=Subject.MAN, trainer=PORTRAIT)
    await couple.carried(await couple.with_second(bob.id))
    panel = await couple.panels.panel(USER)
    ((_, order),) = couple.fal.orders
    opening = f"{couple.anna.trigger_word}, {bob.trigger_word}, a man, "
    assert panel.opening == opening
    assert order.prompt == f"{opening}in a park"


async def test_only_models_that_fit_are_offered(couple: Couple) -> None:
    await couple.own("Other", generator=OTHER_FAMILY)
    assert not (await couple.panels.panel(USER)).others
    bob, lent = await couple.own(), await couple.lent()
    found = {one.id: one.model.name for one in await couple.panels.others(USER)}
    assert found == {bob.id: "Bob", lent.loan.id: "Eve"}
    with pytest.raises(StaleButton):
        await couple.panels.choose_second(USER, couple.anna.id)
    couple.is_on = False
    assert not (await couple.panels.panel(USER)).others
    with pytest.raises(StaleButton):
        await couple.panels.choose_second(USER, bob.id)


async def test_a_second_person_is_chosen_for_one_model_and_can_be_left_out(couple: Couple) -> None:
    bob = await couple.own()
    panel = await couple.panels.choose_second(USER, bob.id)
    assert panel.second is not None
    assert panel.second.model.id == bob.id
    eve = await couple.own("Eve")
    models = ModelService(couple.database, wide_ledger(), lambda _: None)
    await models.activate(USER, eve.id)
    assert (await couple.panels.panel(USER)).second is None
    assert not (await couple.order()).is_of_two
    await models.activate(USER, couple.anna.id)
    assert (await couple.order()).second_model_id == bob.id
    assert (await couple.panels.choose_second(USER, None)).second is None
    assert not (await couple.order()).is_of_two


async def test_switched_off_nobody_is_added_and_earlier_pairs_are_refused(couple: Couple) -> None:
    bob = await couple.own()
    made = await couple.with_second(bob.id)
    couple.is_on = False
    assert not (await couple.order()).is_of_two
    with pytest.raises(SecondUnfit):
        await couple.repeats.again(USER, HERE, made.id, pressed())


async def test_again_and_other_words_keep_both(couple: Couple) -> None:
    bob = await couple.own(lora_scale=0.8)
    made = await couple.with_second(bob.id)
    await couple.panels.choose_second(USER, None)
    again = await couple.repeats.again(USER, HERE, made.id, pressed())
    by_panel = await couple.repeats.make_again(USER, HERE, made.id, pressed())
    varied = await couple.repeats.vary(USER, HERE, made.id, "at the sea", "message:1:9")
    for one in (*again, *by_panel, varied):
        assert (one.second_model_id, one.second_scale) == (bob.id, 0.8)
    panel = await couple.panels.panel(USER, made.id)
    assert panel.second is not None
    assert (panel.second.model.id, panel.others) == (bob.id, False)


async def test_a_wish_keeps_the_second_person_until_it_is_paid(couple: Couple) -> None:
    bob = await couple.own()
    await couple.panels.choose_second(USER, bob.id)
    async with couple.database.transaction() as tx:
        user = await tx.users.lock(USER)
        beside = await couple.pairs.chosen(tx, user, couple.anna)
    assert beside is not None
    request = PictureRequest("a king", PictureOptions(), second=beside.second)
    wish = Wish(couple.anna.id, HERE, [request], ["x"])
    assert read_wish(written(wish)) == wish


async def test_a_picture_counts_for_each_loan_it_uses(couple: Couple) -> None:
    one, other = await couple.lent(name="Eve"), await couple.lent(name="Zoe")
    models = ModelService(couple.database, wide_ledger(), lambda _: None)
    await models.activate(USER, one.loan.id)
    made = await couple.with_second(other.loan.id, 4)
    assert (made.is_borrowed, made.second_is_borrowed) == (True, True)
    assert [await couple.used(each) for each in (one, other)] == [4, 4]
    await couple.order(4)
    with pytest.raises(LoanUsedUp):
        await couple.order(4)
    assert [await couple.used(each) for each in (one, other)] == [8, 8]
    ended = await couple.carried(made)
    assert ended.state is GenerationState.MADE
    # One picture of four has arrived.
    assert [await couple.used(each) for each in (one, other)] == [5, 5]


async def test_a_loan_made_without_the_words_is_of_one_person_alone(couple: Couple) -> None:
    bob, lent = await couple.own(), await couple.lent()
    models = ModelService(couple.database, wide_ledger(), lambda _: None)
    await couple.panels.choose_second(USER, lent.loan.id)
    async with couple.database.transaction() as tx:
        (await tx._session.get_one(LoanRow, lent.loan.id)).allows_others = False
    assert [one.id for one in await couple.panels.others(USER)] == [bob.id]
    panel = await couple.panels.panel(USER)
    assert (panel.second, panel.has_lost_second) == (None, True)
    with pytest.raises(SecondUnfit):
        await couple.order()
    await models.activate(USER, lent.loan.id)
    assert await couple.panels.others(USER) == []
    assert not (await couple.order()).is_of_two
    async with couple.database.transaction() as tx:
        user = await tx.users.lock(USER)
        await tx.users.choose_second(USER, lent.model.id, bob.id)
        with pytest.raises(SecondUnfit):
            await couple.pairs.chosen(tx, await tx.users.lock(user.id), lent.model)


async def test_a_loan_that_ends_is_refused_and_nobody_is_left_out_unasked(couple: Couple) -> None:
    lent = await couple.lent()
    made = await couple.with_second(lent.loan.id)
    await couple.lending.take_back(STRANGER, lent.loan.id)
    with pytest.raises(SecondUnfit):
        await couple.order()
    with pytest.raises(LoanOver):
        await couple.repeats.again(USER, HERE, made.id, pressed())
    assert (await couple.panels.panel(USER)).has_lost_second
    await couple.panels.choose_second(USER, None)
    assert (await couple.order()).second_scale is None


async def test_an_order_waits_in_vain_for_a_second_loan_that_was_taken_back(
    couple: Couple,
) -> None:
    lent = await couple.lent()
    made = await couple.with_second(lent.loan.id, 2)
    await couple.lending.take_back(STRANGER, lent.loan.id)
    ended = await couple.carried(made)
    assert (ended.state, ended.failure) == (GenerationState.FAILED, FailureReason.LOAN_OVER)
    assert (couple.fal.orders, await couple.used(lent)) == ([], 0)
    async with couple.database.transaction() as tx:
        charge = await tx.charges.get(made.id)
    assert charge is not None
    assert charge.released_at is not None


async def test_a_second_model_that_its_owner_deletes_leaves_the_pictures(couple: Couple) -> None:
    lent = await couple.lent()
    waiting = await couple.with_second(lent.loan.id)
    privacy = PrivacyService(couple.database, wide_ledger(), lambda _: None)
    await privacy.forget(STRANGER, Place(STRANGER), None)
    kept = await couple.read(waiting)
    assert (kept.second_model_id, kept.is_of_two, kept.second_is_borrowed) == (None, True, True)
    assert (await couple.carried(waiting)).failure is FailureReason.LOAN_OVER
    with pytest.raises(SecondUnfit):
        await couple.repeats.again(USER, HERE, waiting.id, pressed())


async def test_a_lost_submit_is_found_by_the_words_that_are_left(couple: Couple) -> None:
    lent = await couple.lent()
    made = await couple.with_second(lent.loan.id)
    async with couple.database.transaction() as tx:
        row = await tx.generations.lock(made.id)
        assert row is not None
        models = await tx.models.get(row.model_id), await tx.models.get(row.second_model_id)
    anna, bob = couple.anna.trigger_word, lent.model.trigger_word
    opening, seed = couple.rules.opening, f'"seed": {row.seed}'
    sent = f'"prompt": "{anna}, {bob}, {row.prompt}"'
    assert marks_of(row, opening, *models)[1] == [anna, bob, sent, seed]
    assert marks_of(row, opening, None, models[1])[1] == [bob, f'{row.prompt}"', seed]


@pytest.mark.parametrize("is_second", [False, True])
async def test_deleting_either_model_of_ones_own_deletes_the_pictures_of_both(
    couple: Couple, *, is_second: bool
) -> None:
    bob = await couple.own()
    made = await couple.result(bob)
    models = ModelService(couple.database, wide_ledger(), lambda _: None)
    gone = bob if is_second else couple.anna
    assert (await models.card(USER, gone.id)).picture_count == 1
    _, deletion, _ = await models.delete(USER, gone.id, HERE)
    assert (deletion.models, deletion.pictures) == (1, 1)
    async with couple.database.transaction() as tx:
        assert await tx.generations.read(made.id) is None


async def test_who_leaves_has_each_picture_counted_once(couple: Couple) -> None:
    bob = await couple.own()
    await couple.result(bob)
    privacy = PrivacyService(couple.database, wide_ledger(), lambda _: None)
    deletion, _ = await privacy.forget(USER, HERE, None)
    assert (deletion.models, deletion.pictures) == (2, 1)


async def test_the_gallery_shows_it_with_either_model_and_it_is_not_rated(couple: Couple) -> None:
    bob = await couple.own()
    made = await couple.result(bob)
    pictures = PictureService(couple.database, couple.fal)
    (picture,) = (await pictures.result(USER, made.id)).pictures
    await pictures.note_sent({picture.id: Sent("a-photo")})
    gallery = GalleryService(couple.database, pictures)
    for model_id in (None, couple.anna.id, bob.id):
        page = await gallery.page(USER, View(model_id=model_id))
        assert page.shown is not None
        assert page.shown.second == bob
        assert {model.id for model in page.models} == {couple.anna.id, bob.id}
    with pytest.raises(StaleButton):
        await RatingService(couple.database).rate(USER, picture.id, is_good=True)


async def test_over_http_only_who_is_named_is_added(couple: Couple) -> None:
    bob, other = await couple.own(), await couple.own("Other", generator=OTHER_FAMILY)
    await couple.panels.choose_second(USER, bob.id)

    async def ordered(called: Called, key: str) -> Generation:
        asking = Asking(key, "a digest")
        return await couple.generations.order(USER, HERE, called, "a king", {}, asking)

    assert not (await ordered(Called(), "1")).is_of_two
    assert (await ordered(Called(second=bob.training_id), "2")).second_model_id == bob.id
    with pytest.raises(SecondUnfit):
        await ordered(Called(second=other.training_id), "3")
    with pytest.raises(SecondUnfit):
        await ordered(Called(bob.training_id, bob.training_id), "4")
    with pytest.raises(NotFound):
        await ordered(Called(second="nobody"), "5")
