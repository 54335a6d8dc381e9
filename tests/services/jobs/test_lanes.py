"""Lanes are bounded, go round by user, and nobody waits for somebody else's slow peer."""

import asyncio
from enum import StrEnum

import pytest

from db.database import Database
from db.tables import Generation, Training
from services.domain.states import GenerationState, TrainingState
from services.jobs.lanes import Lane, LaneClosed, Lanes
from services.photos.worker import PhotoWorker
from services.training.packing import Packing
from tests.services.jobs.scripted_fal import ScriptedFal
from tests.services.jobs.test_every_ending import RULES
from tests.services.kit import Notes, full_album, generation_jobs, paid_context, training_jobs


class Visitors:
    """People who enter a lane and stay until they are let go."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.inside: list[str] = []
        self.doors: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    def come(self, name: str, user_id: int) -> None:
        self.doors[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._stay(name, user_id))  # noqa: TID251

    async def _stay(self, name: str, user_id: int) -> None:
        async with self.lane.turn(user_id):
            self.inside.append(name)
            await self.doors[name].wait()

    async def leave(self, *names: str) -> None:
        for name in names:
            self.doors[name].set()
            await self.tasks[name]
        await settle()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_no_more_than_the_size_are_inside() -> None:
    visitors = Visitors(Lane(size=2, per_user=2))
    for number in range(4):
        visitors.come(f"v{number}", user_id=number)
    await settle()
    assert visitors.inside == ["v0", "v1"]
    await visitors.leave("v0")
    assert visitors.inside == ["v0", "v1", "v2"]
    await visitors.leave("v1", "v2", "v3")


AT_ONCE = {
    "wording": (16, 2),
    "packing": (8, 1),
    "submitting": (16, 2),
    "watching": (64, 4),
    "delivering": (64, 1),
    "comparing": (8, 1),
    "programs": (32, 2),
}
"""How much goes on at once in each lane of paid jobs, of everybody and of one user: a process with
slow peers has some two hundred sockets open."""


@pytest.mark.parametrize("name", vars(Lanes()))
async def test_the_lanes_of_paid_jobs_let_in_so_much_at_once(name: str) -> None:
    lane = getattr(Lanes(), name)
    for users in (1, 100):
        visitors = Visitors(lane)
        for number in range(100):
            visitors.come(f"v{number}", user_id=number % users)
        await settle()
        assert len(visitors.inside) == AT_ONCE[name][users == 1]
        for door in visitors.doors.values():
            door.set()
        await asyncio.gather(*visitors.tasks.values())


async def test_one_user_holds_only_so_many_places() -> None:
    visitors = Visitors(Lane(size=4, per_user=1))
    for number in range(3):
        visitors.come(f"a{number}", user_id=1)
    visitors.come("b0", user_id=2)
    await settle()
    assert visitors.inside == ["a0", "b0"]
    await visitors.leave("a0")
    assert visitors.inside == ["a0", "b0", "a1"]
    await visitors.leave("a1", "a2", "b0")


async def test_a_user_with_two_places_has_two_until_the_last_has_left() -> None:
    visitors = Visitors(Lane(size=9, per_user=2))
    for number in range(5):
        visitors.come(f"a{number}", user_id=1)
    await settle()
    assert visitors.inside == ["a0", "a1"]
    await visitors.leave("a0")
    assert visitors.inside == ["a0", "a1", "a2"]
    await visitors.leave("a1", "a2", "a3", "a4")
    assert (visitors.lane._taken, visitors.lane._waiting) == ({}, {})


async def test_turns_go_round_by_user() -> None:
    visitors = Visitors(Lane(size=1, per_user=1))
    for number in range(3):
        visitors.come(f"a{number}", user_id=1)
    for number in range(2):
        visitors.come(f"b{number}", user_id=2)
    visitors.come("c0", user_id=3)
    await settle()
    for name in ("a0", "a1", "b0", "c0", "a2", "b1"):
        if name in visitors.inside:
            await visitors.leave(name)
    order = list(visitors.inside)
    while len(order) < 6:
        await visitors.leave(order[-1])
        order = list(visitors.inside)
    await visitors.leave(order[-1])
    assert order[0] == "a0"
    assert order.index("c0") < order.index("a2")
    assert order.index("b0") < order.index("a2")


async def test_who_gives_up_waiting_takes_no_place() -> None:
    visitors = Visitors(Lane(size=1, per_user=1))
    for name in ("first", "second", "third"):
        visitors.come(name, user_id=len(visitors.tasks))
    await settle()
    visitors.tasks["second"].cancel()
    await settle()
    await visitors.leave("first")
    assert visitors.inside == ["first", "third"]
    await visitors.leave("third")
    assert (visitors.lane._taken, visitors.lane._waiting) == ({}, {})


async def test_who_gives_up_as_the_lane_closes_gives_no_place_back() -> None:
    visitors = Visitors(Lane(size=1, per_user=1))
    for name in ("inside", "waiting", "gone"):
        visitors.come(name, user_id=len(visitors.tasks))
    await settle()
    visitors.tasks["gone"].cancel()
    await settle()
    visitors.lane.close()
    visitors.tasks["waiting"].cancel()
    await settle()
    assert visitors.lane._taken == {0: 1}
    await visitors.leave("inside")
    assert visitors.lane._taken == {}


async def test_who_is_let_in_and_gives_up_at_once_leaves_the_place() -> None:
    visitors = Visitors(Lane(size=1, per_user=1))
    async with visitors.lane.turn(1):
        visitors.come("second", user_id=2)
        visitors.come("third", user_id=3)
        await settle()
    # The second has its turn now, and does not know it yet.
    visitors.tasks["second"].cancel()
    await settle()
    assert visitors.inside == ["third"]
    visitors.come("second again", user_id=2)
    await visitors.leave("third")
    assert visitors.inside == ["third", "second again"]
    await visitors.leave("second again")
    assert visitors.lane._taken == {}


async def test_a_failure_inside_leaves_the_place() -> None:
    lane = Lane(size=1, per_user=1)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            async with lane.turn(1):
                raise ZeroDivisionError


async def test_a_closed_lane_lets_nobody_in_and_nobody_wait() -> None:
    lanes = Lanes()
    visitors = Visitors(lanes.delivering)
    visitors.come("inside", user_id=1)
    visitors.come("waiting", user_id=1)
    await settle()
    lanes.close()
    with pytest.raises(LaneClosed):
        await visitors.tasks["waiting"]
    await visitors.leave("inside")
    for lane in (lanes.packing, lanes.submitting, lanes.watching, lanes.delivering):
        with pytest.raises(LaneClosed):
            async with lane.turn(1):
                pass


@pytest.mark.parametrize(
    ("lane", "states"),
    {
        "packing": [TrainingState.PREPARING, TrainingState.UPLOADING],
        "submitting": [
            TrainingState.SUBMITTING,
            GenerationState.ACCEPTED,
            GenerationState.SUBMITTING,
        ],
        "watching": [
            TrainingState.UNCONFIRMED,
            TrainingState.QUEUED,
            TrainingState.TRAINING,
            GenerationState.UNCONFIRMED,
            GenerationState.QUEUED,
            GenerationState.RUNNING,
        ],
        "delivering": [
            TrainingState.ASKING,
            TrainingState.COMPLETED,
            TrainingState.FAILED,
            TrainingState.CANCELLED,
            GenerationState.MADE,
            GenerationState.FAILED,
        ],
    }.items(),
)
def test_each_state_waits_in_a_lane_for_what_it_waits_for(
    database: Database, worker: PhotoWorker, lane: str, states: list[StrEnum]
) -> None:
    context = paid_context(database, ScriptedFal(), RULES)
    trainings = training_jobs(context, Packing(full_album(), worker), Notes())
    generations = generation_jobs(context, Notes())
    for state in states:
        if isinstance(state, TrainingState):
            found = trainings._lane(Training(state=state))
        else:
            found = generations._lane(Generation(state=state))
        assert found is getattr(context.lanes, lane), state
