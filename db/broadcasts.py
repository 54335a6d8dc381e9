"""Broadcasts: messages to many users, one after the other."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.claims import Claims
from db.console_tables import BlockRow, BroadcastRow
from db.credit_tables import Payment, Wallet
from db.tables import User
from db.values import columns_of, value_of, value_or_none
from services.domain.broadcasts import Audience, Broadcast, BroadcastState, Outcome
from services.domain.clock import now
from services.domain.vocabulary import Language


class Broadcasts:
    """Broadcasts with their audiences."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, broadcast: Broadcast) -> None:
        """Keep a draft."""
        self._session.add(BroadcastRow(**columns_of(broadcast)))
        await self._session.flush()

    async def get(self, broadcast_id: str) -> Broadcast | None:
        """Return a broadcast."""
        row = await self._session.get(BroadcastRow, broadcast_id, populate_existing=True)
        return value_or_none(Broadcast, row)

    async def newest(self, limit: int) -> Sequence[Broadcast]:
        """Return the last broadcasts that were begun, the newest first."""
        rows = await self._session.scalars(
            select(BroadcastRow)
            .where(BroadcastRow.started_at.is_not(None))
            .order_by(BroadcastRow.started_at.desc())
            .limit(limit)
        )
        return [value_of(Broadcast, row) for row in rows]

    async def size(self, audience: Audience) -> int:
        """Count whom an audience has now."""
        query = select(func.count()).select_from(User).where(_is_in(audience))
        return await self._session.scalar(query) or 0

    async def begin(self, broadcast_id: str, audience: Audience) -> bool:
        """Begin to send a draft; return whether this call did."""
        row = await self._lock(broadcast_id)
        if row is None or row.state is not BroadcastState.DRAFT:
            return False
        row.audience, row.audience_size = audience, await self.size(audience)
        row.state, row.started_at = BroadcastState.RUNNING, now()
        return True

    async def stop(self, broadcast_id: str) -> bool:
        """Send to nobody more; return whether this call stopped it."""
        row = await self._lock(broadcast_id)
        if row is None or row.state is not BroadcastState.RUNNING:
            return False
        row.state, row.ended_at = BroadcastState.STOPPED, now()
        return True

    async def take_next(self, broadcast_id: str) -> tuple[Broadcast, int | None, bool] | None:
        """Move on to the next user, before anything is sent to them.

        Returns:
            The broadcast as it was before, the user or None where nobody is left, and whether
            they are known to have blocked the bot; None where it is not running.
        """
        row = await self._lock(broadcast_id)
        if row is None or row.state is not BroadcastState.RUNNING:
            return None
        before = value_of(Broadcast, row)
        found = await self._session.execute(
            select(User.id, User.unreachable_since)
            .where(_is_in(row.audience), User.id > row.last_user_id)
            .where(User.created_at <= (row.started_at or now()))
            .order_by(User.id)
            .limit(1)
        )
        picked = found.first()
        if picked is None:
            row.state, row.ended_at = BroadcastState.DONE, now()
            return before, None, False
        user_id, away_since = picked
        row.last_user_id = user_id
        if away_since is not None:
            row.blocked += 1
        return before, user_id, away_since is not None

    async def go_back(self, before: Broadcast, user_id: int) -> None:
        """Have a user's turn again: for sure nothing was sent to them."""
        await self._session.execute(
            update(BroadcastRow)
            .where(BroadcastRow.id == before.id, BroadcastRow.last_user_id == user_id)
            .values(last_user_id=before.last_user_id)
        )

    async def count(self, broadcast_id: str, outcome: Outcome) -> None:
        """Count what became of one message."""
        column = getattr(BroadcastRow, outcome.value)
        await self._session.execute(
            update(BroadcastRow)
            .where(BroadcastRow.id == broadcast_id)
            .values({outcome.value: column + 1})
        )

    async def note_told(self, broadcast_id: str) -> None:
        """Note that its admin was told of the end."""
        await self._session.execute(
            update(BroadcastRow).where(BroadcastRow.id == broadcast_id).values(told_at=now())
        )

    async def remove_drafts(self, before: datetime) -> None:
        """Forget drafts that were never sent."""
        rows = await self._session.scalars(
            select(BroadcastRow).where(
                BroadcastRow.state == BroadcastState.DRAFT, BroadcastRow.created_at < before
            )
        )
        for row in rows:
            await self._session.delete(row)

    @property
    def claims(self) -> Claims:
        """What replicas have in hand: what is being sent, and an end that is not told."""
        # What is being sent has no end that could be told; the index is of those not told.
        is_left = BroadcastRow.told_at.is_(None) & or_(
            BroadcastRow.state == BroadcastState.RUNNING, BroadcastRow.ended_at.is_not(None)
        )
        return Claims(self._session, BroadcastRow, is_left)

    async def _lock(self, broadcast_id: str) -> BroadcastRow | None:
        return await self._session.get(
            BroadcastRow, broadcast_id, with_for_update=True, populate_existing=True
        )


def _is_in(audience: Audience) -> ColumnElement[bool]:
    is_let_in = ~exists().where(BlockRow.user_id == User.id)
    match audience:
        case Audience.ALL:
            return is_let_in
        case Audience.PAYERS:
            paid = exists().where(Wallet.user_id == User.id, Payment.wallet_id == Wallet.id)
            return is_let_in & paid
        case Audience.ENGLISH | Audience.RUSSIAN:
            return is_let_in & (User.language == Language(audience.value))
