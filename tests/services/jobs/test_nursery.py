"""The nursery keeps, names, logs and ends its tasks."""

import asyncio

import pytest

from services.jobs.nursery import Nursery


async def test_leaving_cancels_and_waits_for_what_still_runs() -> None:
    ended = []

    async def linger() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("cleaned up")

    async with Nursery() as nursery:
        nursery.start(linger(), name="lingering")
        await asyncio.sleep(0)
    assert ended == ["cleaned up"]


async def test_a_failure_is_logged_with_its_name_and_hurts_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    done = asyncio.Event()

    async def fail() -> None:
        raise RuntimeError("boom")

    async def work() -> None:
        done.set()

    async with Nursery() as nursery:
        failing = nursery.start(fail(), name="failing one")
        await asyncio.wait([failing])
        nursery.start(work(), name="working one")
        await done.wait()
    assert "background task failing one failed" in caplog.text
    assert "boom" in caplog.text


async def test_finished_tasks_are_forgotten() -> None:
    async def work() -> None:
        return

    async with Nursery() as nursery:
        await nursery.start(work(), name="short")
        await asyncio.sleep(0)
        assert not nursery._tasks
