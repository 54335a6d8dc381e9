"""A connection that was cut while it was idle is replaced before it is used."""

import pytest
from sqlalchemy import text

from db import ping
from db.database import Database
from services.domain.trouble import DatabaseUnavailable

OTHERS = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


async def cut_all_connections(url: str) -> None:
    database = Database(url)
    async with database.engine.begin() as connection:
        assert await connection.scalar(OTHERS)
    await database.close()


async def test_what_was_cut_while_idle_is_not_noticed(
    bare_postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ping, "TRUSTED_S", 0.0)
    async with bare_postgres.engine.begin() as connection:
        before = await connection.scalar(text("SELECT pg_backend_pid()"))
    await cut_all_connections(bare_postgres.url)
    async with bare_postgres.engine.begin() as connection:
        assert await connection.scalar(text("SELECT pg_backend_pid()")) != before


@pytest.mark.parametrize("is_alone", [False, True])
async def test_what_stays_open_for_short_work_is_replaced_as_well(
    bare_postgres: Database, monkeypatch: pytest.MonkeyPatch, *, is_alone: bool
) -> None:
    monkeypatch.setattr(ping, "TRUSTED_S", 0.0)
    do = bare_postgres.by_itself if is_alone else bare_postgres.at_once
    before, again = [
        await do(lambda connection: connection.scalar(text("SELECT pg_backend_pid()")))
        for _ in range(2)
    ]
    assert before == again
    await cut_all_connections(bare_postgres.url)
    assert (
        await do(lambda connection: connection.scalar(text("SELECT pg_backend_pid()"))) != before
    )


async def test_what_was_cut_right_after_its_use_is_a_database_out_of_reach_once(
    bare_postgres: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ping, "TRUSTED_S", 3600.0)
    await bare_postgres.at_once(lambda connection: connection.scalar(text("SELECT 1")))
    await cut_all_connections(bare_postgres.url)
    with pytest.raises(DatabaseUnavailable):
        await bare_postgres.at_once(lambda connection: connection.scalar(text("SELECT 1")))
    await bare_postgres.at_once(lambda connection: connection.scalar(text("SELECT 1")))
