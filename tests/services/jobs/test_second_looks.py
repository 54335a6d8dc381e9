"""A job that was given up is looked for once more on request, and nothing is submitted again."""

from datetime import datetime

import pytest

from db.database import Database
from db.tables import Training
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.vocabulary import FailureReason
from services.errors import (
    FalJobFailed,
    FalOutcomeUnknown,
    FalResultGone,
    NotFound,
    StaleButton,
)
from services.fal.gateway import Ended
from services.jobs.again import LOOK_AGAIN_S, LookedFor, SecondLooks, can_look_again, look_again
from services.jobs.laps import Laps
from services.photos.worker import PhotoWorker
from services.training.carrying import TRAINING_STATES
from services.training.packing import Packing
from tests.services.jobs.scripted_fal import LORA, ScriptedFal
from tests.services.jobs.test_every_ending import LATE_S, RULES, Clock, carry, charge_of
from tests.services.kit import (
    STRANGER,
    USER,
    Notes,
    full_album,
    paid_context,
    read_training,
    start_training,
    training_jobs,
)


class GivenUp:
    """A training that was given up, and the way to look for it again."""

    def __init__(self, database: Database, worker: PhotoWorker, fal: ScriptedFal) -> None:
        self.database, self.fal = database, fal
        self.notes, self.clock, self.carried = Notes(), Clock(), list[str]()
        packing = Packing(full_album(), worker)
        context = paid_context(database, fal, RULES)
        self.jobs = training_jobs(context, packing, self.notes, laps=Laps(self.clock))
        looked_for = LookedFor(lambda tx: tx.trainings, TRAINING_STATES, self.carried.append)
        self.looks = SecondLooks(database, RULES.job_deadline_s, {"training": looked_for})

    async def begin(self) -> str:
        training = await start_training(self.database)
        await self.carry(training.id)
        row = await read_training(self.database, training.id)
        assert row.state is TrainingState.FAILED
        return training.id

    async def carry(self, training_id: str) -> None:
        await carry(self.jobs, training_id, self.clock, LATE_S)


async def test_a_result_that_comes_back_reaches_its_user(
    database: Database, worker: PhotoWorker
) -> None:
    given_up = GivenUp(database, worker, ScriptedFal(lora=FalResultGone("HTTP 404")))
    training_id = await given_up.begin()
    given_up.fal.script["lora"] = [LORA]
    await given_up.looks.begin("training", training_id, USER, is_admin=False)
    row = await read_training(database, training_id)
    assert (row.state, row.failure, row.announced_at) == (TrainingState.QUEUED, None, None)
    assert (row.finished_at, row.is_settled) == (None, False)
    assert row.elapsed_s == RULES.job_deadline_s - LOOK_AGAIN_S
    assert given_up.carried == [training_id]
    await given_up.carry(training_id)
    assert (await read_training(database, training_id)).state is TrainingState.COMPLETED
    assert given_up.notes.ended_trainings == [training_id] * 2
    assert given_up.notes.settled_trainings == [training_id] * 2
    assert given_up.fal.calls["submit"] == 1


async def test_a_submit_that_the_history_names_late_is_adopted(
    database: Database, worker: PhotoWorker
) -> None:
    fal = ScriptedFal(submit=FalOutcomeUnknown("lost"))
    given_up = GivenUp(database, worker, fal)
    training_id = await given_up.begin()
    fal.script["history"] = [["r1"]]
    await given_up.looks.begin("training", training_id, USER, is_admin=False)
    assert (await read_training(database, training_id)).state is TrainingState.UNCONFIRMED
    await given_up.carry(training_id)
    assert (await read_training(database, training_id)).state is TrainingState.COMPLETED
    assert (await charge_of(database, training_id)).request_id == "r1"
    assert fal.calls["submit"] == 1


async def test_a_charge_that_was_given_back_counts_again_once_there_is_a_result(
    database: Database, worker: PhotoWorker
) -> None:
    fal = ScriptedFal(status=Ended("request_timeout"), lora=FalJobFailed("504"))
    given_up = GivenUp(database, worker, fal)
    training_id = await given_up.begin()
    assert (await charge_of(database, training_id)).released_at is not None
    fal.script |= {"status": [Ended()], "lora": [LORA]}
    await given_up.looks.begin("training", training_id, USER, is_admin=False)
    await given_up.carry(training_id)
    assert (await charge_of(database, training_id)).released_at is None


async def test_what_is_still_not_there_ends_again_and_can_be_looked_for_again(
    database: Database, worker: PhotoWorker
) -> None:
    given_up = GivenUp(database, worker, ScriptedFal(lora=FalResultGone("HTTP 404")))
    training_id = await given_up.begin()
    for _ in range(2):
        await given_up.looks.begin("training", training_id, USER, is_admin=False)
        await given_up.carry(training_id)
        row = await read_training(database, training_id)
        assert (row.state, row.failure) == (TrainingState.FAILED, FailureReason.RESULT_LOST)


async def test_only_its_user_and_admins_can_have_a_job_looked_for(
    database: Database, worker: PhotoWorker
) -> None:
    given_up = GivenUp(database, worker, ScriptedFal(lora=FalResultGone("HTTP 404")))
    training_id = await given_up.begin()
    for kind, job_id in (("training", training_id), ("training", "none"), ("cake", training_id)):
        with pytest.raises(NotFound):
            await given_up.looks.begin(kind, job_id, STRANGER, is_admin=False)
    await given_up.looks.begin("training", training_id, STRANGER, is_admin=True)
    assert given_up.carried == [training_id]


async def test_a_second_press_and_a_job_with_nothing_to_find_are_refused(
    database: Database, worker: PhotoWorker
) -> None:
    given_up = GivenUp(database, worker, ScriptedFal(lora=FalResultGone("HTTP 404")))
    training_id = await given_up.begin()
    await given_up.looks.begin("training", training_id, USER, is_admin=False)
    with pytest.raises(StaleButton):
        await given_up.looks.begin("training", training_id, USER, is_admin=False)
    unsent = await start_training(
        database, state=TrainingState.FAILED, failure=FailureReason.PHOTOS_MISSING
    )
    with pytest.raises(StaleButton):
        await given_up.looks.begin("training", unsent.id, USER, is_admin=False)


SENT = now()


@pytest.mark.parametrize(
    ("failure", "submit_started_at", "request_id", "is_worth_it"),
    [
        (FailureReason.RESULT_LOST, SENT, "r1", True),
        (FailureReason.DEADLINE, SENT, "r1", True),
        (FailureReason.SUBMIT_UNKNOWN, SENT, None, True),
        (FailureReason.SUBMIT_UNKNOWN, None, None, False),
        (FailureReason.RESULT_LOST, SENT, None, False),
        (FailureReason.RESULT_LOST, None, "r1", False),
        (FailureReason.PHOTOS_REJECTED, SENT, "r1", False),
        (None, SENT, "r1", False),
    ],
)
def test_only_what_fal_may_have_taken_and_made_can_be_looked_for(
    failure: FailureReason | None,
    submit_started_at: datetime | None,
    request_id: str | None,
    *,
    is_worth_it: bool,
) -> None:
    row = Training(
        state=TrainingState.FAILED,
        failure=failure,
        submit_started_at=submit_started_at,
        request_id=request_id,
    )
    assert can_look_again(row) is is_worth_it


@pytest.mark.parametrize(("deadline_s", "elapsed_s"), [(LOOK_AGAIN_S - 1, 0.0), (700.0, 100.0)])
def test_a_second_look_takes_the_last_ten_minutes_before_the_deadline(
    deadline_s: float, elapsed_s: float
) -> None:
    row = Training(
        state=TrainingState.FAILED,
        failure=FailureReason.DEADLINE,
        failure_detail="not done in time",
        submit_started_at=SENT,
        request_id="r1",
        finished_at=SENT,
        announced_at=SENT,
        cancel_requested_at=SENT,
        cancel_sent_at=SENT,
    )
    assert look_again(row, TRAINING_STATES, deadline_s)
    assert row.elapsed_s == elapsed_s
    assert (row.failure, row.failure_detail) == (None, None)
    assert (row.finished_at, row.announced_at) == (None, None)
    assert (row.cancel_requested_at, row.cancel_sent_at) == (None, None)
