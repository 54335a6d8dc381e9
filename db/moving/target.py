"""The PostgreSQL database that a copy goes to, while the copy is not complete.

Until then its revision is none that a bot knows, so no bot starts on half of the rows, and its
tables have no foreign keys: a row may come before the one that it refers to. The transaction that
makes these again, and thereby has PostgreSQL check every reference, sets the revision, too.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, ForeignKeyConstraint, Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import AddConstraint, DropConstraint

from db.database import Database
from db.migrate import COPYING, head_revision, migrate, pending_migrations
from db.refused import SchemaRefused
from db.schema import differences
from db.tables import Table as Declared

ALONE = 0x6E65_7572_6F70_6D64
"""The key of the advisory lock that a copy holds as long as it runs: any number, but this one."""

TABLES: tuple[Table, ...] = tuple(Declared.metadata.sorted_tables)


class MoveRefused(Exception):
    """Nothing can be moved like this; the message says what to do."""


async def hold(connection: AsyncConnection) -> None:
    """Keep every other copy to the same target away until the connection closes.

    Raises:
        MoveRefused: One is under way.
    """
    if not await connection.scalar(select(func.pg_try_advisory_lock(ALONE))):
        raise MoveRefused("another migrate-database is copying to this target")
    await connection.commit()


async def is_half_done(connection: AsyncConnection) -> bool:
    """Return whether the target holds the beginning of a copy.

    Raises:
        MoveRefused: It does, but of a version of the bot with other tables.
    """
    found = await connection.run_sync(_revision)
    await connection.commit()
    if found is None or not found.startswith(COPYING):
        return False
    if found != COPYING + head_revision():
        msg = (
            "the target holds half a copy that another version of the bot made: go on with that"
            " version, or make a new, empty database"
        )
        raise MoveRefused(msg)
    return True


async def begin(database: Database, connection: AsyncConnection) -> None:
    """Make the tables of an empty target and mark it as a copy that is not complete.

    Raises:
        MoveRefused: It is not empty.
    """
    try:
        pending = await pending_migrations(database)
    except SchemaRefused as error:
        msg = f"the target is neither empty nor a copy of ours: {error}"
        raise MoveRefused(msg) from error
    full = [] if pending else await connection.run_sync(_tables_with_rows)
    if await connection.run_sync(_revision) and pending:
        full = ["an older schema"]
    await connection.commit()
    if full:
        msg = f"the target is not empty ({', '.join(full)}): name a new, empty database"
        raise MoveRefused(msg)
    if pending:
        await migrate(database)
    await connection.run_sync(_open)
    await connection.commit()


async def empty(connection: AsyncConnection) -> None:
    """Remove the rows of a half-done copy."""
    # Not by DELETE, which the ledger refuses.
    await connection.execute(text(f"TRUNCATE {', '.join(table.name for table in TABLES)}"))
    await connection.commit()


async def complete(connection: AsyncConnection) -> None:
    """Turn the copy into a database that a bot can use, all at once.

    Raises:
        MoveRefused: The schema is not the one that the bot expects.
    """
    await connection.run_sync(_close)
    await connection.commit()


def _revision(connection: Connection) -> str | None:
    if not connection.scalar(select(func.to_regclass("alembic_version"))):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def _tables_with_rows(connection: Connection) -> list[str]:
    return [
        table.name
        for table in TABLES
        if connection.execute(select(table).limit(1)).first() is not None
    ]


def _open(connection: Connection) -> None:
    for constraint in _foreign_keys():
        connection.execute(DropConstraint(constraint))
    _set_revision(connection, COPYING + head_revision())


def _close(connection: Connection) -> None:
    for constraint in _foreign_keys():
        connection.execute(AddConstraint(constraint, isolate_from_table=False))
    for table in TABLES:
        for column in table.primary_key:
            sequence = connection.scalar(
                select(func.pg_get_serial_sequence(table.name, column.name))
            )
            if sequence is not None:
                # The next id is beyond every one that was copied.
                last = select(func.max(column)).scalar_subquery()
                connection.execute(
                    select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None)))
                )
    _set_revision(connection, head_revision())
    if differing := differences(connection):
        msg = f"the target's schema is not as expected: {', '.join(differing[:3])}"
        raise MoveRefused(msg)


def _foreign_keys() -> Iterator[ForeignKeyConstraint]:
    for table in TABLES:
        yield from sorted(table.foreign_key_constraints, key=lambda found: str(found.name))


def _set_revision(connection: Connection, revision: str) -> None:
    connection.execute(
        text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision}
    )
