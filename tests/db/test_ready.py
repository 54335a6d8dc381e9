"""Statements that go past SQLAlchemy, and what stays as it would do it."""

from functools import partial

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

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
