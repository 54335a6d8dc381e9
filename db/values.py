"""Makes values of rows and rows of values: their fields have the same names."""

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from db.tables import Table

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Value = TypeVar("Value", bound=DataclassInstance)
else:
    Value = TypeVar("Value")


def value_of(kind: type[Value], row: Table) -> Value:
    """Return a row as a value, which knows of no transaction."""
    return kind(**{name: getattr(row, name) for name in _names(kind)})


def value_or_none(kind: type[Value], row: Table | None) -> Value | None:
    """Return a row as a value where there is one."""
    return None if row is None else value_of(kind, row)


def columns_of(value: "DataclassInstance") -> dict[str, Any]:
    """Return the columns that a new row has of a value."""
    return {name: getattr(value, name) for name in _names(type(value))}


@cache
def _names(kind: "type[DataclassInstance]") -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
