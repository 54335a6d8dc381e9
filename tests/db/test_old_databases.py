"""A database of the first release reaches the newest schema with everything in it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from db.database import Database
from db.migrate import migrate
from db.tables import Table
from tests.db.history import DUMP, Rows, make_first_release, tables

MOVED: dict[str, dict[str, tuple[str, str]]] = {}
"""Where a column of the first release is now: by table and column, the new table and column."""


def values(rows: Rows, column: str) -> list[Any]:
    """The values of a column by primary key, in one order; nothing where nothing was stored."""
    return sorted(
        (json.dumps([row.get("id", row.get("key", row.get("name"))), row[column]], default=str))
        for row in rows
        if row[column] is not None
    )


async def test_every_value_of_the_first_release_is_still_there(empty_database: Database) -> None:
    old = await make_first_release(empty_database)
    await migrate(empty_database)
    new = await tables(empty_database)
    assert set(new) == set(Table.metadata.tables)
    for table, rows in old.items():
        assert rows
        for column in rows[0]:
            now_table, now_column = MOVED.get(table, {}).get(column, (table, column))
            assert values(new[now_table], now_column) == values(rows, column), (table, column)


async def test_the_rows_of_the_first_release_are_read_by_the_product(
    empty_database: Database,
) -> None:
    await make_first_release(empty_database)
    await migrate(empty_database)
    async with empty_database.transaction() as tx:
        user = await tx.users.get(1001)
        assert user is not None
        assert user.kept_seed == 9007199254740993
        draft = await tx.trainings.draft_of(1001)
        assert draft is not None
        assert len(await tx.photos.all_of(draft.id)) == 3
        assert len(await tx.trainings.unfinished()) == 7
        assert len(await tx.generations.unfinished()) == 5
        (model,) = await tx.models.all_of(1001)
        assert len(await tx.trainings.latest_of(2002, 10)) == 6
        assert await tx.pictures.count_of_model(model.id) == 3


async def test_the_first_migration_makes_what_the_first_release_made(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/new.db")
    await migrate(database, "0001")
    path = make_url(database.url).database
    await database.close()
    assert path
    with closing(sqlite3.connect(path)) as new, closing(sqlite3.connect(":memory:")) as old:
        old.executescript(DUMP.read_text("utf-8"))
        schema = "SELECT name, sql FROM sqlite_master ORDER BY name"
        assert new.execute(schema).fetchall() == old.execute(schema).fetchall()
