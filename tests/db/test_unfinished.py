"""What is looked for all the time is found by an index, however many finished rows there are."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, text

from db import tables
from db.console_tables import BroadcastRow, SupportMessage, SupportThread
from db.database import Database, Transaction
from db.export_tables import ExportRow
from services.domain.clock import now
from services.domain.states import EnlargementState, GenerationState, TrainingState
from services.domain.values import Generation
from tests.services.kit import USER, keep_model, keep_result

FINISHED = 1000
REPLICA = 1

CLAIMS: dict[str, Callable[[Transaction], Any]] = {
    "generations": lambda tx: tx.generations.claims,
    "trainings": lambda tx: tx.trainings.claims,
    "enlargements": lambda tx: tx.enlargements.claims,
    "drafts": lambda tx: tx.photos.claims,
    "support_messages": lambda tx: tx.support.claims,
    "exports": lambda tx: tx.exports.claims,
    "broadcasts": lambda tx: tx.broadcasts.claims,
}
"""Where finished rows stay; those of all other carriers go when they are done."""


async def copied(connection: Any, table: Any, row: dict[str, Any], *names: str) -> None:  # noqa: ANN401
    """Keep many rows like one, each of its own moment, with values of its own for `names`."""
    moments = [name for name, value in row.items() if isinstance(value, datetime)]
    rows = [
        row
        | {name: str(n) for name in names}
        | {name: row[name] - timedelta(minutes=n) for name in moments}
        for n in range(FINISHED)
    ]
    await connection.execute(insert(table), rows)


@pytest.fixture
async def filled(database: Database) -> Database:
    """A database with many rows that are finished, and few that are not."""
    model = await keep_model(database, "https://lora")
    picture = await keep_result(database, model, "https://picture")
    at, people = now(), {"user_id": USER, "chat_id": USER}
    async with database.engine.begin() as connection:
        await connection.execute(insert(tables.ReplicaRow), {"id": REPLICA, "alive_until": at})
        sets = {"user_id": USER, "consent_at": at, "consent_version": "1", "photos_numbered": 0}
        await copied(connection, tables.PhotoSet, sets, "id")
        training = people | {
            "name": "Anna", "subject": "woman", "trainer": "t", "mode": "standard", "steps": 1,
            "price_usd": 1, "state": TrainingState.FAILED, "failure": "deadline",
            "finished_at": at, "announced_at": at, "is_settled": True,
        }  # fmt: skip
        await copied(connection, tables.Training, training, "id", "trigger_word")
        photo = {
            "number": 1, "message_id": 1, "file_id": "f", "file_unique_id": "u", "sha256": "s",
            "state": "accepted", "refusal_params": {},
        }  # fmt: skip
        await copied(connection, tables.Photo, photo, "training_id")
        generation = people | {
            "model_id": model.id, "prompt": "a king", "seed": 7, "announced_at": at,
            "state": GenerationState.MADE,
        }  # fmt: skip
        await copied(connection, tables.Generation, generation, "id", "origin")
        enlargement = people | {
            "picture_id": await only_picture(connection, picture.id),
            "enlarger": "e", "url": "u",
            "state": EnlargementState.MADE, "announced_at": at,
        }  # fmt: skip
        await copied(connection, tables.Enlargement, enlargement, "id")
        await connection.execute(
            insert(SupportThread), {"id": "thread", "user_id": USER, "chat_id": USER}
        )
        message = {"thread_id": "thread", "delivered_at": at}
        await copied(connection, SupportMessage, message, "id", "origin")
        export = people | {"state": "done", "ended_at": at, "settled_at": at}
        await copied(connection, ExportRow, export, "id")
        broadcast = {
            "admin_id": USER, "text": "t", "state": "done", "audience": "all", "started_at": at,
            "ended_at": at, "told_at": at,
        }  # fmt: skip
        await copied(connection, BroadcastRow, broadcast, "id")
    async with database.engine.begin() as connection:
        await connection.execute(text("ANALYZE"))
    return database


async def only_picture(connection: Any, generation_id: str) -> str:  # noqa: ANN401
    query = text("SELECT id FROM pictures WHERE generation_id = :id")
    return str(await connection.scalar(query, {"id": generation_id}))


class Plans:
    """How the database does what a transaction asks for; the statements are the real ones."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._is_postgres = database.engine.dialect.name == "postgresql"

    async def of(self, ask: Callable[[Transaction], Any]) -> Sequence[str]:
        asked: list[tuple[str, Any]] = []

        def note(_c: Connection, _u: object, words: str, given: object, *_: object) -> None:
            asked.append((words, given))

        engine = self._database.engine.sync_engine
        async with self._database.transaction() as tx:
            event.listen(engine, "before_cursor_execute", note)
            await ask(tx)
            event.remove(engine, "before_cursor_execute", note)
        words, given = asked[-1]
        how = "EXPLAIN" if self._is_postgres else "EXPLAIN QUERY PLAN"
        async with self._database.engine.connect() as connection:
            lines = await connection.exec_driver_sql(f"{how} {words}", given)
            return [str(line[0] if self._is_postgres else line[-1]) for line in lines]


def reads_all_of(table: str, plan: Sequence[str]) -> bool:
    """Return whether a plan goes through all rows of a table."""
    return any(
        f"Seq Scan on {table}" in line
        or (line.startswith(f"SCAN {table}") and "_unfinished" not in line)
        for line in plan
    )


@pytest.mark.parametrize("table", CLAIMS)
async def test_no_finished_row_is_looked_through_for_one_that_is_not(
    filled: Database, table: str
) -> None:
    def ask(tx: Transaction) -> Any:  # noqa: ANN401
        claims = CLAIMS[table](tx)
        return claims.claim(REPLICA, 100) if filled.is_shared else claims.unfinished()

    plan = await Plans(filled).of(ask)
    assert not reads_all_of("photos" if table == "drafts" else table, plan), plan


@pytest.mark.parametrize("table", ["generations", "trainings", "enlargements"])
async def test_what_a_start_finds_is_looked_for_so_too(filled: Database, table: str) -> None:
    plan = await Plans(filled).of(lambda tx: getattr(tx, table).unfinished())
    assert not reads_all_of(table, plan), plan


async def test_a_users_newest_generations_are_found_without_the_others(filled: Database) -> None:
    async with filled.transaction() as tx:
        newest = await tx.generations.latest_of(USER)
    assert newest is not None
    below: Generation = newest
    for ask in (
        lambda tx: tx.generations.latest_of(USER),
        lambda tx: tx.generations.page_of(USER, None, 10),
        lambda tx: tx.generations.page_of(USER, below, 10),
    ):
        plan = await Plans(filled).of(ask)
        assert "ix_generations_user_id_created_at_id" in "".join(plan), plan
        assert "TEMP B-TREE" not in "".join(plan), plan
        assert not any(line.startswith("Sort") for line in plan), plan
