"""A database with rows in every table, whatever tables there are."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Enum, Float, Integer, String, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.database import Database
from db.migrate import migrate
from db.tables import Table as Declared
from db.tables import Usd, UtcDateTime
from tests.db.history import make_first_release

EXACT = datetime(2026, 2, 28, 23, 59, 59, 123457, UTC)
"""A time that shows a lost microsecond or a shifted hour."""

ODD = 'Zoë "Ж" \U0001f984\n\\ \u200d'


OLDER = {"id": 1, "user_id": None}
"""What is different about a second wallet, of whom another was invited by."""

OPEN = {"state": "held", "delivered": 0, "reason": None, "ended_at": None}
CHOSEN: dict[str, dict[str, Any]] = {
    "orders": OPEN | {"unit_price": 3, "units": 2, "from_paid": 5, "from_bonus": 1},
    "payments": {"refunded_by": "outside", "frozen_paid": 0, "frozen_bonus": 0},
    "gifts": {"state": "redeemed"},
    "loans": {"days": None},
    "referrals": {"wallet_id": 2**31 - 1, "referrer_id": OLDER["id"]},
    "star_statement": {"id": 1},
    "movements": {"source": "telegram", "target": "paid"},
}
"""What the tables ask of values that depend on one another."""


async def make_full(database: Database) -> None:
    """Give a database the rows of the first release, and others to the tables made since."""
    await make_first_release(database)
    await migrate(database)
    async with database.engine.begin() as connection:
        for table in Declared.metadata.sorted_tables:
            if (await connection.execute(select(table).limit(1))).first() is None:
                row = await _row(connection, table)
                older = [row | OLDER] if table.name == "wallets" else []
                await connection.execute(table.insert(), [*older, row])


async def _row(connection: AsyncConnection, table: Table) -> dict[str, Any]:
    row = {column.name: _value(column) for column in table.columns}
    for key in table.foreign_keys:
        row[key.parent.name] = await connection.scalar(select(key.column).limit(1))
    return row | CHOSEN.get(table.name, {})


def _value(column: Column[Any]) -> object:
    kind: Any = column.type
    values: list[tuple[Any, object]] = [
        (Enum, list(kind.enum_class or ())[-1] if isinstance(kind, Enum) else None),
        (UtcDateTime, EXACT),
        (Usd, Decimal("1.234567")),
        (Boolean, True),
        (JSON, {"words": ODD, "nothing": None}),
        (Float, 0.1),
        (Integer, 2**31 - 1),
        (String, ODD[: kind.length] if isinstance(kind, String) else None),
    ]
    return next(value for known, value in values if isinstance(kind, known))
