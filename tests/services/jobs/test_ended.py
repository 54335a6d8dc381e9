"""What fal says of its own accord has the right jobs looked at."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.states import GenerationState, TrainingState
from services.generation.carrying import GENERATION_STATES
from services.jobs.again import LookedFor
from services.jobs.ended import EndedJobs
from services.jobs.nursery import Nursery
from services.training.carrying import TRAINING_STATES
from tests.services.kit import keep_model, keep_result, start_training


class Looks:
    """EndedJobs on a database, and the ids that it has had carried."""

    def __init__(self, database: Database, nursery: Nursery, *again_s: float) -> None:
        self.trainings: list[str] = []
        self.generations: list[str] = []
        kinds = [
            LookedFor(lambda tx: tx.trainings, TRAINING_STATES, self.trainings.append),
            LookedFor(lambda tx: tx.generations, GENERATION_STATES, self.generations.append),
        ]
        self.ended = EndedJobs(database, kinds, nursery, again_s)


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    async with Nursery() as nursery:
        yield nursery


async def training_at_fal(database: Database, **changes: object) -> str:
    known: dict[str, Any] = {
        "state": TrainingState.TRAINING,
        "request_id": "r1",
        "submit_started_at": now(),
    }
    return (await start_training(database, photos=0, **known | changes)).id


async def test_the_job_of_a_request_is_carried_and_no_other(
    database: Database, nursery: Nursery
) -> None:
    looks = Looks(database, nursery)
    training_id = await training_at_fal(database)
    await training_at_fal(database, request_id="r2")
    model = await keep_model(database, "https://v3.fal.media/lora.safetensors")
    at_fal: dict[str, Any] = {"state": GenerationState.QUEUED, "request_id": "r3"}
    generation = await keep_result(database, model, **at_fal)
    await looks.ended.look(["r1"])
    assert (looks.trainings, looks.generations) == ([training_id], [])
    await looks.ended.look(["r3", "attempt-of-r3"])
    assert (looks.trainings, looks.generations) == ([training_id], [generation.id])


async def test_what_has_ended_is_not_carried_again(database: Database, nursery: Nursery) -> None:
    looks = Looks(database, nursery, 0.0, 0.0)
    await keep_model(database, "https://v3.fal.media/lora.safetensors")
    for _ in range(2):
        await looks.ended.look(["r"])
    assert looks.trainings == []


async def test_an_unknown_request_may_be_of_a_job_whose_answer_was_lost(
    database: Database, nursery: Nursery
) -> None:
    looks = Looks(database, nursery)
    lost = await training_at_fal(database, state=TrainingState.UNCONFIRMED, request_id=None)
    await training_at_fal(database, request_id="r2")
    await looks.ended.look(["r9"])
    assert looks.trainings == [lost]


async def test_a_known_request_has_no_lost_answer_looked_for(
    database: Database, nursery: Nursery
) -> None:
    looks = Looks(database, nursery)
    await training_at_fal(database, state=TrainingState.UNCONFIRMED, request_id=None)
    known = await training_at_fal(database)
    await looks.ended.look(["r1"])
    assert looks.trainings == [known]


async def test_a_call_before_its_answer_is_stored_is_not_lost(
    database: Database, nursery: Nursery
) -> None:
    looks = Looks(database, nursery, 0.0, 0.3)
    training_id = await training_at_fal(database, state=TrainingState.SUBMITTING, request_id=None)
    await looks.ended.look(["r1"])
    assert looks.trainings == []
    async with database.transaction() as tx:
        row = await tx.trainings.lock(training_id)
        assert row is not None
        row.state, row.request_id = TrainingState.QUEUED, "r1"
    async with asyncio.timeout(30):
        while looks.trainings != [training_id]:  # noqa: ASYNC110  # lists have no events
            await asyncio.sleep(0.02)


async def test_a_job_that_fal_does_not_show_as_ended_yet_is_looked_at_again(
    database: Database, nursery: Nursery
) -> None:
    looks = Looks(database, nursery, 0.0, 0.0)
    training_id = await training_at_fal(database)
    await looks.ended.look(["r1"])
    async with asyncio.timeout(30):
        while looks.trainings != [training_id] * 3:  # noqa: ASYNC110  # lists have no events
            await asyncio.sleep(0.02)
