"""Time is measured by a clock that only grows, and pauses grow up to a minute."""

from datetime import timedelta
from decimal import Decimal

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.states import GenerationState
from services.domain.values import Place
from services.fal.client import FalClient
from services.fal.gateway import Running
from services.generation.ordering import Ordering
from services.generation.service import GenerationService
from services.jobs.laps import LONGEST_LAP_S, Laps
from services.jobs.pauses import (
    JITTER,
    LONG_S,
    LONGEST_PAUSE_S,
    pause_after,
    pause_between_looks,
    pause_of,
)
from services.money.prices import PriceList
from tests.services.jobs.scripted_fal import ScriptedFal
from tests.services.jobs.test_every_ending import RULES, Clock
from tests.services.kit import USER, Notes, generation_jobs, keep_model, paid_context, wide_ledger


def test_laps_are_the_time_between_two_steps_of_one_job() -> None:
    clock = Clock()
    laps = Laps(clock)

    def lap(job_id: str) -> float:
        laps.lap(job_id)
        return laps.unsaved_s(job_id)

    clock.now = 100.0
    assert lap("a") == 0
    clock.now = 107.0
    assert lap("b") == 0
    assert lap("a") == 7
    clock.now = 110.0
    assert (lap("a"), lap("b"), len(laps)) == (10, 3, 2)
    laps.saved("a", 8)
    laps.saved("never seen", 8)
    assert (laps.unsaved_s("a"), laps.unsaved_s("never seen")) == (2, 0)
    laps.forget("a")
    laps.forget("never seen")
    clock.now = 120.0
    assert (lap("a"), lap("b"), len(laps)) == (0, 13, 2)


@pytest.mark.parametrize(
    ("deadline_s", "at_least_s"), [(100.0, 2.0), (15_000.0, 300.0), (10**6, 300.0)]
)
def test_a_killed_process_forgets_little_of_the_time(deadline_s: float, at_least_s: float) -> None:
    clock = Clock()
    laps = Laps(clock)
    laps.lap("a")
    assert not laps.is_to_be_saved("a", deadline_s)
    clock.now = at_least_s - 0.1
    laps.lap("a")
    assert not laps.is_to_be_saved("a", deadline_s)
    clock.now = at_least_s
    laps.lap("a")
    assert laps.is_to_be_saved("a", deadline_s)


def test_a_lap_is_never_longer_than_a_step_can_last_and_never_negative() -> None:
    clock = Clock()
    laps = Laps(clock)
    laps.lap("a")
    clock.now = 4 * 3600.0
    laps.lap("a")
    assert laps.unsaved_s("a") == LONGEST_LAP_S
    clock.now = 0.0
    laps.lap("a")
    assert laps.unsaved_s("a") == LONGEST_LAP_S


@pytest.mark.parametrize(
    ("bad_answers", "pause_s"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 60), (6, 60), (10**6, 60)]
)
def test_the_pause_doubles_with_each_bad_answer_up_to_a_minute(
    bad_answers: int, pause_s: float
) -> None:
    assert pause_of(bad_answers, 5.0) == pause_s


@pytest.mark.parametrize(
    ("elapsed_s", "pause_s"), [(0, 5), (99, 5), (200, 10), (1200, 60), (10**6, 60)]
)
def test_a_search_pauses_for_a_twentieth_of_its_time(elapsed_s: float, pause_s: float) -> None:
    assert pause_after(elapsed_s, 5.0) == pause_s


def test_a_poll_interval_of_minutes_is_kept() -> None:
    assert LONGEST_PAUSE_S < 300
    assert pause_of(1, 300.0) == pause_of(9, 300.0) == pause_after(1.0, 300.0) == 300
    assert 300 * (1 - JITTER) <= pause_between_looks(10**6, 300.0, 1) <= 300


@pytest.mark.parametrize(
    ("elapsed_s", "jobs", "pause_s"),
    [
        (0, 1, 5),
        (LONG_S, 1, 5),
        (4000, 1, 40),
        (10**6, 1, 60),
        (0, 750, 5),
        (0, 1500, 10),
        (0, 15_000, 100),
        (10**6, 15_000, 100),
    ],
)
def test_a_job_is_looked_at_more_rarely_when_it_is_old_or_one_of_very_many(
    elapsed_s: float, jobs: int, pause_s: float
) -> None:
    pauses = [pause_between_looks(elapsed_s, 5.0, jobs) for _ in range(100)]
    assert pause_s * (1 - JITTER) <= min(pauses) < max(pauses) <= pause_s


@pytest.mark.parametrize("leap", [timedelta(hours=4), timedelta(days=-8)])
async def test_a_wall_clock_that_leaps_gives_up_no_job(
    database: Database, leap: timedelta
) -> None:
    """To the rows it looks as if all of it had been written at another time."""
    await keep_model(database, "https://v3.fal.media/lora")
    fal, notes, clock = ScriptedFal(status=Running(())), Notes(), Clock()
    laps = Laps(clock)
    jobs = generation_jobs(paid_context(database, fal, RULES), notes, laps)
    prices = PriceList(FalClient("a:b"), Decimal(2), Decimal("0.035"))
    service = GenerationService(database, Ordering(prices, wide_ledger()), lambda _: None)
    asked = await service.generate(USER, Place(USER), "portrait photo", "message:1:1")
    for _ in range(3):
        await jobs.step(asked.id)
        clock.now += 5
    async with database.transaction() as tx:
        row = await tx.generations.lock(asked.id)
        assert row is not None
        assert row.submit_started_at is not None
        row.submit_started_at -= leap
        row.created_at = now() - leap
    for _ in range(3):
        clock.now += 5
        await jobs.step(asked.id)
    async with database.transaction() as tx:
        row = await tx.generations.lock(asked.id)
    assert row is not None
    assert row.state is GenerationState.RUNNING
    assert row.elapsed_s + laps.unsaved_s(asked.id) == 25
    assert fal.calls["cancel"] == 0
