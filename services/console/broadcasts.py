"""Messages of the operator to many users: prepared, sent one after the other, stopped."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from db.database import Database
from services.domain.broadcasts import Audience, Broadcast, BroadcastState, Outcome
from services.domain.clock import now
from services.domain.console import Action, Deed
from services.errors import DeliveryFailed, NotFound, StaleButton, UserUnreachable
from services.identifiers import new_id

logger = logging.getLogger(__name__)

SHARE = 0.25
"""The part of what may be sent that a broadcast takes: answers keep the rest."""

OUTAGE_PAUSE_S = 5.0
"""How long a broadcast waits before it looks again whether Telegram answers."""

DRAFTS_KEPT = timedelta(days=7)

LISTED = 5


class Herald(Protocol):
    """How a broadcast reaches people: implemented by the handlers."""

    async def send(self, user_id: int, broadcast: Broadcast) -> Outcome:
        """Send it to a user.

        Raises:
            DeliveryFailed: For sure it was not sent, and may be in `retry_after_s`.
        """
        ...

    async def tell_end(self, broadcast: Broadcast) -> None:
        """Tell its admin how it has ended.

        Raises:
            DeliveryFailed: Telegram did not take it; try again later.
        """
        ...


class Broadcasts:
    """Use cases of admins.

    Args:
        database: Where broadcasts are kept.
        carry: Has one sent on, now.
    """

    def __init__(self, database: Database, carry: Callable[[str], None]) -> None:
        self._database = database
        self._carry = carry

    async def draft(self, admin_id: int, text: str, photo_file_id: str | None) -> Broadcast:
        """Keep what is to be sent, as a draft."""
        broadcast = Broadcast(
            id=new_id(), admin_id=admin_id, text=text, photo_file_id=photo_file_id
        )
        async with self._database.transaction() as tx:
            await tx.broadcasts.remove_drafts(now() - DRAFTS_KEPT)
            await tx.broadcasts.add(broadcast)
        return broadcast

    async def sizes(self) -> Mapping[Audience, int]:
        """Count whom each audience has now."""
        async with self._database.transaction() as tx:
            return {audience: await tx.broadcasts.size(audience) for audience in Audience}

    async def get(self, broadcast_id: str) -> Broadcast:
        """Return a broadcast. Raises NotFound."""
        async with self._database.transaction() as tx:
            found = await tx.broadcasts.get(broadcast_id)
        if found is None:
            raise NotFound
        return found

    async def newest(self) -> Sequence[Broadcast]:
        """Return the last ones that were begun."""
        async with self._database.transaction() as tx:
            return await tx.broadcasts.newest(LISTED)

    async def begin(self, admin_id: int, broadcast_id: str, audience: Audience) -> None:
        """Begin to send a draft.

        Raises:
            StaleButton: It is being sent already, or is gone.
        """
        async with self._database.transaction() as tx:
            if not await tx.broadcasts.begin(broadcast_id, audience):
                raise StaleButton
            await tx.actions.add(_action(admin_id, Deed.BROADCAST, broadcast_id, audience))
        logger.warning("admin %s sends broadcast %s to %s", admin_id, broadcast_id, audience)
        self._carry(broadcast_id)

    async def stop(self, admin_id: int, broadcast_id: str) -> None:
        """Send to nobody more.

        Raises:
            StaleButton: It is not being sent.
        """
        async with self._database.transaction() as tx:
            if not await tx.broadcasts.stop(broadcast_id):
                raise StaleButton
            await tx.actions.add(_action(admin_id, Deed.BROADCAST_STOP, broadcast_id))
        self._carry(broadcast_id)


class BroadcastSending:
    """The step that the carrier calls for a broadcast: one user, one message.

    Whose turn it is is committed before the message leaves: a user is sent it at most once, and
    one whose turn a kill has cut off may not be sent it at all.

    Args:
        database: Where broadcasts are kept.
        herald: How people are reached.
        pace: Gives how many messages a second may leave here now.
        is_down: Tells whether Telegram does not answer.
    """

    def __init__(
        self,
        database: Database,
        herald: Herald,
        pace: Callable[[], float],
        is_down: Callable[[], bool],
    ) -> None:
        self._database = database
        self._herald = herald
        self._pace = pace
        self._is_down = is_down

    async def step(self, broadcast_id: str) -> float | None:
        """Send to the next user.

        Returns:
            Seconds to wait before the next one, None when nothing is left to do.

        Raises:
            DeliveryFailed: The end could not be told now.
        """
        if self._is_down():
            return OUTAGE_PAUSE_S
        async with self._database.transaction() as tx:
            taken = await tx.broadcasts.take_next(broadcast_id)
        before, user_id, is_away = taken or (None, None, False)
        if before is None or user_id is None:
            await self._end(broadcast_id)
            return None
        if is_away:
            return 0.0
        try:
            outcome = await self._herald.send(user_id, before)
        except DeliveryFailed as error:
            async with self._database.transaction() as tx:
                await tx.broadcasts.go_back(before, user_id)
            return max(error.retry_after_s or 0.0, 1.0 / self._pace())
        async with self._database.transaction() as tx:
            await tx.broadcasts.count(broadcast_id, outcome)
        return 1.0 / self._pace()

    async def _end(self, broadcast_id: str) -> None:
        async with self._database.transaction() as tx:
            broadcast = await tx.broadcasts.get(broadcast_id)
        if (
            broadcast is None
            or broadcast.told_at is not None
            or broadcast.state in {BroadcastState.DRAFT, BroadcastState.RUNNING}
        ):
            return
        try:
            await self._herald.tell_end(broadcast)
        except UserUnreachable:
            logger.info("broadcast %s: its admin cannot be told of its end", broadcast_id)
        async with self._database.transaction() as tx:
            await tx.broadcasts.note_told(broadcast_id)
        logger.info("broadcast %s is %s", broadcast_id, broadcast.state)


def _action(
    admin_id: int, deed: Deed, broadcast_id: str, audience: Audience | None = None
) -> Action:
    return Action(admin_id=admin_id, deed=deed, of_id=broadcast_id, reason=audience)
