"""How old a job is adds up whatever is written of it, and each change is told by its own id."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from db.database import Database
from db.tables import Generation
from services.domain.states import GenerationState
from services.domain.values import Place
from services.domain.vocabulary import FailureReason
from services.errors import FalRejected, FalResultUnreadable, FalUnavailable
from services.fal.client import FalClient
from services.fal.gateway import CancelOutcome, Ended, Queued, Running
from services.generation.ordering import Ordering
from services.generation.service import GenerationService
from services.identifiers import new_id
from services.jobs.kind import End
from services.jobs.laps import Laps
from services.money.prices import PriceList
from tests.services.jobs.scripted_fal import ScriptedFal
from tests.services.jobs.test_every_ending import RULES, Clock
from tests.services.kit import (
    USER,
    Notes,
    Told,
    generation_jobs,
    keep_model,
    paid_context,
    wide_ledger,
)

OLD_S = 100.0
SAVED_FROM_S = 20.0
"""Two hundredths of the deadline: from so much on, the age is written by itself."""


class Aged:
    """A generation that waits at fal, and was submitted a while ago by another process."""

    def __init__(self, database: Database, *status: Any, **script: Any) -> None:  # noqa: ANN401  # answers
        waits = Queued(9)
        script["status"] = (waits, waits, *status)
        self.database, self.notes, self.told, self.clock = database, Notes(), Told(), Clock()
        self.ends: list[End] = []
        self.laps = Laps(self.clock)
        context = paid_context(database, ScriptedFal(**script), RULES, told=self.told)
        context = replace(context, ended=self.ends.append)
        self.jobs = generation_jobs(context, self.notes, self.laps)
        self.id = ""

    async def begin(self) -> None:
        await keep_model(self.database, "https://v3.fal.media/lora")
        prices = PriceList(FalClient("a:b"), Decimal(2), Decimal("0.035"))
        service = GenerationService(self.database, Ordering(prices, wide_ledger()), lambda _: None)
        self.id = (await service.generate(USER, Place(USER), "portrait photo", new_id())).id
        await self.jobs.step(self.id)
        # The first look of a process has nothing to measure from.
        await self.jobs.step(self.id)
        await self.row(elapsed_s=OLD_S)
        await self.jobs.step(self.id)
        self.notes.generations.clear()

    async def row(self, **changes: Any) -> Generation:  # noqa: ANN401  # of a row
        async with self.database.transaction() as tx:
            row = await tx.generations.lock(self.id)
            assert row is not None
            for name, value in changes.items():
                setattr(row, name, value)
        return row

    async def step(self, after_s: float) -> Generation:
        self.clock.now += after_s
        await self.jobs.step(self.id)
        return await self.row()


async def test_changes_and_the_end_add_to_the_age_of_a_job(database: Database) -> None:
    job = Aged(database, Queued(3), Running(()), Ended())
    await job.begin()
    assert (await job.step(1.0)).elapsed_s == OLD_S + 1.0
    assert set(job.notes.generations) == {job.id}
    assert (await job.step(2.0)).elapsed_s == OLD_S + 3.0
    assert (await job.step(4.0)).elapsed_s == OLD_S + 7.0
    assert job.ends == [End("generation", "made", None, OLD_S + 7.0)]
    assert set(job.notes.generations) == {job.id}


async def test_a_failure_is_counted_with_its_reason_and_age(database: Database) -> None:
    refused = FalRejected("no", "no_media_generated")
    job = Aged(database, Ended(), images=refused)
    await job.begin()
    await job.step(5.0)
    reason = FailureReason.GENERATOR_FAILED
    assert job.ends == [End("generation", "failed", reason, OLD_S + 5.0)]
    assert set(job.notes.generations) == {job.id}


async def test_a_job_that_has_not_changed_is_as_old_as_it_is(database: Database) -> None:
    job = Aged(database)
    await job.begin()
    # Little is not written, and counts all the same.
    assert (await job.step(SAVED_FROM_S - 1.0)).elapsed_s == OLD_S
    assert job.notes.generations == {}
    assert (await job.step(1.0)).elapsed_s == OLD_S + SAVED_FROM_S
    # What was not written yet counts up to the deadline.
    await job.row(elapsed_s=RULES.job_deadline_s - 5.0)
    assert (await job.step(5.5)).state is GenerationState.MADE
    [end] = job.ends
    assert end.elapsed_s == RULES.job_deadline_s + 0.5


async def test_a_job_that_another_process_has_ended_is_looked_at_anew_at_once(
    database: Database,
) -> None:
    job = Aged(database)
    await job.begin()
    locked = job.jobs._kind.rows

    class Ended:
        """Rows of which one is ended between its reading and its locking."""

        def __init__(self, tx: Any) -> None:  # noqa: ANN401
            self._rows = locked(tx)

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401
            return getattr(self._rows, name)

        async def lock(self, row_id: str) -> Generation | None:
            row: Generation | None = await self._rows.lock(row_id)
            assert row is not None
            row.state = GenerationState.MADE
            return row

    job.clock.now += SAVED_FROM_S
    job.jobs._kind.rows = Ended  # type: ignore[method-assign]
    assert await job.jobs.step(job.id) == 0.0


@pytest.mark.parametrize(
    ("status", "script"),
    [
        ([FalUnavailable("HTTP 502")], {}),
        ([FalUnavailable("HTTP 502"), Queued(9)], {}),
        ([Ended()], {"images": FalResultUnreadable("no file", "{}")}),
        ([Queued(9)], {"cancel": CancelOutcome.REQUESTED}),
    ],
)
async def test_trouble_and_its_end_are_shown_for_the_job_that_has_it(
    database: Database, status: list[Any], script: dict[str, Any]
) -> None:
    job = Aged(database, *status, **script)
    await job.begin()
    if "cancel" in script:
        await job.row(cancel_requested_at=(await job.row()).created_at)
    for _ in status:
        job.notes.generations.clear()
        job.clock.now += 1.0
        try:
            await job.jobs.step(job.id)
        except FalUnavailable:
            continue
    assert set(job.notes.generations) == {job.id}
