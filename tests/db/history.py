"""A database as the first release left it, with a row for every state there was.

`released/0001.sql` was written by SQLite's dump from a file that the first release had made.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, create_engine, make_url

from db.database import Database
from db.migrate import migrate

DUMP = Path(__file__).parent / "released" / "0001.sql"

Rows = list[dict[str, Any]]


def read_everything(connection: Connection) -> dict[str, Rows]:
    """Every row of every table as it is stored, times aware."""
    found = MetaData()
    found.reflect(connection)
    return {
        table.name: [
            {name: _aware(value) for name, value in row.items()}
            for row in connection.execute(table.select()).mappings()
        ]
        for table in found.sorted_tables
        if table.name != "alembic_version"
    }


def _aware(value: object) -> object:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


async def tables(database: Database) -> Mapping[str, Rows]:
    async with database.engine.connect() as connection:
        return await connection.run_sync(read_everything)


async def make_first_release(database: Database) -> Mapping[str, Rows]:
    """Return an empty database the schema and the rows of the first release; return the rows."""
    dump = DUMP.read_text("utf-8")
    if database.engine.dialect.name == "sqlite":
        path = make_url(database.url).database
        assert path
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(dump)
        return await tables(database)
    await migrate(database, "0001")
    rows = _rows_of(dump)

    def fill(connection: Connection) -> None:
        found = MetaData()
        found.reflect(connection)
        for table in found.sorted_tables:
            if rows.get(table.name):
                connection.execute(table.insert(), rows[table.name])

    async with database.engine.begin() as opened:
        await opened.run_sync(fill)
    return rows


def _rows_of(dump: str) -> dict[str, Rows]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.executescript(dump)
        rows = read_everything(connection)
    engine.dispose()
    return rows
