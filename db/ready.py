"""Statements that run for every update, past what SQLAlchemy does each time for any statement.

What it does takes five times as long as SQLite needs for the statement itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class _Compiled:
    sql: str
    # Each value's name, what it is where none is given, and how the driver wants it.
    values: list[tuple[str, Any, Convert | None]]
    types: list[Any]

    def bound(self, values: Mapping[str, Any]) -> list[Any]:
        given = ((values.get(name, other), to_driver) for name, other, to_driver in self.values)
        return [value if to_driver is None else to_driver(value) for value, to_driver in given]


class Ready:
    """A statement that is compiled at its first use, and executed by the driver's own cursor.

    Values and rows are converted by the types of their columns, errors are raised and listeners
    told as SQLAlchemy does. `IN` with a list is not possible: its SQL depends on the list.

    Args:
        statement: What is executed.
        columns: Of an INSERT: which are given.
    """

    def __init__(self, statement: Any, columns: list[str] | None = None) -> None:  # noqa: ANN401  # SQLAlchemy's statements have no type in common
        self._statement = statement
        self._columns = columns
        self._compiled: dict[str, _Compiled] = {}
        self._reading: dict[str, list[tuple[int, Convert]]] = {}

    def execute(self, connection: Connection, values: Mapping[str, Any]) -> list[list[Any]]:
        """Execute it, and return all rows.

        Args:
            connection: In a transaction, or for this statement alone.
            values: By their names.
        """
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name) or self._compile(dialect)
        cursor = connection.connection.cursor()
        try:
            bound = compiled.bound(values)
            connection.dispatch.before_cursor_execute(
                connection,
                cursor,
                compiled.sql,
                bound,
                None,
                False,  # noqa: FBT003  # not many sets of values
            )
            cursor.execute(compiled.sql, bound)
            if not cursor.description:
                return []
            rows = [list(row) for row in cursor.fetchall()]
            for place, from_driver in self._reader(dialect, compiled, cursor.description):
                for row in rows:
                    row[place] = from_driver(row[place])
        except dialect.loaded_dbapi.Error as error:
            is_cut = dialect.is_disconnect(error, connection.connection, cursor)
            # What a connection has prepared is refused for good once a column has another type.
            if is_cut or isinstance(error, dialect.loaded_dbapi.NotSupportedError):
                connection.invalidate(error)
            raise _as_sqlalchemy_does(error, compiled.sql, dialect, is_cut=is_cut) from error
        except BaseException as error:
            if not isinstance(error, Exception):
                # Cancelled at its BEGIN, the driver does not know that it is in a transaction.
                connection.invalidate(error)
            raise
        finally:
            cursor.close()
        return rows

    def _compile(self, dialect: Dialect) -> _Compiled:
        made = self._statement.compile(dialect=dialect, column_keys=self._columns)
        values = [
            (name, made.params[name], _type(made.binds[name], dialect).bind_processor(dialect))
            for name in made.positiontup
        ]
        types = [
            _type(column, dialect) for column in getattr(self._statement, "exported_columns", ())
        ]
        compiled = self._compiled[dialect.name] = _Compiled(str(made), values, types)
        return compiled

    def _reader(
        self,
        dialect: Dialect,
        compiled: _Compiled,
        description: Any,  # noqa: ANN401  # the driver's
    ) -> list[tuple[int, Convert]]:
        # How a value is read may depend on what the database calls its type.
        if dialect.name not in self._reading:
            found = zip(compiled.types, description, strict=False)
            made = [one.result_processor(dialect, of[1]) for one, of in found]
            self._reading[dialect.name] = [
                (place, from_driver)
                for place, from_driver in enumerate(made)
                if from_driver is not None
            ]
        return self._reading[dialect.name]


def _type(typed: Any, dialect: Dialect) -> Any:  # noqa: ANN401  # a column or a value of a statement
    return typed.type.dialect_impl(dialect)


def _as_sqlalchemy_does(
    error: Exception, sql: str, dialect: Dialect, *, is_cut: bool
) -> BaseException:
    return DBAPIError.instance(
        sql,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_cut,
        dialect=dialect,
    )
