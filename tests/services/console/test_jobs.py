"""What admins can do about a job depends on where it stands."""

from decimal import Decimal
from typing import Any

import pytest

from db.database import Database
from services.console.jobs import MAX_REASON, ConsoleJobs
from services.console.reading import ConsoleReading
from services.domain.clock import now
from services.domain.console import Deed
from services.domain.states import TrainingState
from services.domain.vocabulary import FailureReason
from services.errors import NotFound, StaleButton
from services.fal.client import FalClient
from services.jobs.again import LookedFor, SecondLooks
from services.money.prices import PriceList
from services.rules import TrainingRules
from services.training.carrying import TRAINING_STATES
from services.training.service import TrainingService
from tests.services.kit import USER, read_training, start_training, wide_ledger

ADMIN = 900_001


class Console:
    """The console over one kind of jobs; `can_release` is what its release says."""

    def __init__(self, database: Database) -> None:
        self.database, self.carried, self.can_release = database, list[str](), True
        prices = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))
        trainings = TrainingService(database, prices, self.carried.append, wide_ledger())
        looked_for = LookedFor(lambda tx: tx.trainings, TRAINING_STATES, self.carried.append)
        looks = SecondLooks(database, 3600, {"training": looked_for})
        self.jobs = ConsoleJobs(database, trainings, looks, {"training": self.release})
        self.reading = ConsoleReading(database, TrainingRules())

    async def release(self, _job_id: str) -> bool:
        return self.can_release

    async def deeds(self, **columns: Any) -> tuple[str, tuple[Deed, ...]]:  # noqa: ANN401  # columns
        training = await start_training(self.database, photos=0, **columns)
        return training.id, (await self.jobs.card("training", training.id)).deeds


@pytest.fixture
def console(database: Database) -> Console:
    return Console(database)


@pytest.mark.parametrize(
    ("state", "deeds"),
    [
        (TrainingState.PREPARING, (Deed.CANCEL,)),
        (TrainingState.SUBMITTING, ()),
        (TrainingState.UNCONFIRMED, (Deed.RELEASE,)),
        (TrainingState.TRAINING, (Deed.CANCEL,)),
        (TrainingState.CANCELLED, ()),
    ],
)
async def test_what_can_be_done(
    console: Console, state: TrainingState, deeds: tuple[Deed, ...]
) -> None:
    assert (await console.deeds(state=state))[1] == deeds


async def test_a_cancel_is_asked_for_once_and_logged_with_its_reason(console: Console) -> None:
    row, _ = await console.deeds(state=TrainingState.TRAINING)
    await console.jobs.do(ADMIN, Deed.CANCEL, "training", row, "W" * 2 * MAX_REASON)
    assert console.carried == [row]
    assert (await read_training(console.database, row)).cancel_requested_at is not None
    with pytest.raises(StaleButton):
        await console.jobs.do(ADMIN, Deed.CANCEL, "training", row, "again")
    async with console.database.transaction() as tx:
        (action,) = await tx.actions.newest(9)
    assert (action.admin_id, action.user_id, action.of_id) == (ADMIN, USER, f"training {row}")
    assert action.reason == "W" * MAX_REASON


async def test_a_release_that_comes_too_late_is_not_logged(console: Console) -> None:
    row, _ = await console.deeds(state=TrainingState.UNCONFIRMED, submit_started_at=now())
    console.can_release = False
    with pytest.raises(StaleButton):
        await console.jobs.do(ADMIN, Deed.RELEASE, "training", row, "gone")
    async with console.database.transaction() as tx:
        assert await tx.actions.newest(9) == []


async def test_jobs_of_no_kind_and_jobs_that_are_gone(console: Console) -> None:
    for kind in ("training", "nothing"):
        with pytest.raises(NotFound):
            await console.jobs.card(kind, "gone")


async def test_stuck_is_what_nobody_can_confirm(console: Console) -> None:
    doubtful, _ = await console.deeds(state=TrainingState.UNCONFIRMED, submit_started_at=now())
    await console.deeds(state=TrainingState.TRAINING)
    listed = await console.reading.under_way()
    assert {one.job.id for one in listed if one.is_stuck} == {doubtful}
    assert len(listed) == 2


async def test_lost_is_what_fal_may_have_a_result_of(console: Console) -> None:
    ended = {"state": TrainingState.FAILED, "finished_at": now(), "submit_started_at": now()}
    lost, deeds = await console.deeds(**ended, failure=FailureReason.DEADLINE)
    await console.deeds(**ended, failure=FailureReason.PHOTOS_REJECTED)
    assert [one.job.id for one in await console.reading.lost()] == [lost]
    assert deeds == (Deed.AGAIN,)
