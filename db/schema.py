"""Compares the schema of a database with the one that the code expects."""

import re
from collections.abc import Container, Iterator, Mapping
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Connection, inspect

from db.tables import Table

Columns = Mapping[str, frozenset[str]]
"""The names of columns by the name of their table."""

_VERDICTS = {"add": "missing", "remove": "unexpected", "modify": "different"}


def columns_of(connection: Connection, tables: Container[str] | None = None) -> Columns:
    """Return the columns of the tables in the database, of all or of some."""
    found = inspect(connection)
    return {
        name: frozenset(column["name"] for column in found.get_columns(name))
        for name in found.get_table_names()
        if tables is None or name in tables
    }


def missing_or_unexpected(connection: Connection, expected: Columns) -> list[str]:
    """Name our tables and columns that only the database has, or only `expected`."""
    found = columns_of(connection, expected.keys() | Table.metadata.tables.keys())
    names: list[str] = []
    for table in sorted(expected.keys() | found.keys()):
        if table not in found or table not in expected:
            names.append(f"{table} {'missing' if table in expected else 'unexpected'}")
            continue
        names += [f"{table}.{name} missing" for name in sorted(expected[table] - found[table])]
        names += [f"{table}.{name} unexpected" for name in sorted(found[table] - expected[table])]
    return names


def differences(connection: Connection) -> list[str]:
    """Name what differs between the database and `db.tables`; other programs' tables may stay."""
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": True,
            "compare_server_default": True,
            "include_name": lambda name, kind, _: kind != "table" or name in Table.metadata.tables,
        },
    )
    found = compare_metadata(context, Table.metadata)
    names = [_named(entry[0] if isinstance(entry, list) else entry) for entry in found]
    # Constraints of a missing table are missing with it.
    return names or list(_differing_checks(connection))


def _named(entry: tuple[Any, ...]) -> str:
    verb, _, kind = entry[0].partition("_")
    if kind == "column":
        name = f"{entry[2]}.{entry[3].name}"
    elif verb == "modify":
        name = f"{kind} of {entry[2]}.{entry[3]}"
    else:
        name = str(entry[1].name)
    return f"{name} {_VERDICTS[verb]}"


def _differing_checks(connection: Connection) -> Iterator[str]:
    # Alembic does not compare check constraints. Databases keep them in words of their own, so
    # only their names and the texts in them, such as the states of a row, are compared.
    found = {
        check["name"]: _texts_in(check["sqltext"])
        for table in Table.metadata.tables
        for check in inspect(connection).get_check_constraints(table)
    }
    for table in Table.metadata.tables.values():
        for check in table.constraints:
            if isinstance(check, CheckConstraint):
                words = check.sqltext.compile(compile_kwargs={"literal_binds": True})
                texts = found.pop(str(check.name), None)
                if texts is None:
                    yield f"{check.name} missing"
                elif texts != _texts_in(str(words)):
                    yield f"{check.name} different"
    yield from (f"{name} unexpected" for name in found)


def _texts_in(sql: str) -> frozenset[str]:
    return frozenset(re.findall(r"'([^']*)'", sql))
