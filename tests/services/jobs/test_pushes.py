"""Jobs are looked at more rarely while fal's calls come, and as ever when they do not."""

import asyncio
import logging
from datetime import timedelta

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.states import GenerationState
from services.errors import FalJobFailed
from services.fal.gateway import Running
from services.jobs import pushes as module
from services.jobs.ended import EndedJobs
from services.jobs.nursery import Nursery
from services.jobs.pauses import JITTER
from services.jobs.pushes import CHANNEL, MISSED, MOST_REMEMBERED, PUSHED_POLL_S, Pushes
from services.jobs.troubles import ERRORS_BELIEVED
from tests.services.jobs.scripted_fal import JOB, ScriptedFal
from tests.services.jobs.test_how_long_it_looks import Asked

POLL_S = 5.0


@pytest.fixture
def pushes() -> Pushes:
    return Pushes(are_expected=True, grace_s=0.0)


async def end(pushes: Pushes, *request_ids: str) -> None:
    """Have a look find that jobs have ended, and the grace go by."""
    for request_id in request_ids:
        pushes.ended(request_id, now())
    done = asyncio.Event()
    asyncio.get_running_loop().call_later(0.0, done.set)
    await done.wait()


async def test_jobs_are_looked_at_more_rarely_once_fal_has_called(pushes: Pushes) -> None:
    assert pushes.pace_s(POLL_S) == POLL_S, "no call has come"
    pushes.came(["r1"])
    assert pushes.pace_s(POLL_S) == PUSHED_POLL_S
    assert PUSHED_POLL_S <= 10, "no progress that is shown is older"
    assert pushes.pace_s(300.0) == 300
    unexpected = Pushes()
    unexpected.came(["r1"])
    assert unexpected.pace_s(POLL_S) == POLL_S


async def test_one_end_without_its_call_has_jobs_looked_at_as_ever(pushes: Pushes) -> None:
    pushes.came(["r1"])
    await end(pushes, "r1")
    assert pushes.pace_s(POLL_S) == PUSHED_POLL_S
    await end(pushes, "r2")
    assert pushes.pace_s(POLL_S) == POLL_S
    assert not pushes.is_down
    pushes.came(["r3"])
    assert pushes.pace_s(POLL_S) == PUSHED_POLL_S


async def test_ends_without_a_call_have_jobs_looked_at_as_ever_until_one_comes(
    pushes: Pushes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, module.__name__)
    await end(pushes, "r1", "r1")
    assert not pushes.is_down, "one job is not enough"
    await end(pushes, "r2", "r3")
    assert pushes.is_down
    assert pushes.pace_s(POLL_S) == POLL_S
    pushes.came(["r4"])
    assert not pushes.is_down
    assert pushes.pace_s(POLL_S) == PUSHED_POLL_S
    await end(pushes, "r5")
    assert not pushes.is_down, "the count begins again"
    assert ["POLL_INTERVAL" in line for line in caplog.messages] == [True, False]


async def test_an_end_that_fal_called_for_is_no_miss_whichever_came_first(pushes: Pushes) -> None:
    pushes.came(["r1", "attempt-of-r1"])
    pushes.came(["r2"])
    await end(pushes, "r1", "r2", "r3")
    assert not pushes.is_down
    for request_id in ("r4", "r5"):
        pushes.ended(request_id, now())
    pushes.came(["r4"])
    pushes.came(["r5"])
    await end(pushes)
    assert not pushes.is_down


async def test_of_very_many_calls_the_last_are_remembered(pushes: Pushes) -> None:
    pushes.came(["r1"])
    pushes.came([f"other-{number}" for number in range(MOST_REMEMBERED - 1)])
    await end(pushes, "r1", "r2")
    assert not pushes.is_down
    pushes.came(["one more"])
    await end(pushes, "r1", "r2")
    assert pushes.is_down


async def test_what_was_submitted_before_the_start_is_not_waited_for(pushes: Pushes) -> None:
    for number in range(MISSED):
        pushes.ended(f"r{number}", now() - timedelta(minutes=1))
        pushes.ended(f"s{number}", None)
    await end(pushes)
    assert not pushes.is_down


async def test_where_no_calls_are_expected_none_are_missed() -> None:
    pushes = Pushes(grace_s=0.0)
    await end(pushes, "r1", "r2")
    assert not pushes.is_down


@pytest.mark.parametrize("is_called", [True, False])
async def test_a_look_notes_the_end_of_a_job(
    database: Database, pushes: Pushes, *, is_called: bool
) -> None:
    pushes.came([JOB.request_id] if is_called else [])
    await end(pushes, "another job")
    asked = Asked(database, ScriptedFal(), pushes)
    await asked.begin(GenerationState.QUEUED)
    await asked.step()
    await end(pushes)
    assert pushes.is_down is not is_called


async def test_the_end_of_a_job_that_was_cancelled_says_nothing_of_calls(
    database: Database, pushes: Pushes
) -> None:
    """It is not documented whether fal calls for one."""
    await end(pushes, "another job")
    asked = Asked(database, ScriptedFal(), pushes)
    await asked.begin(GenerationState.QUEUED)
    await asked.row(cancel_requested_at=now(), cancel_sent_at=now())
    await asked.step()
    await end(pushes)
    assert not pushes.is_down


async def test_the_pause_after_a_look_follows_the_calls(
    database: Database, pushes: Pushes
) -> None:
    asked = Asked(database, ScriptedFal(status=Running(())), pushes)
    await asked.begin(GenerationState.QUEUED)
    pushes.came(["another job"])
    rare_s = await asked.step()
    await end(pushes, "r8", "r9")
    often_s = await asked.step()
    assert rare_s is not None
    assert often_s is not None
    assert PUSHED_POLL_S * (1 - JITTER) <= rare_s <= PUSHED_POLL_S
    assert often_s <= 1.0


async def test_an_error_is_asked_about_as_often_as_ever_since_fal_calls_for_an_end_once(
    database: Database, pushes: Pushes
) -> None:
    asked = Asked(
        database, ScriptedFal(images=FalJobFailed("500", "internal_server_error")), pushes
    )
    await asked.begin(GenerationState.QUEUED)
    assert [await asked.step() for _ in range(ERRORS_BELIEVED)] == [1.0, 2.0, 4.0, 8.0, 0.0]


async def test_every_replica_hears_of_a_call(database: Database) -> None:
    heard: list[str] = []
    database.wakes.subscribe(CHANNEL, heard.append)
    async with Nursery() as nursery:
        listening = nursery.start(database.wakes.listen(), name="wake-ups")
        ended = EndedJobs(database, [], nursery, ())
        async with asyncio.timeout(30):
            while f"{JOB.request_id} attempt" not in heard:
                await ended.look([JOB.request_id, "attempt"])
                await asyncio.sleep(0.02)
        listening.cancel()
