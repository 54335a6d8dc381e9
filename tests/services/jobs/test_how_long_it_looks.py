"""How often, from when and how long fal is asked, and what is told meanwhile."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from db.database import Database
from db.tables import Generation
from services.domain.clock import now
from services.domain.states import GenerationState, TrainingState
from services.domain.values import Place
from services.domain.vocabulary import FailureReason
from services.errors import (
    FalJobCancelled,
    FalJobFailed,
    FalOutcomeUnknown,
    FalRefusesKey,
    FalRejected,
    FalResultGone,
    FalResultUnreadable,
    FalUnavailable,
)
from services.fal.client import FalClient
from services.fal.gateway import CancelOutcome, Ended, Queued, Running
from services.generation.ordering import Ordering
from services.generation.service import GenerationService
from services.identifiers import new_id
from services.jobs.laps import Laps
from services.jobs.pauses import JITTER
from services.jobs.pushes import Pushes
from services.jobs.search import HISTORY_MARGIN, RELEASED
from services.jobs.troubles import CRASH_S, ERRORS_BELIEVED, FINAL_BELIEVED, NOTHING_S
from services.jobs.watch import TOLD_AFTER
from services.money.prices import PriceList
from services.photos.worker import PhotoWorker
from services.training.packing import Packing
from tests.services.jobs.scripted_fal import IMAGES, JOB, ScriptedFal
from tests.services.jobs.test_every_ending import RULES, Clock
from tests.services.kit import (
    USER,
    Notes,
    Told,
    full_album,
    generation_jobs,
    keep_model,
    paid_context,
    read_training,
    start_training,
    training_jobs,
    wide_ledger,
)


class Asked:
    """A generation that fal is asked about."""

    def __init__(self, database: Database, fal: ScriptedFal, pushes: Pushes | None = None) -> None:
        self.database, self.fal = database, fal
        self.notes, self.told, self.clock = Notes(), Told(), Clock()
        self.laps = Laps(self.clock)
        context = paid_context(database, fal, RULES, told=self.told)
        if pushes is not None:
            context = replace(context, pushes=pushes)
        self.jobs = generation_jobs(context, self.notes, self.laps)
        self.id = ""

    async def begin(self, state: GenerationState, source: str | None = None) -> None:
        await keep_model(self.database, "https://v3.fal.media/lora")
        prices = PriceList(FalClient("a:b"), Decimal(2), Decimal("0.035"))
        service = GenerationService(self.database, Ordering(prices, wide_ledger()), lambda _: None)
        self.id = (
            await service.generate(USER, Place(USER), "portrait photo", source or new_id())
        ).id
        assert await self.jobs.step(self.id) == 0.0
        assert (await self.row()).state is state

    async def row(self, **changes: Any) -> Generation:  # noqa: ANN401  # of a row
        async with self.database.transaction() as tx:
            row = await tx.generations.lock(self.id)
            assert row is not None
            for name, value in changes.items():
                setattr(row, name, value)
        return row

    async def step(self, elapsed_s: float | None = None) -> float | None:
        if elapsed_s is not None:
            await self.row(elapsed_s=elapsed_s)
        return await self.jobs.step(self.id)


@pytest.mark.parametrize(
    "error",
    [
        FalJobFailed("500", "internal_server_error"),
        FalRejected("no"),
        FalJobCancelled("client_cancelled"),
    ],
)
async def test_a_named_error_counts_when_it_stays(database: Database, error: Exception) -> None:
    asked = Asked(database, ScriptedFal(images=error))
    await asked.begin(GenerationState.QUEUED)
    pauses = [await asked.step() for _ in range(ERRORS_BELIEVED - 1)]
    assert pauses == [1.0, 2.0, 4.0, 8.0]
    assert (await asked.row()).state is GenerationState.QUEUED
    assert await asked.step() == 0.0
    assert (await asked.row()).state is GenerationState.FAILED


async def test_a_good_answer_between_makes_the_count_begin_again(database: Database) -> None:
    error = FalJobFailed("500", "internal_server_error")
    few = [Ended()] * (ERRORS_BELIEVED - 1)
    fal = ScriptedFal(images=error, status=(*few, Running(()), *few, Queued(3), Ended()))
    asked = Asked(database, fal)
    await asked.begin(GenerationState.QUEUED)
    for _ in range(2 * ERRORS_BELIEVED):
        await asked.step()
    row = await asked.row()
    assert (row.state, row.queue_position) == (GenerationState.QUEUED, 3)


GONE, CRASH = FalResultGone("HTTP 404"), FalJobFailed("500")
UNREADABLE = FalResultUnreadable("no file", raw='{"images": []}')


@pytest.mark.parametrize(
    ("script", "lasts_s", "failure"),
    [
        ({"images": CRASH}, CRASH_S, FailureReason.GENERATOR_FAILED),
        ({"images": GONE}, NOTHING_S, FailureReason.RESULT_LOST),
        ({"images": UNREADABLE}, NOTHING_S, FailureReason.RESULT_LOST),
        ({"status": GONE, "images": GONE}, NOTHING_S, FailureReason.RESULT_LOST),
    ],
    ids=["a crash", "no result", "no file", "no job"],
)
async def test_what_fal_says_again_and_again_counts_after_minutes(
    database: Database, script: dict[str, Any], lasts_s: float, failure: FailureReason
) -> None:
    asked = Asked(database, ScriptedFal(**script))
    await asked.begin(GenerationState.QUEUED)
    # Often is not long enough, and neither is long enough often.
    for _ in range(3 * ERRORS_BELIEVED):
        assert await asked.step(elapsed_s=50.0)
    assert await asked.step(elapsed_s=50.0 + lasts_s - 0.1)
    assert (await asked.row()).state is GenerationState.QUEUED
    assert await asked.step(elapsed_s=50.0 + lasts_s) == 0.0
    assert (await asked.row()).failure is failure
    # What may be paid is the admins' matter.
    is_missing = failure is FailureReason.RESULT_LOST
    assert ("admin-result-missing" in asked.told.keys) is is_missing


async def test_few_answers_count_for_nothing_however_long_they_take(database: Database) -> None:
    asked = Asked(database, ScriptedFal(images=GONE))
    await asked.begin(GenerationState.QUEUED)
    for number in range(ERRORS_BELIEVED - 1):
        assert await asked.step(elapsed_s=number * RULES.job_deadline_s / ERRORS_BELIEVED)
    assert (await asked.row()).state is GenerationState.QUEUED


async def test_an_answer_of_another_kind_between_makes_the_time_begin_again(
    database: Database,
) -> None:
    fal = ScriptedFal(images=(*[GONE] * 6, CRASH, *[GONE] * 6, IMAGES))
    asked = Asked(database, fal)
    await asked.begin(GenerationState.QUEUED)
    for number in range(13):
        assert await asked.step(elapsed_s=number * NOTHING_S / 9)
    await asked.step()
    assert (await asked.row()).state is GenerationState.MADE


async def test_a_result_is_read_though_fal_says_for_long_that_it_has_no_such_job(
    database: Database,
) -> None:
    asked = Asked(database, ScriptedFal(status=GONE))
    await asked.begin(GenerationState.QUEUED)
    for number in range(ERRORS_BELIEVED):
        assert await asked.step(elapsed_s=float(number))
    assert asked.fal.calls["images"] == 0
    await asked.step(elapsed_s=NOTHING_S)
    assert (await asked.row()).state is GenerationState.MADE


@pytest.mark.parametrize("error_type", ["", "internal_server_error"])
async def test_a_failure_that_fal_calls_final_counts_when_it_is_said_twice(
    database: Database, error_type: str
) -> None:
    error = FalJobFailed("500", error_type, is_final=True)
    asked = Asked(database, ScriptedFal(images=error))
    await asked.begin(GenerationState.QUEUED)
    pauses = [await asked.step() for _ in range(FINAL_BELIEVED)]
    assert pauses == [1.0, 0.0]
    assert (await asked.row()).failure is FailureReason.GENERATOR_FAILED


async def test_an_outage_never_counts_before_the_deadline(database: Database) -> None:
    asked = Asked(database, ScriptedFal(images=FalUnavailable("HTTP 502")))
    await asked.begin(GenerationState.QUEUED)
    for number in range(3 * ERRORS_BELIEVED):
        with pytest.raises(FalUnavailable):
            await asked.step(elapsed_s=number * RULES.job_deadline_s / (3 * ERRORS_BELIEVED))
    await asked.step(elapsed_s=RULES.job_deadline_s + 0.1)
    assert (await asked.row()).failure is FailureReason.DEADLINE


async def test_bad_answers_are_told_after_some_in_a_row_and_once(database: Database) -> None:
    asked = Asked(database, ScriptedFal(images=FalResultGone("HTTP 404")))
    await asked.begin(GenerationState.QUEUED)
    for _ in range(TOLD_AFTER - 1):
        await asked.step()
    assert asked.notes.doubted_generations == []
    for _ in range(3):
        await asked.step()
    assert asked.notes.doubted_generations == [asked.id]
    # fal knows the job, so there is nothing for the admins to look up.
    assert asked.told.keys == []


async def test_a_doubt_that_telegram_does_not_take_is_told_later(database: Database) -> None:
    asked = Asked(database, ScriptedFal(images=FalResultGone("HTTP 404")))
    await asked.begin(GenerationState.QUEUED)
    asked.notes.undelivered = 2
    for _ in range(TOLD_AFTER + 2):
        await asked.step()
    assert asked.notes.doubted_generations == [asked.id]


async def test_a_key_that_is_refused_is_the_admins_matter_and_ends_nothing(
    database: Database,
) -> None:
    asked = Asked(database, ScriptedFal(status=(FalRefusesKey("locked"), Ended())))
    await asked.begin(GenerationState.QUEUED)
    with pytest.raises(FalRefusesKey):
        await asked.step()
    assert asked.told.sentences == [("admin-watching-refused", {"words": "locked"})]
    await asked.step()
    assert (await asked.row()).state is GenerationState.MADE
    assert asked.told.keys == ["admin-watching-refused", "admin-watching-accepted"]


async def test_a_search_is_told_after_its_time_and_ends_after_the_deadline(
    database: Database,
) -> None:
    asked = Asked(database, ScriptedFal(submit=FalOutcomeUnknown("lost"), history=["a", "b"]))
    await asked.begin(GenerationState.UNCONFIRMED)
    assert await asked.step(elapsed_s=RULES.reconcile_for_s) == 20.0
    assert (asked.notes.doubted_generations, asked.told.keys) == ([], [])
    await asked.step(elapsed_s=RULES.reconcile_for_s + 0.1)
    assert asked.notes.doubted_generations == [asked.id]
    assert asked.told.sentences[0][1]["detail"] == "the history has a, b"
    await asked.step(elapsed_s=RULES.job_deadline_s)
    assert (await asked.row()).state is GenerationState.UNCONFIRMED
    assert await asked.step(elapsed_s=RULES.job_deadline_s + 0.1) == 0.0
    row = await asked.row()
    assert (row.failure, row.failure_detail) == (
        FailureReason.SUBMIT_UNKNOWN,
        "the history has a, b",
    )
    assert len(asked.told.keys) == 1
    assert asked.jobs._search._said == {}


async def test_an_admin_ends_a_search_before_its_deadline_and_once(database: Database) -> None:
    fal = ScriptedFal(submit=FalOutcomeUnknown("lost"), history=["a", "b"])
    asked = Asked(database, fal)
    await asked.begin(GenerationState.UNCONFIRMED)
    await asked.step()
    assert await asked.jobs.release(asked.id)
    row = await asked.row()
    assert (row.state, row.failure) == (GenerationState.FAILED, FailureReason.SUBMIT_UNKNOWN)
    assert row.failure_detail == "the history has a, b"
    assert asked.jobs._search._said == {}
    assert not await asked.jobs.release(asked.id)
    assert fal.calls["history"] == 1


async def test_an_admin_ends_no_search_of_a_job_that_fal_has(database: Database) -> None:
    asked = Asked(database, ScriptedFal())
    await asked.begin(GenerationState.QUEUED)
    assert not await asked.jobs.release(asked.id)
    assert (await asked.row()).state is GenerationState.QUEUED


async def test_a_search_that_another_process_did_is_ended_as_released(database: Database) -> None:
    asked = Asked(database, ScriptedFal(submit=FalOutcomeUnknown("lost")))
    await asked.begin(GenerationState.UNCONFIRMED)
    assert await asked.jobs.release(asked.id)
    assert (await asked.row()).failure_detail == RELEASED


async def test_a_history_that_is_down_at_the_deadline_ends_the_search(database: Database) -> None:
    fal = ScriptedFal(submit=FalOutcomeUnknown("lost"), history=FalUnavailable("HTTP 502"))
    asked = Asked(database, fal)
    await asked.begin(GenerationState.UNCONFIRMED)
    with pytest.raises(FalUnavailable):
        await asked.step()
    await asked.step(elapsed_s=RULES.job_deadline_s + 0.1)
    assert (await asked.row()).failure is FailureReason.SUBMIT_UNKNOWN
    assert asked.told.sentences[0][1]["detail"] == "the history did not answer"
    assert fal.calls["history"] == 1


@pytest.mark.parametrize(
    ("submit_h", "created_h", "start_h"),
    [(-2, -1, -2), (-1, -2, -2), (0, 0, 0), (200, 200, 0)],
    ids=["the submit", "the order", "just now", "a clock that was ahead"],
)
async def test_the_history_is_asked_from_before_whatever_was_first(
    database: Database, submit_h: int, created_h: int, start_h: int
) -> None:
    asked = Asked(database, ScriptedFal(submit=FalOutcomeUnknown("lost")))
    await asked.begin(GenerationState.UNCONFIRMED)
    start = now()
    await asked.row(
        submit_started_at=start + timedelta(hours=submit_h),
        created_at=start + timedelta(hours=created_h),
    )
    await asked.step()
    wanted = start + timedelta(hours=start_h) - HISTORY_MARGIN
    assert abs(asked.fal.asked_since[0] - wanted) < timedelta(seconds=30)


async def test_a_search_asks_for_what_was_sent_and_passes_over_what_others_are(
    database: Database,
) -> None:
    fal = ScriptedFal(submit=(JOB, FalOutcomeUnknown("lost")), history=["r1", "r2"])
    other = Asked(database, fal)
    await other.begin(GenerationState.QUEUED)
    await other.step()
    asked = Asked(database, fal)
    await asked.begin(GenerationState.UNCONFIRMED)
    assert await asked.step() == 0.0
    row = await asked.row()
    assert (row.state, row.request_id) == (GenerationState.QUEUED, "r2")
    endpoint, marks = await asked.jobs._kind.marks(row)
    assert fal.searched == [(endpoint, list(marks))]
    assert asked.jobs._search._said == {}


async def test_a_cancel_that_only_may_work_is_followed_by_a_look_at_once(
    database: Database,
) -> None:
    for number, cancel in enumerate((CancelOutcome.REQUESTED, FalUnavailable("HTTP 502"))):
        job = replace(JOB, request_id=f"r{number}")
        asked = Asked(database, ScriptedFal(submit=job, status=Running(()), cancel=cancel))
        await asked.begin(GenerationState.QUEUED, f"message:1:{number}")
        await asked.row(cancel_requested_at=now())
        assert await asked.step() == pytest.approx(1.0, rel=JITTER)
        assert (await asked.row()).state is GenerationState.RUNNING


async def test_a_cancel_that_takes_the_job_from_the_queue_is_followed_by_the_news_at_once(
    database: Database, worker: PhotoWorker
) -> None:
    fal = ScriptedFal(cancel=CancelOutcome.REMOVED)
    jobs = training_jobs(
        paid_context(database, fal, RULES), Packing(full_album(), worker), Notes()
    )
    training = await start_training(
        database,
        state=TrainingState.QUEUED,
        submit_started_at=now(),
        request_id=JOB.request_id,
        cancel_requested_at=now(),
    )
    assert await jobs.step(training.id) == 0.0
    assert (await read_training(database, training.id)).state is TrainingState.CANCELLED
    assert fal.calls["status"] == 0


@pytest.mark.parametrize("images", [IMAGES, FalRejected("no", "file_download_error")])
@pytest.mark.parametrize("is_late", [True, False])
async def test_nothing_is_remembered_of_a_job_that_has_ended(
    database: Database, images: object, *, is_late: bool
) -> None:
    asked = Asked(database, ScriptedFal(images=(FalResultGone("HTTP 404"), images)))
    await asked.begin(GenerationState.QUEUED)
    assert await asked.step() == 1.0
    assert await asked.step(elapsed_s=RULES.job_deadline_s + 0.1 if is_late else None) == 0.0
    assert (await asked.row()).finished_at is not None
    assert len(asked.jobs._watch._troubles) == 0
    assert asked.jobs._watch._troubles._alike == {}
    assert await asked.step() is None
    assert asked.laps._last == {}
    assert asked.jobs._news._shown == {}


@pytest.mark.parametrize("state", [GenerationState.QUEUED, GenerationState.UNCONFIRMED])
async def test_nothing_is_remembered_of_a_job_that_was_deleted(
    database: Database, state: GenerationState
) -> None:
    is_lost = state is GenerationState.UNCONFIRMED
    submit = {"submit": FalOutcomeUnknown("lost")} if is_lost else {}
    asked = Asked(database, ScriptedFal(status=FalResultGone("HTTP 404"), **submit))
    await asked.begin(state)
    await asked.step()
    assert asked.id in {*asked.jobs._search._said, *asked.jobs._watch._troubles._times}
    async with database.transaction() as tx:
        await tx.users.remove(USER)
    assert await asked.step() is None
    assert asked.jobs._search._said == {}
    assert dict(asked.jobs._watch._troubles._times) == {}


async def test_what_a_user_sees_catches_up_with_each_step_until_the_row_is_gone(
    database: Database,
) -> None:
    asked = Asked(database, ScriptedFal(status=Running(())))
    await asked.begin(GenerationState.QUEUED)
    assert asked.notes.generations == {asked.id: 2}
    await asked.step()
    # What is at fal is shown after a look that has changed it.
    assert asked.notes.generations == {asked.id: 3}
    async with database.transaction() as tx:
        await tx.users.remove(USER)
    assert await asked.step() is None
    assert asked.notes.generations == {asked.id: 3}
    assert asked.notes.settled_generations == [asked.id]
    assert asked.laps._last == {}


async def test_what_a_user_sees_catches_up_with_an_end_at_the_deadline(
    database: Database,
) -> None:
    asked = Asked(database, ScriptedFal(status=Running(()), images=FalUnavailable("HTTP 502")))
    await asked.begin(GenerationState.QUEUED)
    await asked.step(elapsed_s=RULES.job_deadline_s + 0.1)
    assert (await asked.row()).failure is FailureReason.DEADLINE
    assert asked.notes.generations == {asked.id: 3}


async def test_a_submit_whose_answer_is_lost_is_logged_with_its_job(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    asked = Asked(database, ScriptedFal(submit=FalOutcomeUnknown("connection lost")))
    await asked.begin(GenerationState.UNCONFIRMED)
    assert caplog.messages == [
        f"generation {asked.id}: outcome of the submit unknown: connection lost"
    ]


async def test_of_bad_answers_in_a_row_the_first_and_the_one_that_is_told_are_logged(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    asked = Asked(database, ScriptedFal(images=FalResultGone("HTTP 404")))
    await asked.begin(GenerationState.QUEUED)
    for _ in range(TOLD_AFTER + 2):
        await asked.step()
    assert [line for line in caplog.messages if "bad answer" in line] == [
        f"generation {asked.id}: bad answer {times} of fal in a row: FalResultGone: HTTP 404"
        for times in (1, TOLD_AFTER)
    ]


async def test_an_outage_is_not_logged_job_by_job(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    outage = FalUnavailable("HTTP 502", is_outage=True)
    asked = Asked(database, ScriptedFal(status=outage))
    await asked.begin(GenerationState.QUEUED)
    for _ in range(TOLD_AFTER):
        with pytest.raises(FalUnavailable):
            await asked.step()
    assert not [line for line in caplog.messages if "bad answer" in line]


async def test_a_doubt_that_another_process_has_told_is_not_told_to_the_admins_again(
    database: Database,
) -> None:
    asked = Asked(database, ScriptedFal(submit=FalOutcomeUnknown("lost")))
    await asked.begin(GenerationState.UNCONFIRMED)
    seen_before = await asked.row()
    await asked.step(elapsed_s=RULES.reconcile_for_s + 0.1)
    await asked.jobs._search._doubt.tell(seen_before, "late")
    assert asked.told.keys == ["admin-outcome-unknown"]
    async with database.transaction() as tx:
        await tx.users.remove(USER)
    await asked.jobs._search._doubt.tell(seen_before, "deleted")
    assert asked.told.keys == ["admin-outcome-unknown"]


async def test_a_look_that_sees_nothing_new_writes_nothing_and_shows_nothing(
    database: Database,
) -> None:
    fal = ScriptedFal(
        status=(Queued(3), Queued(3), Queued(3), Queued(2), Running(()), Running(()))
    )
    asked = Asked(database, fal)
    await asked.begin(GenerationState.QUEUED, "message:1:1")
    written, shown = [], []
    for _ in range(6):
        asked.clock.now += 1
        await asked.step()
        row = await asked.row()
        written.append((row.state, row.queue_position, row.updated_at))
        shown.append(asked.notes.generations[row.id])
    states = [(state, position) for state, position, _ in written]
    queued, running = GenerationState.QUEUED, GenerationState.RUNNING
    assert states == [(queued, 3)] * 3 + [(queued, 2)] + [(running, None)] * 2
    assert len({updated_at for _, _, updated_at in written}) == 3
    # What was written is shown at once, and by the next look at the latest.
    assert shown[2] == shown[1]
    assert shown[3] > shown[2]
    assert shown[4] > shown[3]
