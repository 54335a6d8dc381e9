"""Rows in the order of their keys, a page at a time, and the digest of a table."""

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Insert,
    String,
    Table,
    Text,
    bindparam,
    cast,
    collate,
    literal,
    select,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection

PAGE = 500
"""So many rows are in memory at once, and so many are one transaction of the target."""

Key = tuple[Any, ...]
Page = list[dict[str, Any]]


@dataclass(frozen=True)
class Extent:
    """How much of a table there is.

    Attributes:
        count: Rows.
        digest: SHA-256 of their values, in the order of their keys.
        last: The key of the last row; None where there is no row.
    """

    count: int
    digest: str
    last: Key | None


async def pages(
    connection: AsyncConnection,
    table: Table,
    *,
    after: Key | None = None,
    up_to: Key | None = None,
    size: int = PAGE,
) -> AsyncIterator[Page]:
    """Yield the rows with keys beyond `after` and not beyond `up_to`, a page at a time."""
    order = key_order(connection, table)
    while True:
        query = select(*_stored(table)).order_by(*order).limit(size)
        if after is not None:
            query = query.where(tuple_(*order) > tuple_(*_typed(table, after)))
        if up_to is not None:
            query = query.where(tuple_(*order) <= tuple_(*_typed(table, up_to)))
        page = [dict(row) for row in (await connection.execute(query)).mappings()]
        if page:
            yield page
        if len(page) < size:
            return
        after = key_of(table, page[-1])


async def extent(connection: AsyncConnection, table: Table, *, up_to: Key | None = None) -> Extent:
    """Count and digest the rows of a table, all or those with keys not beyond `up_to`."""
    digest = hashlib.sha256()
    count = 0
    last = None
    async for page in pages(connection, table, up_to=up_to):
        for row in page:
            digest.update(_canonical(row))
        count += len(page)
        last = key_of(table, page[-1])
    return Extent(count, digest.hexdigest(), last)


async def last_key(connection: AsyncConnection, table: Table) -> Key | None:
    """Return the key of the last row in the order of `pages`."""
    order = [column.desc() for column in key_order(connection, table)]
    row = (await connection.execute(select(*table.primary_key).order_by(*order).limit(1))).first()
    return None if row is None else tuple(row)


def insertion(table: Table) -> Insert:
    """Return the statement that stores rows as `pages` gives them."""
    return table.insert().values(
        {
            column.name: cast(bindparam(column.name, type_=Text()), JSON)
            if isinstance(column.type, JSON)
            else bindparam(column.name, type_=column.type)
            for column in table.columns
        }
    )


def key_order(connection: AsyncConnection, table: Table) -> list[ColumnElement[Any]]:
    """Return the primary key as something to sort by, alike in both databases.

    SQLite compares texts by their bytes, PostgreSQL by the rules of a language unless told not to.
    """
    is_postgres = connection.dialect.name == "postgresql"
    return [
        collate(column, "C") if is_postgres and isinstance(column.type, String) else column
        for column in table.primary_key
    ]


def key_of(table: Table, row: Mapping[str, Any]) -> Key:
    """Return the values of the primary key."""
    return tuple(row[column.name] for column in table.primary_key)


def _stored(table: Table) -> list[ColumnElement[Any]]:
    """Return the columns, JSON as the text that it is: a JSON null is not the same as no value."""
    return [
        cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column
        for column in table.columns
    ]


def _typed(table: Table, key: Key) -> list[ColumnElement[Any]]:
    columns = zip(table.primary_key, key, strict=True)
    return [literal(value, column.type) for column, value in columns]


def _canonical(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, default=_plain, sort_keys=True, ensure_ascii=True).encode() + b"\n"


def _plain(value: object) -> str:
    """Return a value as text that is the same whichever database it was read from."""
    match value:
        case Enum():
            return f"{value.value}"
        case datetime():
            return value.isoformat()
        case Decimal():
            return str(value.normalize())
    msg = f"a value of {type(value).__name__} has no canonical form here"
    raise TypeError(msg)
