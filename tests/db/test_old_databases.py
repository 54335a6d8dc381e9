"""A database of the first release reaches the newest schema with everything in it."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import make_url, text

from db.database import Database
from db.migrate import migrate
from db.tables import Table
from tests.db.history import DUMP, Rows, make_first_release, tables

OF_PHOTOS = {"consent_at", "consent_version", "photos_numbered", "counter_message_id"}
"""What trainings had in the first release and their photo sets have now."""


def values(rows: Rows, column: str) -> list[Any]:
    """The values of a column by primary key, in one order; nothing where nothing was stored."""
    return sorted(
        (json.dumps([row.get("id", row.get("key", row.get("name"))), row[column]], default=str))
        for row in rows
        if row[column] is not None
    )


def places(new: Mapping[str, Rows], table: str, column: str) -> list[str]:
    """The tables that a column's values are in by now."""
    if table != "trainings":
        return [table]
    if column in OF_PHOTOS:
        return ["photo_sets"]
    return [place for place in ("trainings", "drafts") if column in new[place][0]]


async def test_every_value_of_the_first_release_is_still_there(empty_database: Database) -> None:
    old = await make_first_release(empty_database)
    await migrate(empty_database)
    new = await tables(empty_database)
    assert set(new) == set(Table.metadata.tables)
    for table, rows in old.items():
        assert rows
        for column in rows[0]:
            found = [row for place in places(new, table, column) for row in new[place]]
            kept = rows
            if table == "trainings":
                # A draft has no job, and a training is reminded of no more.
                ids = {row["id"] for row in found}
                kept = [row for row in rows if row["id"] in ids]
                left = {row[column] for row in rows if row["id"] not in ids}
                assert left <= {None, 0, "draft"}, (table, column)
            assert values(found, column) == values(kept, column), (table, column)


async def test_the_rows_of_the_first_release_are_read_by_the_product(
    empty_database: Database,
) -> None:
    await make_first_release(empty_database)
    await migrate(empty_database)
    async with empty_database.transaction() as tx:
        user = await tx.users.get(1001)
        assert user is not None
        assert user.kept_seed == 9007199254740993
        draft = await tx.drafts.of(1001)
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


async def test_a_training_without_a_price_gets_that_of_its_charge(
    empty_database: Database,
) -> None:
    await make_first_release(empty_database)
    async with empty_database.engine.begin() as connection:
        await connection.execute(text("UPDATE trainings SET price_usd = NULL"))
    old = {row["id"]: row["usd"] for row in (await tables(empty_database))["charges"]}
    await migrate(empty_database)
    async with empty_database.transaction() as tx:
        trainings = [*await tx.trainings.all_of(1001), *await tx.trainings.all_of(2002)]
        draft = await tx.drafts.of(1001)
    assert {one.id: one.price_usd for one in trainings} == {
        one.id: Decimal(old.get(one.id, 0)) / 1_000_000 for one in trainings
    }
    assert any(one.price_usd for one in trainings)
    assert draft is not None
    assert draft.price_usd is None
