"""The dialogue before a training: every answer is kept, and only its owner may return it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from db import tables
from db.database import Database
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.values import Consent, Place
from services.domain.vocabulary import PhotoState, QualityMode, Subject
from services.errors import (
    DomainError,
    InvalidName,
    NotFound,
    PhotosStillChecking,
    StaleButton,
    TooFewPhotos,
)
from services.fal.client import FalClient
from services.money.prices import PriceList
from services.photos.refusal import RefusalReason
from services.rules import TrainingRules
from services.training.drafts import CONSENT_VERSION, MAX_LABEL_LENGTH, DraftService, SentPhoto
from services.training.offers import TrainingOffers
from tests.services.kit import (
    FAST,
    FLUX_2,
    PORTRAIT,
    STRANGER,
    USER,
    Z_IMAGE,
    keep_model,
    meet,
    new_press,
    photo_values,
    read_draft,
    read_training,
    wide_ledger,
)
from tests.values import set_columns

RULES = TrainingRules(min_photos=5, max_photos=20)


class Setup:
    """The service with lists of what it asked others to do."""

    def __init__(self, database: Database, rules: TrainingRules = RULES) -> None:
        self.database = database
        self.to_check: list[str] = []
        self.to_carry: list[str] = []
        prices = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))
        self.drafts = DraftService(
            database,
            rules,
            TrainingOffers(rules, prices),
            self.to_check.append,
            self.to_carry.append,
            wide_ledger(),
        )

    async def begun(self) -> str:
        return (await self.drafts.begin(USER, Place(USER))).id

    async def with_photos(self, accepted: int, **pending: int) -> str:
        draft_id = await self.begun()
        async with self.database.transaction() as tx:
            for number in range(1, accepted + 1):
                await tx.photos.record(photo_values(draft_id, number))
            for number in range(pending.get("pending", 0)):
                await tx.photos.record(
                    photo_values(draft_id, 100 + number, state=PhotoState.PENDING, sha256=None)
                )
        return draft_id

    async def consent_to(self, draft_id: str) -> Consent:
        async with self.database.transaction() as tx:
            return await tx.photos.consent_to(draft_id)

    async def complete(self) -> str:
        draft_id = await self.with_photos(5)
        await self.drafts.set_name(USER, draft_id, "Anna")
        await self.drafts.set_subject(USER, draft_id, Subject.WOMAN)
        await self.drafts.set_mode(USER, draft_id, QualityMode.ECONOMY)
        return draft_id


@pytest.fixture
async def setup(database: Database) -> Setup:
    await meet(database, USER, STRANGER)
    return Setup(database)


async def test_the_consent_is_recorded_with_time_and_version(setup: Setup) -> None:
    before = now()
    draft = await setup.drafts.begin(USER, Place(USER))
    consent = await setup.consent_to(draft.id)
    assert before <= consent.at <= now()
    assert (consent.version, draft.trainer) == (CONSENT_VERSION, FAST)


async def test_beginning_again_goes_on_with_the_same_draft(setup: Setup) -> None:
    first = await setup.drafts.begin(USER, Place(USER))
    agreed = await setup.consent_to(first.id)
    await setup.drafts.set_name(USER, first.id, "Anna")
    again = await setup.drafts.begin(USER, Place(USER))
    assert (again.id, again.name) == (first.id, "Anna")
    assert (await setup.consent_to(first.id)).at > agreed.at


async def test_two_presses_of_the_consent_at_once_are_one_draft(setup: Setup) -> None:
    drafts = await asyncio.gather(*(setup.drafts.begin(USER, Place(USER)) for _ in range(5)))
    assert len({draft.id for draft in drafts}) == 1


async def test_a_draft_is_left_behind_only_when_it_has_photos(setup: Setup) -> None:
    assert await setup.drafts.left_behind(USER) is None
    draft_id = await setup.begun()
    assert await setup.drafts.left_behind(USER) is None
    await setup.drafts.record_photo(USER, draft_id, SentPhoto(1, "file", "unique"))
    left = await setup.drafts.left_behind(USER)
    assert left is not None
    assert left.id == draft_id
    await setup.drafts.discard(USER, draft_id)
    assert await setup.drafts.left_behind(USER) is None
    with pytest.raises(NotFound):
        await setup.drafts.current(USER)
    with pytest.raises(NotFound):
        await setup.drafts.resume(USER, draft_id)
    await setup.drafts.discard(USER, draft_id)


async def test_an_old_offer_to_start_from_scratch_does_not_drop_a_later_draft(
    setup: Setup,
) -> None:
    old = await setup.with_photos(5)
    await setup.drafts.discard(USER, old)
    new = await setup.with_photos(5)
    with pytest.raises(StaleButton):
        await setup.drafts.discard(USER, old)
    assert (await setup.drafts.resume(USER, new)).id == new


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Anna", "Anna"),
        ("  My   Portrait\n2025 ", "My Portrait 2025"),
        ("田中", "田中"),
        ("🙂", "🙂"),
        ("x" * 40, "x" * 40),
        (" " + "ы" * 40 + " ", "ы" * 40),
    ],
)
async def test_a_name_is_kept(setup: Setup, name: str, kept: str) -> None:
    draft = await setup.drafts.set_name(USER, await setup.begun(), name)
    assert draft.name == kept
    assert draft.trigger_word


@pytest.mark.parametrize("name", ["", "   ", "\n\t", "\u200b", "\u2060\u00ad", "x" * 41])
async def test_a_name_is_refused(setup: Setup, name: str) -> None:
    draft_id = await setup.begun()
    with pytest.raises(InvalidName) as refused:
        await setup.drafts.set_name(USER, draft_id, name)
    assert refused.value.params == {"max": 40}


async def test_a_new_name_brings_a_new_trigger_word(setup: Setup) -> None:
    draft_id = await setup.begun()
    first = (await setup.drafts.set_name(USER, draft_id, "Anna")).trigger_word
    second = (await setup.drafts.set_name(USER, draft_id, "Boris")).trigger_word
    assert first is not None
    assert second is not None
    assert (first[:5], second[:6]) == ("ANNA_", "BORIS_")


@pytest.mark.parametrize(
    ("trainer", "mode", "steps", "usd"),
    [
        (FAST, QualityMode.ECONOMY, 500, "1.00"),
        (FAST, QualityMode.STANDARD, 1000, "2.00"),
        (PORTRAIT, QualityMode.ECONOMY, 500, "1.20"),
        (PORTRAIT, QualityMode.STANDARD, 1000, "2.40"),
        (Z_IMAGE, QualityMode.STANDARD, 2000, "1.70"),
        (FLUX_2, QualityMode.ECONOMY, 500, "3.20"),
    ],
)
async def test_a_mode_fixes_steps_and_price(
    database: Database, trainer: str, mode: QualityMode, steps: int, usd: str
) -> None:
    await meet(database, USER)
    setup = Setup(database, replace(RULES, trainers=(trainer,)))
    draft = await setup.drafts.set_mode(USER, await setup.begun(), mode)
    assert (draft.steps, draft.price_usd) == (steps, Decimal(usd))


@pytest.fixture
async def choice(database: Database) -> Setup:
    await meet(database, USER, STRANGER)
    return Setup(database, replace(RULES, trainers=(FAST, Z_IMAGE)))


async def test_another_trainer_forgets_the_mode_and_price_of_the_one_before(choice: Setup) -> None:
    draft_id = await choice.complete()
    draft = await choice.drafts.set_trainer(USER, draft_id, "z-image")
    assert (draft.trainer, draft.mode, draft.steps, draft.price_usd) == (Z_IMAGE, None, None, None)
    with pytest.raises(StaleButton):
        await choice.drafts.start(USER, draft_id, None)


async def test_the_same_trainer_again_forgets_nothing(choice: Setup) -> None:
    draft_id = await choice.complete()
    draft = await choice.drafts.set_trainer(USER, draft_id, "fast")
    assert (draft.trainer, draft.mode, draft.steps) == (FAST, QualityMode.ECONOMY, 500)


@pytest.mark.parametrize("nickname", ["flux-2", "no such trainer", ""])
async def test_a_trainer_that_is_not_on_offer_is_a_stale_button(
    choice: Setup, nickname: str
) -> None:
    with pytest.raises(StaleButton):
        await choice.drafts.set_trainer(USER, await choice.begun(), nickname)


async def test_a_trainer_is_chosen_for_ones_own_draft_only(choice: Setup) -> None:
    with pytest.raises(NotFound):
        await choice.drafts.set_trainer(STRANGER, await choice.begun(), "z-image")


async def test_a_trainer_that_was_switched_off_gives_way_after_the_photos(choice: Setup) -> None:
    draft_id = await choice.complete()
    later = Setup(choice.database, replace(RULES, trainers=(Z_IMAGE,)))
    with pytest.raises(StaleButton):
        await later.drafts.start(USER, draft_id, None)
    with pytest.raises(StaleButton):
        await later.drafts.set_mode(USER, draft_id, QualityMode.ECONOMY)
    assert later.to_carry == []
    draft = await later.drafts.finish_photos(USER, draft_id)
    assert (draft.trainer, draft.mode) == (Z_IMAGE, None)
    draft = await later.drafts.set_mode(USER, draft_id, QualityMode.ECONOMY)
    assert draft.steps == 1000


async def test_a_photo_is_recorded_and_handed_to_the_check(setup: Setup) -> None:
    draft_id = await setup.begun()
    sent = SentPhoto(7, "file", "unique", label="x" * 100)
    await setup.drafts.record_photo(USER, draft_id, sent)
    async with setup.database.transaction() as tx:
        (row,) = await tx.photos.all_of(draft_id)
    assert (row.state, row.message_id, row.label) == (
        PhotoState.PENDING,
        7,
        "x" * MAX_LABEL_LENGTH,
    )
    assert setup.to_check == [draft_id]


async def test_a_photo_refused_at_sight_is_kept_with_its_reason(setup: Setup) -> None:
    draft_id = await setup.begun()
    sent = SentPhoto(7, "file", "unique", refusal=RefusalReason.GIF)
    await setup.drafts.record_photo(USER, draft_id, sent)
    async with setup.database.transaction() as tx:
        (row,) = await tx.photos.all_of(draft_id)
    assert (row.state, row.refusal) == (PhotoState.REFUSED, "gif")


async def test_twenty_photos_at_once_are_twenty_rows_in_their_order(setup: Setup) -> None:
    draft_id = await setup.begun()
    numbers = [*range(20, 0, -1)]
    await asyncio.gather(
        *(
            setup.drafts.record_photo(USER, draft_id, SentPhoto(n, f"file-{n}", f"unique-{n}"))
            for n in numbers
        )
    )
    async with setup.database.transaction() as tx:
        rows = await tx.photos.all_of(draft_id)
    assert [row.message_id for row in rows] == sorted(numbers)


async def test_the_same_file_in_another_message_is_a_repeat_and_in_the_same_one_is_not(
    setup: Setup,
) -> None:
    draft_id = await setup.begun()
    for message_id in (1, 1, 2, 3):
        await setup.drafts.record_photo(USER, draft_id, SentPhoto(message_id, "file", "unique"))
    async with setup.database.transaction() as tx:
        (row,) = await tx.photos.all_of(draft_id)
    assert (row.message_id, row.repeats) == (1, 2)


@pytest.mark.parametrize(
    ("refusal", "state"),
    [
        ("too_many", PhotoState.PENDING),
        ("gone", PhotoState.PENDING),
        ("duplicate", PhotoState.PENDING),
        ("gif", PhotoState.REFUSED),
        ("too_small", PhotoState.REFUSED),
    ],
)
async def test_a_refused_file_sent_again_gets_a_chance_only_if_things_may_have_changed(
    setup: Setup, refusal: str, state: PhotoState
) -> None:
    draft_id = await setup.begun()
    async with setup.database.transaction() as tx:
        await tx.photos.record(
            photo_values(draft_id, 1, state=PhotoState.REFUSED, refusal=refusal, sha256=None)
        )
    await setup.drafts.record_photo(USER, draft_id, SentPhoto(9, "file-new", "unique-1"))
    async with setup.database.transaction() as tx:
        (row,) = await tx.photos.all_of(draft_id)
    assert row.state is state
    assert row.message_id == (9 if state is PhotoState.PENDING else 1)


async def test_the_last_photo_that_counts_is_removed(setup: Setup) -> None:
    draft_id = await setup.with_photos(3)
    async with setup.database.transaction() as tx:
        await tx.photos.record(
            photo_values(draft_id, 9, state=PhotoState.REFUSED, refusal="gif", sha256=None)
        )
    await setup.drafts.remove_last(USER, draft_id, new_press())
    async with setup.database.transaction() as tx:
        assert [p.message_id for p in await tx.photos.all_of(draft_id)] == [1, 2, 9]
    press = new_press()
    await setup.drafts.start_over(USER, draft_id, press)
    await setup.drafts.remove_last(USER, draft_id, new_press())
    assert await setup.drafts.accepted_photos(draft_id) == 0
    assert setup.to_check == [draft_id] * 3


async def test_a_press_that_is_handled_again_removes_nothing_more(setup: Setup) -> None:
    draft_id, press, over = await setup.begun(), new_press(), new_press()
    for number in range(1, 4):
        await setup.drafts.record_photo(
            USER, draft_id, SentPhoto(number, f"f{number}", f"u{number}")
        )
    for _ in range(2):
        await setup.drafts.remove_last(USER, draft_id, press)
        # The message of the removed photo may be handled again as well.
        await setup.drafts.record_photo(USER, draft_id, SentPhoto(3, "f3", "u3"))
    assert await setup.drafts.sent_photos(draft_id) == 2
    await setup.drafts.start_over(USER, draft_id, over)
    await setup.drafts.record_photo(USER, draft_id, SentPhoto(4, "f4", "u4"))
    await setup.drafts.start_over(USER, draft_id, over)
    assert await setup.drafts.sent_photos(draft_id) == 1


async def test_a_repeat_that_is_handled_again_is_counted_once(setup: Setup) -> None:
    draft_id = await setup.begun()
    for message_id in (1, 2, 2, 3):
        await setup.drafts.record_photo(USER, draft_id, SentPhoto(message_id, "f", "u"))
    async with setup.database.transaction() as tx:
        (row,) = await tx.photos.all_of(draft_id)
    assert row.repeats == 2


@pytest.mark.parametrize(
    ("accepted", "pending", "trouble"),
    [(4, 0, TooFewPhotos), (0, 0, TooFewPhotos), (5, 1, PhotosStillChecking), (5, 0, None)],
)
async def test_the_photo_step_ends_when_enough_are_accepted_and_none_waits(
    setup: Setup, accepted: int, pending: int, trouble: type[DomainError] | None
) -> None:
    draft_id = await setup.with_photos(accepted, pending=pending)
    if trouble is None:
        assert (await setup.drafts.finish_photos(USER, draft_id)).id == draft_id
        return
    with pytest.raises(trouble) as raised:
        await setup.drafts.finish_photos(USER, draft_id)
    wanted = {"pending": 1} if pending else {"accepted": accepted, "min": 5}
    assert raised.value.params == wanted


async def test_only_the_first_press_starts_the_training(setup: Setup) -> None:
    draft_id = await setup.complete()
    presses = await asyncio.gather(*(setup.drafts.start(USER, draft_id, 77) for _ in range(5)))
    assert sorted(started for _, started in presses) == [False] * 4 + [True]
    assert setup.to_carry == [draft_id]
    row = await read_training(setup.database, draft_id)
    assert (row.state, row.progress_message_id) == (TrainingState.PREPARING, 77)


@pytest.mark.parametrize("missing", ["name", "subject", "mode"])
async def test_an_incomplete_draft_does_not_start(setup: Setup, missing: str) -> None:
    draft_id = await setup.complete()
    await set_columns(setup.database, tables.Draft, draft_id, **{missing: None})
    with pytest.raises(StaleButton):
        await setup.drafts.start(USER, draft_id, None)
    assert setup.to_carry == []


async def test_a_draft_whose_photos_were_removed_does_not_start(setup: Setup) -> None:
    draft_id = await setup.complete()
    await setup.drafts.remove_last(USER, draft_id, new_press())
    with pytest.raises(TooFewPhotos):
        await setup.drafts.start(USER, draft_id, None)
    assert (await setup.drafts.current(USER)).id == draft_id


Action = Callable[[DraftService, int, str], Awaitable[object]]

ACTIONS: dict[str, Action] = {
    "name": lambda drafts, user, draft: drafts.set_name(user, draft, "Boris"),
    "subject": lambda drafts, user, draft: drafts.set_subject(user, draft, Subject.MAN),
    "mode": lambda drafts, user, draft: drafts.set_mode(user, draft, QualityMode.STANDARD),
    "photo": lambda drafts, user, draft: drafts.record_photo(user, draft, SentPhoto(1, "f", "u")),
    "remove": lambda drafts, user, draft: drafts.remove_last(user, draft, new_press()),
    "over": lambda drafts, user, draft: drafts.start_over(user, draft, new_press()),
    "finish": lambda drafts, user, draft: drafts.finish_photos(user, draft),
    "resume": lambda drafts, user, draft: drafts.resume(user, draft),
}


@pytest.mark.parametrize("action", ACTIONS)
async def test_a_stranger_finds_nothing_and_changes_nothing(setup: Setup, action: str) -> None:
    draft_id = await setup.complete()
    before = await read_draft(setup.database, draft_id)
    with pytest.raises(NotFound):
        await ACTIONS[action](setup.drafts, STRANGER, draft_id)
    with pytest.raises(NotFound):
        await ACTIONS[action](setup.drafts, USER, "no such id")
    with pytest.raises(NotFound):
        await setup.drafts.start(STRANGER, draft_id, None)
    assert await read_draft(setup.database, draft_id) == before
    assert await setup.drafts.accepted_photos(draft_id) == 5


@pytest.mark.parametrize("action", ACTIONS)
async def test_a_started_training_is_no_draft_any_more(setup: Setup, action: str) -> None:
    draft_id = await setup.complete()
    before, _ = await setup.drafts.start(USER, draft_id, None)
    with pytest.raises(StaleButton):
        await ACTIONS[action](setup.drafts, USER, draft_id)
    async with setup.database.transaction() as tx:
        assert await tx.trainings.read(draft_id) == before
    assert await setup.drafts.accepted_photos(draft_id) == 5


async def test_training_again_takes_name_subject_and_photos_of_the_model(setup: Setup) -> None:
    model = await keep_model(setup.database, "https://lora")
    async with setup.database.transaction() as tx:
        for number in range(1, 7):
            await tx.photos.record(photo_values(model.training_id, number))
        bad = photo_values(model.training_id, 7, state=PhotoState.REFUSED, refusal="gif")
        await tx.photos.record(bad)
    before = now()
    draft = await setup.drafts.begin_again(USER, Place(USER), model.id, new_press())
    assert (draft.name, draft.subject, draft.mode) == (model.name, model.subject, None)
    assert draft.trigger_word not in {None, model.trigger_word}
    consent = await setup.consent_to(draft.id)
    assert (consent.version, draft.trainer) == (CONSENT_VERSION, FAST)
    assert consent.at >= before
    async with setup.database.transaction() as tx:
        copies, kept = [
            await tx.photos.all_of(training_id) for training_id in (draft.id, model.training_id)
        ]
    assert [photo.file_id for photo in copies] == [photo.file_id for photo in kept[:6]]
    assert {photo.state for photo in copies} == {PhotoState.ACCEPTED}
    assert setup.to_check == []
    await setup.drafts.set_mode(USER, draft.id, QualityMode.STANDARD)
    _, started = await setup.drafts.start(USER, draft.id, None)
    assert started


async def test_training_again_never_drops_a_draft_with_photos(setup: Setup) -> None:
    model = await keep_model(setup.database, "https://lora")
    left = await setup.with_photos(1)
    with pytest.raises(StaleButton):
        await setup.drafts.begin_again(USER, Place(USER), model.id, new_press())
    assert (await setup.drafts.current(USER)).id == left
    await setup.drafts.start_over(USER, left, new_press())
    again = await setup.drafts.begin_again(USER, Place(USER), model.id, new_press())
    assert (await setup.drafts.current(USER)).id == again.id != left


async def test_nobody_trains_again_with_the_photos_of_another(setup: Setup) -> None:
    model = await keep_model(setup.database, "https://lora")
    for model_id in (model.id, "nobody"):
        with pytest.raises(NotFound):
            await setup.drafts.begin_again(STRANGER, Place(STRANGER), model_id, new_press())
