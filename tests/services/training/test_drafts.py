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
    ConsentChanged,
    DomainError,
    InvalidName,
    NotFound,
    PhotosStillChecking,
    StaleButton,
    TooFewPhotos,
)
from services.training.consent import CONSENT_VERSION
from services.training.draft_photos import SentPhoto
from services.training.drafts import DraftService
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
)
from tests.services.training.draft_setup import RULES, Setup
from tests.values import set_columns


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


async def test_a_consent_to_an_earlier_wording_starts_nothing(setup: Setup) -> None:
    draft_id = await setup.complete()
    assert not await setup.drafts.must_agree_again(draft_id)
    async with setup.database.transaction() as tx:
        await tx.photos.agree(draft_id, Consent(version="2026-11"))
    assert await setup.drafts.must_agree_again(draft_id)
    with pytest.raises(ConsentChanged):
        await setup.drafts.start(USER, draft_id, None)
    await setup.drafts.begin(USER, Place(USER))
    _, started = await setup.drafts.start(USER, draft_id, None)
    assert started


async def test_two_presses_of_the_consent_at_once_are_one_draft(setup: Setup) -> None:
    drafts = await asyncio.gather(*(setup.drafts.begin(USER, Place(USER)) for _ in range(5)))
    assert len({draft.id for draft in drafts}) == 1


async def test_a_draft_is_left_behind_only_when_it_has_photos(setup: Setup) -> None:
    assert await setup.drafts.left_behind(USER) is None
    draft_id = await setup.begun()
    assert await setup.drafts.left_behind(USER) is None
    await setup.drafts.photos.record(USER, draft_id, SentPhoto(1, "file", "unique"))
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
    await setup.drafts.photos.remove_last(USER, draft_id, new_press())
    with pytest.raises(TooFewPhotos):
        await setup.drafts.start(USER, draft_id, None)
    assert (await setup.drafts.current(USER)).id == draft_id


Action = Callable[[DraftService, int, str], Awaitable[object]]

ACTIONS: dict[str, Action] = {
    "name": lambda drafts, user, draft: drafts.set_name(user, draft, "Boris"),
    "subject": lambda drafts, user, draft: drafts.set_subject(user, draft, Subject.MAN),
    "mode": lambda drafts, user, draft: drafts.set_mode(user, draft, QualityMode.STANDARD),
    "photo": lambda drafts, user, draft: drafts.photos.record(user, draft, SentPhoto(1, "f", "u")),
    "remove": lambda drafts, user, draft: drafts.photos.remove_last(user, draft, new_press()),
    "over": lambda drafts, user, draft: drafts.photos.start_over(user, draft, new_press()),
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
    assert await setup.drafts.photos.accepted(draft_id) == 5


@pytest.mark.parametrize("action", ACTIONS)
async def test_a_started_training_is_no_draft_any_more(setup: Setup, action: str) -> None:
    draft_id = await setup.complete()
    before, _ = await setup.drafts.start(USER, draft_id, None)
    with pytest.raises(StaleButton):
        await ACTIONS[action](setup.drafts, USER, draft_id)
    async with setup.database.transaction() as tx:
        assert await tx.trainings.read(draft_id) == before
    assert await setup.drafts.photos.accepted(draft_id) == 5


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
    await setup.drafts.photos.start_over(USER, left, new_press())
    again = await setup.drafts.begin_again(USER, Place(USER), model.id, new_press())
    assert (await setup.drafts.current(USER)).id == again.id != left


async def test_nobody_trains_again_with_the_photos_of_another(setup: Setup) -> None:
    model = await keep_model(setup.database, "https://lora")
    for model_id in (model.id, "nobody"):
        with pytest.raises(NotFound):
            await setup.drafts.begin_again(STRANGER, Place(STRANGER), model_id, new_press())
