"""The comparison of a schema with the tables, made once for each schema that a process meets.

Alembic takes a third of a second for it, and tests migrate hundreds of times.
"""

import hashlib
import sqlite3
from collections.abc import Collection, Iterable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

import db.migrate
import db.moving.target
from db.schema import differences

_SQLITE_SCHEMA = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name"
"""Asks a SQLite database for all that it knows of its schema."""

_POSTGRES_SCHEMA = """
SELECT json_build_array(
    relation.relname, relkind, attname, format_type(atttypid, atttypmod), attnotnull,
    attidentity, attgenerated, attcollation, pg_get_expr(adbin, adrelid),
    col_description(relation.oid, attnum), obj_description(relation.oid)
)::text
FROM pg_class relation
JOIN pg_attribute ON attrelid = relation.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = current_schema()::regnamespace
UNION ALL
SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated)
FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
UNION ALL
SELECT concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid)
FROM pg_index JOIN pg_class relation ON relation.oid = indexrelid
WHERE relnamespace = current_schema()::regnamespace
ORDER BY 1
"""
"""The same of a PostgreSQL database, as far as Alembic and `db.schema` look at it."""

_found: dict[str, list[str]] = {}
"""What was found in the schema of a digest."""


def _digest(statements: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()


def _differences_once(connection: Connection) -> list[str]:
    is_sqlite = connection.dialect.name == "sqlite"
    asked = connection.exec_driver_sql(_SQLITE_SCHEMA if is_sqlite else _POSTGRES_SCHEMA)
    digest = _digest(asked.scalars())
    if digest not in _found:
        _found[digest] = differences(connection)
    return list(_found[digest])


def schema_of(path: Path) -> str:
    """Return the digest of the schema of a SQLite file."""
    with closing(sqlite3.connect(path)) as connection:
        return _digest(sql for (sql,) in connection.execute(_SQLITE_SCHEMA))


def compare_once() -> None:
    """Have whatever compares schemas look once at each that is another, word for word."""
    for module in (db.migrate, db.moving.target):
        vars(module)["differences"] = _differences_once


def found_well() -> frozenset[str]:
    """Return the digests of schemas in which no difference was found."""
    return frozenset(digest for digest, names in _found.items() if not names)


def know_well(digests: Collection[str]) -> None:
    """Take schemas for compared, in which this or another process has found no difference."""
    _found.update({digest: [] for digest in digests})
