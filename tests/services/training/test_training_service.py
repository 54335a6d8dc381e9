"""What a user can do with a started training."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.values import Consent
from services.domain.vocabulary import FailureReason, PhotoState
from services.errors import ConsentChanged, NotFound, NothingToCancel, StaleButton
from services.fal.client import FalClient
from services.money.prices import PriceList
from services.training.consent import CONSENT_VERSION
from services.training.service import TrainingService
from tests.services.kit import (
    STRANGER,
    USER,
    begin_draft,
    meet,
    photo_values,
    read_training,
    start_training,
    wide_ledger,
)


class Counter:
    """The service and what it had carried."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.carried: list[str] = []
        prices = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))
        self.trainings = TrainingService(database, prices, self.carried.append, wide_ledger())


@pytest.fixture
async def counter(database: Database) -> Counter:
    await meet(database, USER, STRANGER)
    return Counter(database)


def ended(state: TrainingState) -> dict[str, Any]:
    values: dict[str, Any] = {"state": state}
    if state.is_final:
        values["finished_at"] = now()
    if state is TrainingState.SUBMITTING:
        values["submit_started_at"] = now()
    if state is TrainingState.FAILED:
        values["failure"] = FailureReason.TRAINER_FAILED
    if state is TrainingState.COMPLETED:
        values |= {"lora_url": "https://lora", "request_id": "r"}
    return values


@pytest.mark.parametrize("state", TrainingState)
async def test_a_training_can_be_cancelled_where_that_can_be_honoured(
    counter: Counter, state: TrainingState
) -> None:
    training = await start_training(counter.database, **ended(state))
    if not state.is_cancellable:
        with pytest.raises(NothingToCancel):
            await counter.trainings.cancel(USER, training.id)
        assert counter.carried == []
        return
    await counter.trainings.cancel(USER, training.id)
    asked_at = (await read_training(counter.database, training.id)).cancel_requested_at
    await counter.trainings.cancel(USER, training.id)
    row = await read_training(counter.database, training.id)
    assert asked_at is not None
    assert row.cancel_requested_at == asked_at
    assert counter.carried == [training.id] * 2


@pytest.mark.parametrize("state", [TrainingState.FAILED, TrainingState.CANCELLED])
async def test_trying_again_reuses_photos_and_choices_with_a_new_trigger_word(
    counter: Counter, state: TrainingState
) -> None:
    old = await start_training(counter.database, 5, progress_message_id=7, **ended(state))
    async with counter.database.transaction() as tx:
        await tx.photos.record(
            photo_values(old.id, 9, state=PhotoState.REFUSED, refusal="gif", sha256=None)
        )
    again, started = await counter.trainings.retry(USER, old.id)
    assert started
    assert counter.carried == [again.id]
    row = await read_training(counter.database, again.id)
    assert (row.state, row.retry_of) == (TrainingState.PREPARING, old.id)
    assert (row.name, row.subject, row.mode, row.steps, row.trainer) == (
        old.name,
        old.subject,
        old.mode,
        old.steps,
        old.trainer,
    )
    assert row.trigger_word not in {None, old.trigger_word}
    assert (row.price_usd, row.failure, row.progress_message_id) == (Decimal(1), None, None)
    async with counter.database.transaction() as tx:
        photos = await tx.photos.all_of(again.id)
        assert await tx.photos.consent_to(again.id) == await tx.photos.consent_to(old.id)
    assert [photo.file_id for photo in photos] == [f"file-{number}" for number in range(1, 6)]


async def test_trying_again_needs_a_consent_to_the_present_wording(counter: Counter) -> None:
    old = await start_training(counter.database, 5, **ended(TrainingState.FAILED))
    assert not await counter.trainings.must_agree_again(USER, old.id)
    async with counter.database.transaction() as tx:
        await tx.photos.agree(old.id, Consent(version="2026-11"))
    assert await counter.trainings.must_agree_again(USER, old.id)
    with pytest.raises(ConsentChanged):
        await counter.trainings.retry(USER, old.id)
    assert counter.carried == []
    again, started = await counter.trainings.retry(USER, old.id, agrees=True)
    assert started
    async with counter.database.transaction() as tx:
        assert (await tx.photos.consent_to(again.id)).version == CONSENT_VERSION


async def test_pressing_try_again_many_times_starts_one(counter: Counter) -> None:
    old = await start_training(counter.database, **ended(TrainingState.FAILED))
    presses = await asyncio.gather(*(counter.trainings.retry(USER, old.id) for _ in range(5)))
    assert sorted(started for _, started in presses) == [False] * 4 + [True]
    assert len({training.id for training, _ in presses}) == 1
    assert len(counter.carried) == 1


@pytest.mark.parametrize(
    "state",
    [
        state
        for state in TrainingState
        if state not in {TrainingState.FAILED, TrainingState.CANCELLED}
    ],
)
async def test_only_what_did_not_work_out_is_tried_again(
    counter: Counter, state: TrainingState
) -> None:
    training = await start_training(counter.database, **ended(state))
    with pytest.raises(StaleButton):
        await counter.trainings.retry(USER, training.id)


async def test_a_stranger_and_a_draft_are_not_found(counter: Counter) -> None:
    failed = await start_training(counter.database, **ended(TrainingState.FAILED))
    draft = await begin_draft(counter.database)
    for user_id, row_id in ((STRANGER, failed.id), (USER, draft.id), (USER, "none")):
        with pytest.raises(NotFound):
            await counter.trainings.cancel(user_id, row_id)
        with pytest.raises(NotFound):
            await counter.trainings.retry(user_id, row_id)


async def test_lists_hold_the_users_own(counter: Counter) -> None:
    running = await start_training(counter.database)
    failed = await start_training(counter.database, **ended(TrainingState.FAILED))
    assert [row.id for row in await counter.trainings.under_way(USER)] == [running.id]
    assert [row.id for row in await counter.trainings.latest(USER, 9)] == [failed.id, running.id]
    assert await counter.trainings.latest(STRANGER, 9) == []
