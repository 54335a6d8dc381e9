"""Copies a SQLite database to PostgreSQL and compares them row for row; can be cut and go on."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from sqlalchemy import Table, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from db.backup import make_sure_nobody_uses
from db.database import Database
from db.migrate import migrate, pending_migrations
from db.moving import target
from db.moving.rows import PAGE, Extent, extent, insertion, key_of, last_key, pages
from db.moving.target import MoveRefused

Say = Callable[[str], object]


class MoveFailed(Exception):
    """The copy is not what the source is, or was cut off; the target stays marked as a part."""


async def move(
    source_url: str, target_url: str, say: Say, *, migrates: bool = False, page: int = PAGE
) -> None:
    """Copy all rows to an empty PostgreSQL database, or finish what an earlier call began.

    The source is locked against writing meanwhile, and never changed but by its migrations.

    Args:
        source_url: A SQLite database that no bot runs on.
        target_url: A PostgreSQL database without rows of ours, or with the beginning of a copy.
        say: Is told a line at a time what happens.
        migrates: Bring the source to the newest schema first, where it is older.
        page: How many rows are in memory, and in one transaction.

    Raises:
        MoveRefused: The source is none, is in use, or is of an older schema; the target cannot be
            reached, is not empty, or somebody else copies to it.
        SchemaRefused: The source is not what its revision says.
        MoveFailed: Something was not the same after all, or the connection broke.
    """
    path = _source_path(source_url)
    if make_url(target_url).get_backend_name() != "postgresql":
        raise MoveRefused("the target is not PostgreSQL: postgresql+asyncpg://user@host/name")
    try:
        make_sure_nobody_uses(path)
    except ValueError as error:
        raise MoveRefused(str(error)) from error
    except sqlite3.DatabaseError as error:
        msg = f"{path} is no database, or damaged"
        raise MoveRefused(msg) from error
    source, aim = Database(source_url), Database(target_url)
    try:
        await _bring_to_head(source, say, migrates=migrates)
        async with source.engine.connect() as here, _alone(aim) as there:
            # SQLite's transaction is begun at once and keeps every writer out.
            await here.begin()
            await _prepare(aim, here, there, say)
            for table in target.TABLES:
                await _copy(here, there, table, page)
                say(f"copied    {table.name}")
            total = await _compare(here, there, say)
            await target.complete(there)
            say(f"the same  all {total} rows of {len(target.TABLES)} tables")
    except DBAPIError as error:
        msg = f"{_words(error)}; run it again to go on"
        raise MoveFailed(msg) from error
    finally:
        await source.close()
        await aim.close()


def _source_path(url: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        raise MoveRefused("DATABASE_URL is not SQLite: only SQLite is moved to PostgreSQL")
    path = Path(parsed.database)
    if not path.is_file():
        msg = f"there is no database {path}; look at DATABASE_URL and the folder you are in"
        raise MoveRefused(msg)
    return path


async def _bring_to_head(source: Database, say: Say, *, migrates: bool) -> None:
    pending = await pending_migrations(source)
    if pending and not migrates:
        msg = (
            f"the source needs {pending} migrations first: make a backup, then give --migrate"
            " as well (or start this version of the bot on it once)"
        )
        raise MoveRefused(msg)
    if pending:
        await migrate(source)
        say(f"migrated  the source ({pending} migrations)")


@asynccontextmanager
async def _alone(aim: Database) -> AsyncIterator[AsyncConnection]:
    async with AsyncExitStack() as stack:
        try:
            connection = await stack.enter_async_context(aim.engine.connect())
        except Exception as error:  # drivers raise whatever they like
            msg = f"the target cannot be reached: {type(error).__name__}: {_words(error)}"
            raise MoveRefused(msg) from error
        await target.hold(connection)
        yield connection


async def _prepare(aim: Database, here: AsyncConnection, there: AsyncConnection, say: Say) -> None:
    if not await target.is_half_done(there):
        await target.begin(aim, there)
        return
    for table in target.TABLES:
        copied = await _copied(there, table)
        if copied.last is not None and copied != await extent(here, table, up_to=copied.last):
            say("start     over: the source has changed since the copy was cut off")
            await target.empty(there)
            return
    say("go on     with the copy that was cut off")


async def _copy(here: AsyncConnection, there: AsyncConnection, table: Table, page: int) -> None:
    statement = insertion(table)
    after = await last_key(there, table)
    await there.commit()
    async for rows in pages(here, table, after=after, size=page):
        try:
            await there.execute(statement, rows)
            await there.commit()
        except DBAPIError as error:
            span = f"{key_of(table, rows[0])} to {key_of(table, rows[-1])}"
            msg = f"{table.name}, rows {span}: {_words(error)}; mend it and run it again"
            raise MoveFailed(msg) from error


async def _copied(there: AsyncConnection, table: Table) -> Extent:
    found = await extent(there, table)
    # PostgreSQL ends a transaction that is idle for long, as while the source is read.
    await there.commit()
    return found


def _words(error: Exception) -> str:
    """Return the driver's words, without the lines that show a row."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(cause).partition("\n")[0]


async def _compare(here: AsyncConnection, there: AsyncConnection, say: Say) -> int:
    total = 0
    for table in target.TABLES:
        original, copied = await extent(here, table), await _copied(there, table)
        if original != copied:
            msg = (
                f"{table.name}: {original.count} rows in the source and {copied.count} in the"
                " target, and they are not the same; the target is not complete"
            )
            raise MoveFailed(msg)
        say(f"the same  {table.name}: {copied.count} rows, SHA-256 {copied.digest[:16]}")
        total += copied.count
    return total
