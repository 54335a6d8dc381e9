"""Insert unless it is there: the same statement for SQLite and PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Table


async def insert_missing(
    session: AsyncSession,
    table: type[Table],
    values: Mapping[str, Any],
    *,
    index_elements: Sequence[str],
) -> bool:
    """Insert a row unless one with the same `index_elements` is there.

    Returns:
        Whether the row is new. The database decides, so two callers cannot both be told True.
    """
    dialect = session.get_bind().dialect.name
    result = await session.execute(insertion_if_missing(dialect, table, values, index_elements))
    return isinstance(result, CursorResult) and result.rowcount == 1


def insertion_if_missing(
    dialect: str, table: type[Table], values: Mapping[str, Any], index_elements: Sequence[str]
) -> Executable:
    """Return the statement of `insert_missing`; `dialect` is the name of the database's."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return (
        insert(table).values(**values).on_conflict_do_nothing(index_elements=list(index_elements))
    )
