"""Statements that go past SQLAlchemy, and what stays as it would do it."""

import asyncio
import random
from functools import partial

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, NotSupportedError

from db import inbox
from db.database import Database
from db.inbox import Received
from db.ready import Ready
from services.domain.trouble import DatabaseUnavailable
from tests.db.conftest import USER

OF_NOBODY = Ready(
    text(
        "INSERT INTO inbox (update_id, lane, urgent, digest, payload, received_at, owner)"
        " VALUES (1, 1, false, 1, :words, CURRENT_TIMESTAMP, 999)"
    )
)
LIVE = Ready(text("SELECT pg_backend_pid()"))
KEEP = Ready(text("INSERT INTO kept (number) VALUES (:number)"))
READ = Ready(text("SELECT number FROM kept"))
IDLE = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
)
PUTS = 300


async def test_what_a_constraint_refuses_is_told_without_values(database: Database) -> None:
    with pytest.raises(IntegrityError) as refused:
        await database.by_itself(partial(OF_NOBODY.execute, values={"words": "secret"}))
    assert "secret" not in str(refused.value)


async def test_a_transaction_is_rolled_back_and_another_one_begins(database: Database) -> None:
    one = Received(1, USER, is_urgent=True, payload="{}")

    def put_and_fail(connection: Connection) -> None:
        assert inbox.put(connection, [one]) == {1}
        raise LookupError

    with pytest.raises(LookupError):
        await database.at_once(put_and_fail)
    assert await database.at_once(partial(inbox.put, received=[one])) == {1}
    async with database.transaction() as tx:
        assert await tx.inbox.waiting() == [one]


@pytest.mark.parametrize("is_alone", [False, True])
async def test_a_connection_that_was_cut_is_not_used_again(
    bare_postgres: Database, *, is_alone: bool
) -> None:
    do = bare_postgres.by_itself if is_alone else bare_postgres.at_once
    live = partial(LIVE.execute, values={})
    [[before]] = await do(live)
    async with bare_postgres.engine.begin() as connection:
        await connection.execute(text(f"SELECT pg_terminate_backend({before})"))
    with pytest.raises(DatabaseUnavailable):
        await do(live)
    [[after]] = await do(live)
    assert after != before


@pytest.fixture
async def with_kept(bare_postgres: Database) -> Database:
    async with bare_postgres.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE kept (number integer)"))
    return bare_postgres


async def test_what_was_told_to_be_kept_is_kept_when_others_are_cancelled(
    with_kept: Database,
) -> None:
    kept = set()

    async def put(number: int) -> None:
        await with_kept.at_once(partial(KEEP.execute, values={"number": number}))
        kept.add(number)

    chance = random.Random(1)  # noqa: S311  # no secret
    async with asyncio.TaskGroup() as tasks:
        for number in range(PUTS):
            putting = tasks.create_task(put(number))
            if chance.random() < 0.3:
                tasks.create_task(_cancel_in(putting, chance.random() / 50))
            await asyncio.sleep(chance.random() / 500)
    rows = await with_kept.by_itself(partial(READ.execute, values={}))
    assert len(kept) > PUTS / 2
    assert kept <= {number for [number] in rows}
    async with with_kept.engine.connect() as connection:
        assert await connection.scalar(IDLE) == 0


async def _cancel_in(task: asyncio.Task[None], seconds: float) -> None:
    await asyncio.sleep(seconds)
    task.cancel()


@pytest.mark.parametrize("is_alone", [False, True])
async def test_a_column_of_another_type_is_refused_once(
    with_kept: Database, *, is_alone: bool
) -> None:
    do = with_kept.by_itself if is_alone else with_kept.at_once
    read = partial(READ.execute, values={})
    assert await do(read) == []
    async with with_kept.engine.begin() as connection:
        await connection.execute(text("INSERT INTO kept VALUES (1)"))
        await connection.execute(text("ALTER TABLE kept ALTER COLUMN number TYPE text"))
    with pytest.raises(NotSupportedError):
        await do(read)
    assert await do(read) == [["1"]]
