"""The inbox of several replicas on PostgreSQL: who handles whose updates.

All waiting updates of a lane are in one hand, a replica's or nobody's, so the order of a lane is
kept by whoever has it in memory. What puts rows into a lane, and what takes free lanes, holds a
lock of that lane; a lane is set free in no other way than by its last update being handled, or
by the end of its replica, which frees all it has.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Boolean, Connection, Integer, Text, bindparam, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.inbox import Received, digest_of
from db.ready import Ready
from db.wakes import CHANNEL
from services.domain.clock import now
from services.domain.trouble import LeaseLost

GIVEN_AT_ONCE = 1000
"""So many updates are read at most in one go."""

FOREIGN_KEY_VIOLATION = "23503"


def _text(words: str, **arrays: Any) -> Any:  # noqa: ANN401  # SQLAlchemy's own
    kinds = {name: ARRAY(kind) for name, kind in arrays.items()}
    return text(words).bindparams(*(bindparam(name, type_=kind) for name, kind in kinds.items()))


# A function of the database (migration 0048): it locks the lanes, keeps the rows, gives each to
# whoever has its lane, and wakes others who have something new.
_PUT = Ready(
    _text(
        """
        SELECT * FROM put_updates(
            :ids, :lanes, :urgent, :digests, :payloads, :takers, :moment, :me, :channel, :words
        )
        """,
        ids=BigInteger,
        lanes=BigInteger,
        urgent=Boolean,
        digests=BigInteger,
        payloads=Text,
        takers=Integer,
    )
)

_GIVEN = _text(
    """
    SELECT update_id, lane, urgent, payload FROM inbox
    WHERE owner = :me AND payload IS NOT NULL AND NOT (update_id = ANY(:known))
    ORDER BY update_id LIMIT :most
    """,
    known=BigInteger,
)

# Urgent ones first, then those that wait longest. What another replica takes right now is passed:
# the first number of a lane's lock is ours alone, and the same wherever lanes are locked.
_FREE = text(
    """
    WITH free AS MATERIALIZED (
        SELECT lane FROM inbox WHERE owner IS NULL AND payload IS NOT NULL
        GROUP BY lane ORDER BY bool_or(urgent) DESC, min(update_id) LIMIT :most
    )
    SELECT lane FROM free WHERE pg_try_advisory_xact_lock(28272, hashint8(lane))
    """
)

_CLAIM = _text(
    """
    UPDATE inbox SET owner = :me
    WHERE lane = ANY(:lanes) AND owner IS NULL AND payload IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM inbox AS o
        WHERE o.lane = inbox.lane AND o.payload IS NOT NULL AND o.owner IS NOT NULL
    )
    """,
    lanes=BigInteger,
)

_RELEASE = text("UPDATE inbox SET owner = NULL WHERE owner = :me")

_WAITING = text(
    "SELECT count(*) FROM (SELECT 1 FROM inbox WHERE payload IS NOT NULL LIMIT :most) AS waiting"
)


@dataclass(frozen=True)
class Kept:
    """A new update as it was put.

    Attributes:
        update_id: Telegram's number.
        owner: The replica that handles it, or None while nobody has its lane.
        is_behind: Whether others of its lane were waiting already.
    """

    update_id: int
    owner: int | None
    is_behind: bool


class SharedInbox:
    """The inbox as one of several replicas sees it; the other statements are in `db.inbox`."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def given(self, me: int, known: Iterable[int]) -> list[Received]:
        """Return what a replica has to handle, besides what it knows of, in the order it came."""
        values = {"me": me, "known": list(known), "most": GIVEN_AT_ONCE}
        return [Received(*row) for row in await self._session.execute(_GIVEN, values)]

    async def claim(self, me: int, lanes: int) -> int:
        """Take free lanes with all that waits in them, and return how many.

        Args:
            me: The replica that takes them.
            lanes: So many at most.

        Raises:
            LeaseLost: The replica was ended.
        """
        free = await self._session.scalars(_FREE, {"most": lanes})
        if not (taken := list(free)):
            return 0
        try:
            await self._session.execute(_CLAIM, {"me": me, "lanes": taken})
        except IntegrityError as error:
            if getattr(error.orig, "sqlstate", None) == FOREIGN_KEY_VIOLATION:
                raise LeaseLost from error
            raise
        return len(taken)

    async def release(self, me: int) -> None:
        """Set free what a replica has not handled."""
        await self._session.execute(_RELEASE, {"me": me})

    async def count_waiting(self, most: int) -> int:
        """Count what waits, in all hands; not further than `most`."""
        return int(await self._session.scalar(_WAITING, {"most": most}))


def put(
    connection: Connection,
    received: Collection[Received],
    me: int | None,
    room: int,
    channel: str = "",
) -> list[Kept]:
    """Keep updates, and return those that are new.

    It is one statement.

    Args:
        connection: Executes it.
        received: Updates of any lanes.
        me: The replica that takes lanes that nobody has.
        room: So many of them at most; others are left free.
        channel: Where other replicas are woken that have something new; all of them for what
            nobody has.

    Raises:
        LeaseLost: A replica that they were meant for was ended right now.
    """
    rows = sorted(received, key=lambda row: row.update_id)
    lanes = [row.lane for row in rows]
    taken = set(list(dict.fromkeys(lanes))[:room])
    values = {
        "ids": [row.update_id for row in rows],
        "lanes": lanes,
        "urgent": [row.is_urgent for row in rows],
        "digests": [digest_of(row.payload) for row in rows],
        "payloads": [row.payload for row in rows],
        "moment": now(),
        "takers": [me if lane in taken else None for lane in lanes],
        "me": me,
        "channel": CHANNEL,
        "words": channel,
    }
    try:
        found = _PUT.execute(connection, values)
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) == FOREIGN_KEY_VIOLATION:
            raise LeaseLost from error
        raise
    return [Kept(*row) for row in found]
