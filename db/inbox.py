"""Updates from Telegram, kept from the moment they are taken until they have been handled."""

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Table,
    any_,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from db.ready import Ready
from db.tables import InboxRow
from services.domain.clock import now

# Plain tables: these statements run for every update, and need none of the session's work.
_ROWS = cast("Table", InboxRow.__table__)

NOBODY = 0
"""The lane of a handled update: its number is kept for a day, but not whose it was."""


_COLUMNS = ["update_id", "lane", "urgent", "digest", "payload", "received_at"]


def _putting(insert: Callable[..., Any]) -> Ready:
    statement = insert(_ROWS)
    news = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["update_id"],
        set_={name: news[name] for name in _COLUMNS[1:]},
        where=_ROWS.c.digest != news.digest,
    )
    return Ready(statement.returning(_ROWS.c.update_id), _COLUMNS)


def _ending(are_these: ColumnElement[bool]) -> Ready:
    # Where no owner is named, any may be.
    its_own = func.coalesce(bindparam("own", type_=Integer), _ROWS.c.owner)
    return Ready(
        update(_ROWS)
        .where(
            are_these, _ROWS.c.payload.is_not(None), _ROWS.c.owner.is_not_distinct_from(its_own)
        )
        .values(payload=None, lane=NOBODY, owner=None)
    )


_IN_JSON = func.json_each(bindparam("of_these", type_=JSON)).table_valued("value")
_IN_ARRAY = any_(bindparam("of_these", type_=ARRAY(BigInteger)))
_END = {
    "sqlite": _ending(_ROWS.c.update_id.in_(select(_IN_JSON.c.value))),
    "postgresql": _ending(_ROWS.c.update_id == _IN_ARRAY),
}
_PUT = {"sqlite": _putting(sqlite.insert), "postgresql": _putting(postgresql.insert)}
_TOUCH = (
    update(_ROWS)
    .where(
        _ROWS.c.update_id.in_(bindparam("of_these", expanding=True)),
        _ROWS.c.payload.is_not(None),
    )
    .values(urgent=_ROWS.c.urgent)
)


@dataclass(frozen=True)
class Received:
    """An update as it came.

    Attributes:
        update_id: Telegram's number.
        lane: Updates of one lane are handled in order and one at a time.
        is_urgent: Whether it is handled before the others.
        payload: What Telegram sent, JSON.
    """

    update_id: int
    lane: int
    is_urgent: bool
    payload: str


class Inbox:
    """The updates that were taken and not yet handled, and the numbers of those that were."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def waiting(self) -> list[Received]:
        """Return what is not handled yet, in the order it came."""
        columns = (_ROWS.c.update_id, _ROWS.c.lane, _ROWS.c.urgent, _ROWS.c.payload)
        found = await self._session.execute(
            select(*columns).where(_ROWS.c.payload.is_not(None)).order_by(_ROWS.c.update_id)
        )
        return [Received(*row) for row in found]

    async def payload(self, update_id: int) -> str | None:
        """Return what Telegram sent, or None when it has been handled."""
        return await self._session.scalar(
            select(InboxRow.payload).where(InboxRow.update_id == update_id)
        )

    async def touch(self, update_ids: Iterable[int]) -> int:
        """Write to rows that wait, to see that the database takes writes; count those rows."""
        connection = await self._session.connection()
        which = {"of_these": list(update_ids)}
        return (await connection.execute(_TOUCH, which)).rowcount

    async def forget_handled(self, before: datetime) -> None:
        """Remove the numbers of handled updates that came before a moment."""
        await self._session.execute(
            delete(_ROWS).where(_ROWS.c.payload.is_(None), _ROWS.c.received_at < before)
        )


def digest_of(payload: str) -> int:
    """Return 64 bits that tell an update from another one with its number."""
    digest = hashlib.blake2b(payload.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def put(connection: Connection, received: Collection[Received]) -> set[int]:
    """Keep updates, and return the numbers of those that are new.

    One that was given before is passed over, whether it has been handled or not. The number
    alone does not tell: Telegram begins again at any number after a week of silence.

    Args:
        connection: In a transaction; one update is one statement.
        received: Updates of any lanes.
    """
    moment = now()
    put_one, new = _PUT[connection.dialect.name], set[int]()
    for one in received:
        values = {
            "update_id": one.update_id,
            "lane": one.lane,
            "urgent": one.is_urgent,
            "digest": digest_of(one.payload),
            "payload": one.payload,
            "received_at": moment,
        }
        new.update(number for (number,) in put_one.execute(connection, values))
    return new


def mark_handled(
    connection: Connection, update_ids: Iterable[int], owner: int | None = None
) -> None:
    """Note that updates are done with. What people wrote is forgotten, the number is kept.

    Args:
        connection: Executes it, one statement.
        update_ids: Which.
        owner: The replica that says so; what is not its own is left alone. None where there
            is nobody else.
    """
    values = {"of_these": list(update_ids), "own": owner}
    _END[connection.dialect.name].execute(connection, values)
