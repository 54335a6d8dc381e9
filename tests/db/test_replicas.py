"""Replicas, the fence around what they own, and wake-ups."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db.database import Database
from db.fence import fenced
from services.domain.trouble import LeaseLost
from tests.db.conftest import USER

PATIENCE_S = 10.0


@pytest.fixture
async def other(migrated_postgres_url: str) -> AsyncIterator[Database]:
    """PostgreSQL as another process has it open."""
    other = Database(migrated_postgres_url)
    yield other
    await other.close()


async def join(database: Database, lease_s: float = 60.0) -> int:
    async with database.transaction() as tx:
        return await tx.replicas.join(lease_s)


async def test_a_replica_has_a_number_that_nobody_had(database: Database) -> None:
    first = await join(database)
    async with database.transaction() as tx:
        assert await tx.replicas.beat(first, 60.0)
        await tx.replicas.leave(first)
        assert not await tx.replicas.beat(first, 60.0)
        assert await tx.replicas.all() == []
    assert await join(database) > first


async def test_on_sqlite_the_one_before_has_ended(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await join(database)
    second = await join(database)
    async with database.transaction() as tx:
        assert await tx.replicas.all() == [second]
    await database.close()


@pytest.mark.postgres
async def test_only_those_whose_lease_has_run_out_are_ended(other: Database) -> None:
    dead, alive, late = await join(other, -1.0), await join(other), await join(other, -1.0)
    async with other.transaction() as tx:
        assert await tx.replicas.beat(late, 60.0)
    async with other.transaction() as tx:
        assert await tx.replicas.bury() == [dead]
        assert await tx.replicas.all() == [alive, late]
        await tx.replicas.leave(alive)
        await tx.replicas.leave(late)


@pytest.mark.postgres
async def test_what_a_dead_replica_writes_is_refused(other: Database) -> None:
    mine = await join(other, -1.0)
    with fenced(mine):
        async with other.transaction() as tx:
            # It holds its row until the commit, so nobody takes its work in between.
            async with other.engine.connect() as connection:
                dead = text("SELECT id FROM replicas FOR UPDATE SKIP LOCKED")
                assert list(await connection.scalars(dead)) == []
            await tx.notices.raise_("before")
        async with other.transaction() as tx:
            await tx.replicas.bury()
        with pytest.raises(LeaseLost):
            async with other.transaction() as tx:
                await tx.notices.raise_("after")
    async with other.transaction() as tx:
        assert await tx.notices.lower("before")
        assert not await tx.notices.lower("after")


async def heard_by(database: Database) -> asyncio.Queue[str]:
    """Return what is published on a channel, from now on."""
    heard = asyncio.Queue[str]()
    database.wakes.subscribe("photos", heard.put_nowait)
    return heard


async def get(heard: asyncio.Queue[str]) -> str:
    async with asyncio.timeout(PATIENCE_S):
        return await heard.get()


async def test_a_wake_is_heard_after_the_commit_and_not_without_one(database: Database) -> None:
    heard = await heard_by(database)
    listening = asyncio.get_running_loop().create_task(database.wakes.listen())
    if database.is_shared:
        assert await get(heard) == ""  # something may have been missed
    with suppress(ZeroDivisionError):
        async with database.transaction() as tx:
            await tx.wake("photos", "never")
            raise ZeroDivisionError
    async with database.transaction() as tx:
        await tx.wake("photos", "17")
        await tx.wake("others", "18")
        assert await tx.users.get(USER) is not None
        assert heard.empty()
    assert await get(heard) == "17"
    assert heard.empty()
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)


@pytest.mark.postgres
async def test_another_process_hears_it_and_looks_after_its_connection_was_cut(
    other: Database, migrated_postgres_url: str
) -> None:
    here = Database(migrated_postgres_url)
    heard = await heard_by(other)
    listening = asyncio.get_running_loop().create_task(other.wakes.listen())
    assert await get(heard) == ""
    async with here.transaction() as tx:
        await tx.wake("photos", "17")
    assert await get(heard) == "17"
    async with here.engine.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
        )
    assert await get(heard) == ""
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await here.close()


@pytest.mark.postgres
async def test_a_process_that_was_stopped_in_the_middle_of_a_statement_is_buried(
    migrated_postgres_url: str, other: Database
) -> None:
    one = Database(migrated_postgres_url)
    dead = await join(other, -1.0)
    async with one.engine.connect() as connection:
        await connection.execute(
            text("SELECT 1 FROM replicas WHERE id = :id FOR KEY SHARE"), {"id": dead}
        )
        driver: Any = (await connection.get_raw_connection()).driver_connection
        # Parsed and never executed, as by a process that gets no further.
        await driver.prepare("SELECT 'and never executed'")
        async with other.transaction() as tx:
            assert await tx.replicas.bury() == []
        async with asyncio.timeout(PATIENCE_S):
            while dead in await alive(other):
                async with other.transaction() as tx:
                    await tx.replicas.bury(silent_s=0.1)
        with pytest.raises(DBAPIError):
            await connection.execute(text("SELECT 1"))
        await connection.invalidate()
    await one.close()


async def alive(database: Database) -> list[int]:
    async with database.transaction() as tx:
        return await tx.replicas.all()
