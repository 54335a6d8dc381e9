"""A carrier never drops a row, whatever its step raises."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from services.domain.trouble import DatabaseUnavailable
from services.errors import (
    DeliveryFailed,
    FalUnavailable,
    PhotoUnavailable,
    StoreUnavailable,
    UserUnreachable,
)
from services.health import DOWN_AFTER, Health
from services.jobs.carrier import FIRST_RETRY_S, LAST_RETRY_S, RESUMED_PER_S, Carrier
from services.jobs.nursery import Nursery

Step = Callable[[str], Awaitable[float | None]]


async def idle(carrier: Carrier) -> None:
    """Wait until the carrier carries nothing."""
    async with asyncio.timeout(30):
        while len(carrier):  # noqa: ASYNC110  # the carrier has no event for tests
            await asyncio.sleep(0.001)


async def test_a_row_is_stepped_until_it_is_done() -> None:
    left = Counter(a=3, b=1)

    async def step(row_id: str) -> float | None:
        left[row_id] -= 1
        return 0.0 if left[row_id] else None

    async with Nursery() as nursery:
        carrier = Carrier("row", nursery, step)
        carrier.carry("a")
        carrier.carry("b")
        await idle(carrier)
    assert left == Counter(a=0, b=0)


async def test_every_row_that_is_there_at_a_start_is_carried() -> None:
    carried: list[str] = []

    async def step(row_id: str) -> float | None:
        carried.append(row_id)
        return None

    async with Nursery() as nursery:
        carrier = Carrier("row", nursery, step)
        carrier.begin(["a", "b", "c"])
        await idle(carrier)
    assert sorted(carried) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "trouble",
    [
        FalUnavailable("a prompt"),
        PhotoUnavailable("down"),
        DeliveryFailed("no"),
        StoreUnavailable("down"),
        DatabaseUnavailable("DBAPIError"),
        ZeroDivisionError(),
    ],
)
async def test_a_row_whose_step_fails_is_kept_and_tried_again(
    trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[str] = []
    carrier: Carrier

    async def step(row_id: str) -> float | None:
        tries.append(row_id)
        if len(tries) < 4:
            # The nudge ends the wait that the failure has earned.
            carrier.carry(row_id)
            raise trouble
        return None

    async with Nursery() as nursery:
        carrier = Carrier("row", nursery, step)
        carrier.carry("a")
        await idle(carrier)
    assert tries == ["a"] * 4
    is_bug = isinstance(trouble, ZeroDivisionError)
    assert [record.levelname for record in caplog.records] == (
        ["ERROR"] * 3 if is_bug else ["WARNING"]
    )
    assert (caplog.records[0].exc_info is not None) is is_bug
    assert "a prompt" not in caplog.text


async def test_in_an_outage_rows_that_wait_are_not_logged_one_by_one(
    caplog: pytest.LogCaptureFixture,
) -> None:
    waited: set[str] = set()
    health = Health("fal")

    async def step(row_id: str) -> float | None:
        if row_id in waited:
            return None
        waited.add(row_id)
        carrier.carry(row_id)
        raise FalUnavailable("down")

    for _ in range(DOWN_AFTER):
        health.failed("HTTP 502")
    async with Nursery() as nursery:
        carrier = Carrier("row", nursery, step, [health])
        for row_id in ("a", "b"):
            carrier.carry(row_id)
        await idle(carrier)
    assert waited == {"a", "b"}
    assert [record.name for record in caplog.records] == ["services.health"]


def test_the_waits_grow_to_a_minute_and_no_further() -> None:
    for failures in range(1, 200):
        longest = min(FIRST_RETRY_S * 2.0 ** (failures - 1), LAST_RETRY_S)
        assert longest / 2 <= Carrier._delay_after(failures) <= longest


async def test_a_nudge_ends_the_wait() -> None:
    steps = 0
    waiting = asyncio.Event()

    async def step(_row_id: str) -> float | None:
        nonlocal steps
        steps += 1
        waiting.set()
        return 3600.0 if steps == 1 else None

    async with Nursery() as nursery:
        carrier = Carrier("row", nursery, step)
        carrier.carry("a")
        await waiting.wait()
        await asyncio.sleep(0)
        carrier.carry("a")
        await idle(carrier)
    assert steps == 2


async def test_a_nudge_during_the_last_step_brings_one_more() -> None:
    steps = 0
    carrier: Carrier

    async def step(row_id: str) -> float | None:
        nonlocal steps
        steps += 1
        if steps == 1:
            carrier.carry(row_id)
        return None

    async with Nursery() as nursery:
        carrier = Carrier("row", nursery, step)
        carrier.carry("a")
        await idle(carrier)
    assert steps == 2


async def test_a_row_is_never_stepped_twice_at_the_same_time() -> None:
    inside: Counter[str] = Counter()
    most: Counter[str] = Counter()
    left = Counter(a=5, b=5)

    async def step(row_id: str) -> float | None:
        inside[row_id] += 1
        most[row_id] = max(most[row_id], inside[row_id])
        await asyncio.sleep(0)
        inside[row_id] -= 1
        left[row_id] -= 1
        return 0.0 if left[row_id] > 0 else None

    async with Nursery() as nursery:
        carrier = Carrier("row", nursery, step)
        for _ in range(10):
            carrier.carry("a")
            carrier.carry("b")
        await idle(carrier)
    assert most == Counter(a=1, b=1)


async def test_only_so_many_steps_run_at_once() -> None:
    inside, most = 0, 0

    async def step(_row_id: str) -> float | None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0.001)
        inside -= 1
        return None

    async with Nursery() as nursery:
        carrier = Carrier("row", nursery, step, max_at_once=3)
        for number in range(20):
            carrier.carry(str(number))
        await idle(carrier)
    assert most == 3


async def test_a_row_of_a_user_who_is_away_waits_until_it_is_carried_again() -> None:
    is_away = True
    steps = 0

    async def step(_row_id: str) -> float | None:
        nonlocal steps
        steps += 1
        if is_away:
            raise UserUnreachable
        return None

    async with Nursery() as nursery:
        carrier = Carrier("row", nursery, step)
        carrier.carry("a")
        await idle(carrier)
        assert steps == 1
        is_away = False
        carrier.carry("a")
        await idle(carrier)
    assert steps == 2


async def test_a_user_who_returns_while_their_message_fails_is_not_forgotten() -> None:
    steps = 0
    carrier: Carrier

    async def step(row_id: str) -> float | None:
        nonlocal steps
        steps += 1
        if steps == 1:
            carrier.carry(row_id)
            raise UserUnreachable
        return None

    async with Nursery() as nursery:
        carrier = Carrier("row", nursery, step)
        carrier.carry("a")
        await idle(carrier)
    assert steps == 2


async def test_draining_lets_steps_end_and_starts_no_more() -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()
    steps: list[str] = []

    async def step(row_id: str) -> float | None:
        begun.set()
        await may_end.wait()
        steps.append(row_id)
        return 0.0

    async with Nursery() as nursery:
        carrier = Carrier("row", nursery, step)
        carrier.carry("a")
        await begun.wait()
        async with asyncio.TaskGroup() as group:
            draining = group.create_task(carrier.drain())
            await asyncio.sleep(0)
            assert not draining.done()
            carrier.carry("b")
            may_end.set()
        await idle(carrier)
    assert steps == ["a"]


async def test_a_row_is_taken_up_again_when_telegram_said_it_may_be() -> None:
    tries = 0

    async def step(_row_id: str) -> float | None:
        nonlocal tries
        tries += 1
        if tries < 20:
            # Pauses of the carrier's own would grow far beyond the patience of `idle`.
            raise DeliveryFailed("flood", retry_after_s=0)
        return None

    async with Nursery() as nursery:
        carrier = Carrier("row", nursery, step)
        carrier.carry("a")
        await idle(carrier)
    assert tries == 20


async def test_rows_that_wait_are_no_tasks() -> None:
    steps: Counter[str] = Counter()
    rows = [str(number) for number in range(2000)]
    wanted = [*rows, "also"]

    async def step(row_id: str) -> float | None:
        steps[row_id] += 1
        return None if is_over else 3600.0

    is_over = False
    tasks_before = len(asyncio.all_tasks())
    async with Nursery() as nursery:
        carrier = Carrier("row", nursery, step)
        carrier.carry("also")
        carrier.begin(rows)
        async with asyncio.timeout(60):
            while len(steps) < len(wanted):  # noqa: ASYNC110  # the carrier has no event for tests
                await asyncio.sleep(0.01)
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) == tasks_before + 1
        assert len(carrier) == len(wanted)
        assert steps == Counter(wanted)
        is_over = True
        for row_id in wanted:
            carrier.carry(row_id)
        await idle(carrier)
    assert steps == Counter(wanted * 2)


async def test_a_start_with_many_rows_begins_them_one_after_the_other() -> None:
    rows = [str(number) for number in range(10_000)]
    begun: list[str] = []

    async def step(row_id: str) -> float | None:
        begun.append(row_id)
        return 3600.0

    async with Nursery() as nursery:
        carrier = Carrier("row", nursery, step)
        carrier.begin(rows)
        times = [carrier._schedule.next_at or 0.0]
        while carrier._schedule.pop(times[-1]) is not None:
            times.append(carrier._schedule.next_at or times[-1])
    assert len(times) > len(rows)
    assert times == sorted(times)
    assert times[-1] - times[0] == pytest.approx(len(rows) / RESUMED_PER_S, abs=0.1)
    assert times[-1] - times[0] < 30
