"""Two processes on one database: a job is submitted once and ends once, on both kinds of it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from decimal import Decimal

import pytest
from sqlalchemy import text

from db.database import Database
from db.tables import Generation as Row
from services.domain.clock import now
from services.domain.deletion import DeletedJob, Deletion, Receipt
from services.domain.states import GenerationState, TrainingState
from services.domain.values import Place
from services.domain.vocabulary import FailureReason, Language
from services.errors import FalOutcomeUnknown, FalRejected, FalUnavailable
from services.fal.client import FalClient
from services.fal.gateway import Job, MadeImages, Running
from services.generation.ordering import Ordering
from services.generation.service import GenerationService
from services.jobs.paid import PaidJobs
from services.money.prices import PriceList
from services.photos.worker import PhotoWorker
from services.training.packing import Packing
from tests.conftest import empty
from tests.services.jobs.scripted_fal import IMAGES, JOB, ScriptedFal
from tests.services.jobs.test_every_ending import RULES, charge_of
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

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
async def engines(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Database, Database]]:
    """One migrated database, as two processes have it open."""
    kind = "sqlite_url" if request.param == "sqlite" else "migrated_postgres_url"
    url = request.getfixturevalue(kind)
    first, second = Database(url), Database(url)
    yield first, second
    if request.param == "postgresql":
        await empty(first)
    await first.close()
    await second.close()


class Two:
    """Two processes that carry the same generations at one fal."""

    def __init__(self, engines: tuple[Database, Database], fal: ScriptedFal) -> None:
        self.database, self.fal, self.notes, self.told = engines[0], fal, Notes(), Told()
        self.first, self.second = (
            generation_jobs(paid_context(database, fal, RULES, told=self.told), self.notes)
            for database in engines
        )

    async def ask(self) -> str:
        await keep_model(self.database, "https://v3.fal.media/lora")
        (job_id,) = await self.ask_for("message:1:1")
        return job_id

    async def ask_for(self, *origins: str) -> Sequence[str]:
        """Ask for the same picture once for each origin."""
        prices = PriceList(FalClient("a:b"), Decimal(2), Decimal("0.035"))
        service = GenerationService(self.database, Ordering(prices, wide_ledger()), lambda _: None)
        return [
            (await service.generate(USER, Place(USER), "portrait photo", origin)).id
            for origin in origins
        ]

    async def read(self, job_id: str) -> Row:
        async with self.database.transaction() as tx:
            row = await tx.generations.lock(job_id)
        assert row is not None
        return row

    async def step_until(
        self, jobs: PaidJobs[Row, MadeImages], job_id: str, state: GenerationState
    ) -> None:
        async with asyncio.timeout(20):
            while (await self.read(job_id)).state is not state:
                await jobs.step(job_id)


async def waiting_at(fal: ScriptedFal, call: str, before: int = 0) -> None:
    async with asyncio.timeout(20):
        while fal.calls[call] == before:  # noqa: ASYNC110  # fal has no event for tests
            await asyncio.sleep(0.001)


async def test_both_at_once_submit_once(engines: tuple[Database, Database]) -> None:
    two = Two(engines, ScriptedFal())
    job_id = await two.ask()
    await asyncio.gather(*(jobs.step(job_id) for jobs in [two.first, two.second] * 4))
    assert two.fal.calls["submit"] == 1


async def test_an_answer_that_comes_while_the_other_searches_is_adopted(
    engines: tuple[Database, Database],
) -> None:
    two = Two(engines, ScriptedFal())
    job_id = await two.ask()
    unsent = await two.read(job_id)
    two.fal.gates["submit"] = asyncio.Event()
    submitting = asyncio.create_task(two.first.step(job_id))  # noqa: TID251
    await waiting_at(two.fal, "submit")
    assert await two.second._submission.step(unsent) == 0.0
    assert await two.second.step(job_id) == 0.0
    unconfirmed = await two.read(job_id)
    assert unconfirmed.state is GenerationState.UNCONFIRMED
    await two.second.step(job_id)
    two.fal.gates["submit"].set()
    await submitting
    row = await two.read(job_id)
    assert (row.state, row.request_id) == (GenerationState.QUEUED, JOB.request_id)
    # What the second has read by then is stale, and changes nothing.
    await two.second._submission._doubt(job_id)
    assert await two.second._take(unconfirmed) == 0.0
    await two.second._submission.adopt(job_id, Job("r2", "https://2", "https://2", "https://2"))
    row = await two.read(job_id)
    assert (row.state, row.request_id) == (GenerationState.QUEUED, JOB.request_id)
    assert (row.status_url, row.response_url) == (JOB.status_url, JOB.response_url)
    assert (two.fal.calls["submit"], two.fal.calls["history"]) == (1, 1)


@pytest.mark.parametrize("has_doubted", [True, False])
async def test_a_submit_that_fal_did_not_take_is_sent_later_by_one_of_them(
    engines: tuple[Database, Database], *, has_doubted: bool
) -> None:
    two = Two(engines, ScriptedFal(submit=(FalUnavailable("HTTP 429"), JOB)))
    job_id = await two.ask()
    two.fal.gates["submit"] = asyncio.Event()
    submitting = asyncio.create_task(two.first.step(job_id))  # noqa: TID251
    await waiting_at(two.fal, "submit")
    if has_doubted:
        await two.step_until(two.second, job_id, GenerationState.UNCONFIRMED)
    two.fal.gates["submit"].set()
    with pytest.raises(FalUnavailable):
        await submitting
    row = await two.read(job_id)
    assert (row.state, row.submit_started_at) == (GenerationState.ACCEPTED, None)
    await asyncio.gather(two.first.step(job_id), two.second.step(job_id))
    assert two.fal.calls["submit"] == 2
    assert (await two.read(job_id)).request_id == JOB.request_id


async def test_a_refusal_ends_the_job_although_the_other_searches(
    engines: tuple[Database, Database],
) -> None:
    two = Two(engines, ScriptedFal(submit=FalRejected("no", "string_too_short")))
    job_id = await two.ask()
    two.fal.gates["submit"] = asyncio.Event()
    submitting = asyncio.create_task(two.first.step(job_id))  # noqa: TID251
    await waiting_at(two.fal, "submit")
    await two.step_until(two.second, job_id, GenerationState.UNCONFIRMED)
    two.fal.gates["submit"].set()
    await submitting
    assert (await two.read(job_id)).failure is FailureReason.PROMPT_REJECTED
    assert (await charge_of(two.database, job_id)).released_at is not None


async def delete_user(database: Database, job_id: str) -> None:
    """Delete a user and their rows, as a deletion of the same id does."""
    job = DeletedJob(id=job_id, endpoint="fal-ai/flux-lora", marks=[], submit_started_at=now())
    deletion = Deletion(id=job_id, user_id=USER, chat_id=USER, language=Language.EN)
    async with database.transaction() as tx:
        await tx.deletions.add(deletion, [job], [])
        await tx.users.remove(USER)


async def open_jobs(database: Database, deletion_id: str) -> Sequence[DeletedJob]:
    async with database.transaction() as tx:
        return await tx.deletions.open_jobs(deletion_id)


@pytest.mark.parametrize("answer", [JOB, FalUnavailable("HTTP 429")])
async def test_an_answer_after_the_search_was_given_up_takes_the_job_up_or_leaves_it_ended(
    engines: tuple[Database, Database], answer: object
) -> None:
    two = Two(engines, ScriptedFal(submit=answer))
    job_id = await two.ask()
    two.fal.gates["submit"] = asyncio.Event()
    submitting = asyncio.create_task(two.first.step(job_id))  # noqa: TID251
    await waiting_at(two.fal, "submit")
    await two.step_until(two.second, job_id, GenerationState.UNCONFIRMED)
    late = await two.read(job_id)
    late.elapsed_s = RULES.job_deadline_s + 1
    await two.second._search.step(late)
    assert (await two.read(job_id)).failure is FailureReason.SUBMIT_UNKNOWN
    two.fal.gates["submit"].set()
    (outcome,) = await asyncio.gather(submitting, return_exceptions=True)
    row = await two.read(job_id)
    if answer is JOB:
        assert (row.state, row.failure, row.finished_at) == (GenerationState.QUEUED, None, None)
    else:
        assert outcome is answer
        assert row.failure is FailureReason.SUBMIT_UNKNOWN


async def test_a_status_seen_late_changes_nothing_of_a_job_that_ended_or_is_gone(
    engines: tuple[Database, Database],
) -> None:
    two = Two(engines, ScriptedFal())
    job_id = await two.ask()
    await two.step_until(two.first, job_id, GenerationState.QUEUED)
    stale = await two.read(job_id)
    await two.step_until(two.first, job_id, GenerationState.MADE)
    two.fal.script["status"] = [Running(())]
    await two.second._watch.step(stale)
    assert (await two.read(job_id)).state is GenerationState.MADE
    await delete_user(two.database, job_id)
    await two.second._watch.step(stale)


async def test_a_refused_submit_of_a_deleted_row_is_not_charged(
    engines: tuple[Database, Database],
) -> None:
    two = Two(engines, ScriptedFal(submit=(FalRejected("no"), FalUnavailable("HTTP 429"))))
    for _ in range(2):
        job_id = await two.ask()
        two.fal.gates["submit"] = asyncio.Event()
        before = two.fal.calls["submit"]
        submitting = asyncio.create_task(two.first.step(job_id))  # noqa: TID251
        await waiting_at(two.fal, "submit", before)
        await delete_user(two.database, job_id)
        two.fal.gates["submit"].set()
        await asyncio.gather(submitting, return_exceptions=True)
        assert await open_jobs(two.database, job_id) == []
        async with two.database.transaction() as tx:
            assert await tx.deletions.receipt(job_id) == Receipt()
        assert (await charge_of(two.database, job_id)).released_at is not None


async def test_an_accepted_submit_of_a_deleted_row_is_cancelled_and_stays_charged(
    engines: tuple[Database, Database],
) -> None:
    two = Two(engines, ScriptedFal())
    job_id = await two.ask()
    two.fal.gates["submit"] = asyncio.Event()
    submitting = asyncio.create_task(two.first.step(job_id))  # noqa: TID251
    await waiting_at(two.fal, "submit")
    await delete_user(two.database, job_id)
    two.fal.gates["submit"].set()
    await submitting
    (job,) = await open_jobs(two.database, job_id)
    assert (
        Job(
            job.request_id or "",
            job.status_url or "",
            job.response_url or "",
            job.cancel_url or "",
        )
        == JOB
    )
    charge = await charge_of(two.database, job_id)
    assert (charge.released_at, charge.request_id) == (None, JOB.request_id)
    assert two.fal.calls["cancel"] == 1
    assert two.fal.jobs == [JOB]


async def test_both_at_once_keep_the_pictures_once(engines: tuple[Database, Database]) -> None:
    two = Two(engines, ScriptedFal())
    job_id = await two.ask()
    await two.step_until(two.first, job_id, GenerationState.QUEUED)
    await asyncio.gather(*(jobs.step(job_id) for jobs in [two.first, two.second] * 4))
    assert (await two.read(job_id)).state is GenerationState.MADE
    async with two.database.transaction() as tx:
        assert len(await tx.pictures.all_of(job_id)) == len(IMAGES.images)


async def test_a_search_that_is_given_up_does_not_end_a_job_that_was_adopted(
    engines: tuple[Database, Database],
) -> None:
    two = Two(engines, ScriptedFal(submit=FalOutcomeUnknown("lost")))
    job_id = await two.ask()
    await two.step_until(two.first, job_id, GenerationState.UNCONFIRMED)
    stale = await two.read(job_id)
    stale.elapsed_s = RULES.job_deadline_s + 1
    two.fal.script["history"] = [["r1"]]
    await two.step_until(two.first, job_id, GenerationState.QUEUED)
    await two.second._search.step(stale)
    row = await two.read(job_id)
    assert (row.state, row.failure) == (GenerationState.QUEUED, None)
    assert two.told.sentences == []


async def test_a_busy_answer_to_an_older_submit_does_not_release_the_newer(
    engines: tuple[Database, Database],
) -> None:
    two = Two(engines, ScriptedFal(submit=(FalUnavailable("HTTP 429"), JOB)))
    job_id = await two.ask()
    older = await two.first._submission._claim(job_id)
    assert older is not None
    await two.first._submission._release(job_id, older)
    assert (await two.read(job_id)).state is GenerationState.ACCEPTED
    newer = await two.second._submission._claim(job_id)
    await two.first._submission._release(job_id, older)
    row = await two.read(job_id)
    assert (row.state, row.submit_started_at) == (GenerationState.SUBMITTING, newer)


@pytest.mark.parametrize("begun_s", [0.0, 90.0])
async def test_the_time_of_a_submit_begins_again(
    engines: tuple[Database, Database], begun_s: float
) -> None:
    two = Two(engines, ScriptedFal())
    job_id = await two.ask()
    async with two.database.transaction() as tx:
        row = await tx.generations.lock(job_id)
        assert row is not None
        row.elapsed_s = begun_s
    await two.first.step(job_id)
    assert (await two.read(job_id)).elapsed_s == 0.0


async def test_a_lock_reads_a_row_again_that_was_read_before_in_the_transaction(
    engines: tuple[Database, Database],
) -> None:
    two = Two(engines, ScriptedFal())
    job_id = await two.ask()
    async with two.database.transaction() as tx:
        read = await tx.generations.get(job_id)
        assert read is not None
        await tx._session.execute(text("UPDATE generations SET queue_position = 7"))
        locked = await tx.generations.lock(job_id)
        assert locked is not None
        assert locked.queue_position == 7


async def test_a_training_that_was_not_taken_is_sent_again_whoever_doubts_it_late(
    engines: tuple[Database, Database], worker: PhotoWorker
) -> None:
    fal = ScriptedFal(submit=(FalUnavailable("HTTP 429"), JOB))
    context = paid_context(engines[0], fal, RULES)
    jobs = training_jobs(context, Packing(full_album(), worker), Notes())
    training = await start_training(
        engines[0], state=TrainingState.SUBMITTING, archive_url="https://v3.fal.media/photos.zip"
    )
    with pytest.raises(FalUnavailable):
        await jobs.step(training.id)
    await jobs._submission._doubt(training.id)
    row = await read_training(engines[0], training.id)
    assert (row.state, row.submit_started_at) == (TrainingState.SUBMITTING, None)
    await jobs._submission._claim(training.id)
    assert await jobs._submission._claim(training.id) is None
    assert await jobs._submission._claim("deleted meanwhile") is None


async def test_a_failure_seen_late_does_not_take_a_result_away(
    engines: tuple[Database, Database],
) -> None:
    two = Two(engines, ScriptedFal())
    job_id = await two.ask()
    await two.step_until(two.first, job_id, GenerationState.QUEUED)
    stale = await two.read(job_id)
    await two.step_until(two.first, job_id, GenerationState.MADE)
    two.fal.script["images"] = [FalRejected("no", "string_too_short")]
    await two.second._watch.step(stale)
    assert (await two.read(job_id)).state is GenerationState.MADE
    assert (await charge_of(two.database, job_id)).released_at is None


async def test_a_request_that_a_row_has_is_no_other_rows(
    engines: tuple[Database, Database],
) -> None:
    two = Two(engines, ScriptedFal(submit=FalOutcomeUnknown("lost"), history=[JOB.request_id]))
    first, second = await two.ask(), *await two.ask_for("message:1:2")
    for job_id in (first, second):
        await two.step_until(two.first, job_id, GenerationState.UNCONFIRMED)
    assert await two.first.step(first) == 0.0
    unsure = await two.read(second)
    # Another replica has asked the history before the first row had the request.
    assert not await two.second._submission.adopt(second, JOB)
    assert await two.second.step(second)
    refused = await two.read(second)
    assert (refused.state, refused.request_id) == (unsure.state, None)
    assert (await charge_of(two.database, second)).request_id is None
    assert (await two.read(first)).request_id == JOB.request_id


async def test_of_two_rows_that_adopt_a_request_at_once_one_has_it(
    engines: tuple[Database, Database],
) -> None:
    two = Two(engines, ScriptedFal(submit=FalOutcomeUnknown("lost")))
    first, second = await two.ask(), *await two.ask_for("message:1:2")
    for job_id in (first, second):
        await two.step_until(two.first, job_id, GenerationState.UNCONFIRMED)
    async with engines[0].transaction() as tx:
        row = await tx.generations.lock(first)
        assert row is not None
        assert await tx.requests.claim(JOB.request_id, first)
        row.state, row.request_id = GenerationState.QUEUED, JOB.request_id
        await tx.flush()
        late = asyncio.create_task(two.second._submission.adopt(second, JOB))  # noqa: TID251
        assert await asyncio.wait({late}, timeout=0.3) == (set(), {late})
    assert not await late
    assert (await two.read(second)).request_id is None


async def test_an_answer_with_a_request_that_another_row_has_is_doubted(
    engines: tuple[Database, Database],
) -> None:
    two = Two(engines, ScriptedFal(submit=(FalOutcomeUnknown("lost"), JOB)))
    first, second = await two.ask(), *await two.ask_for("message:1:2")
    await two.step_until(two.first, first, GenerationState.UNCONFIRMED)
    two.fal.gates["submit"] = asyncio.Event()
    submitting = asyncio.create_task(two.second.step(second))  # noqa: TID251
    await waiting_at(two.fal, "submit", 1)
    # What was asked for twice in the same words is in the history before its answer is here.
    two.fal.script["history"] = [[JOB.request_id]]
    await two.first.step(first)
    two.fal.gates["submit"].set()
    assert await submitting == 0.0
    rows = [await two.read(job_id) for job_id in (first, second)]
    assert [(row.state, row.request_id) for row in rows] == [
        (GenerationState.QUEUED, JOB.request_id),
        (GenerationState.UNCONFIRMED, None),
    ]


async def test_an_answer_of_a_deleted_row_stops_nothing_that_another_row_has(
    engines: tuple[Database, Database],
) -> None:
    two = Two(engines, ScriptedFal())
    job_id = await two.ask()
    await two.step_until(two.first, job_id, GenerationState.QUEUED)
    assert not await two.second._submission.adopt("deleted", JOB)
    assert two.fal.calls["cancel"] == 0
