"""Transactions of a few plain statements, made in one go."""

import asyncio
import sqlite3
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, make_url, text

from db import inbox
from db import sqlite as sqlite_setup
from db.database import KEPT, Database
from db.inbox import Received
from services.jobs.nursery import Nursery

ONE = Received(1, 1001, is_urgent=False, payload="{}")


async def count(database: Database) -> int:
    async with database.transaction() as tx:
        return len(await tx.inbox.waiting())


async def test_what_fails_in_the_midst_has_not_been(database: Database) -> None:
    def put_and_fail(connection: Connection) -> None:
        inbox.put(connection, [ONE])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.at_once(put_and_fail)
    assert await count(database) == 0


@pytest.mark.parametrize("is_alone", [False, True])
async def test_it_waits_for_another_program_without_holding_up_the_event_loop(
    sqlite_url: str, *, is_alone: bool
) -> None:
    database = Database(sqlite_url)
    do = database.by_itself if is_alone else database.at_once
    holder = sqlite3.connect(make_url(sqlite_url).database or "", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    # The end of the transaction is a turn of this same loop, so a loop that waits never sees it.
    new: set[int] = set()

    async def put() -> None:
        new.update(await do(partial(inbox.put, received=[ONE])))

    async with Nursery() as nursery:
        putting = nursery.start(put(), name="put")
        await asyncio.sleep(0.3)
        assert not putting.done()
        holder.execute("COMMIT")
        holder.close()
        await putting
    assert new == {1}
    await database.close()


def test_the_log_is_carried_over_into_the_database_as_it_grows(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    log = Path(f"{make_url(sqlite_url).database}-wal")
    sizes = []

    async def put(number: int) -> None:
        long = Received(number, 1001, is_urgent=False, payload="x" * 4000)
        await database.at_once(partial(inbox.put, received=[long]))

    with asyncio.Runner() as runner:
        for number in range(sqlite_setup.CARRIED_OVER_EVERY * 12):
            runner.run(put(number))
            sizes.append(log.stat().st_size)
        runner.run(database.close())
    # A thousand pages of four kilobytes, and what comes until the thread has its turn; all of it
    # would be thirty megabytes.
    assert 4_000_000 < max(sizes) < 8_000_000


async def test_a_statement_by_itself_is_kept(database: Database) -> None:
    await database.at_once(partial(inbox.put, received=[ONE]))
    await database.by_itself(partial(inbox.mark_handled, update_ids=[1]))
    assert await count(database) == 0
    # The connection goes back as it was: what fails afterwards leaves nothing.
    await test_what_fails_in_the_midst_has_not_been(database)


async def test_connections_that_are_often_in_use_are_kept(bare_postgres: Database) -> None:
    opened: list[object] = []
    event.listen(bare_postgres.engine.sync_engine, "connect", lambda *args: opened.append(args))
    statement = text("SELECT pg_sleep(0.05)")
    for _ in range(3):
        works = (
            bare_postgres.by_itself(lambda connection: connection.execute(statement).scalar())
            for _ in range(KEPT)
        )
        await asyncio.gather(*works)
    assert len(opened) == KEPT
