"""Users at the console: found by an id or a code, blocked and let in again."""

import logging
from collections.abc import Awaitable, Callable

from db.database import Database
from services.console.jobs import MAX_REASON
from services.domain.clock import now
from services.domain.console import Action, Block, Deed, Person
from services.domain.vocabulary import ChargeKind
from services.errors import NotFound, StaleButton
from services.lending.holding import withdraw_all
from services.money.limits import DAY

logger = logging.getLogger(__name__)

LISTED = 5
"""So many errors, actions and jobs of a user are shown."""

LONGEST_ID = 2**52
"""Telegram's ids have at most 52 bits (core.telegram.org/bots/api#user)."""


class People:
    """Use cases of admins about users.

    Args:
        database: Where users are kept.
        admins: Gives the ids of all admins, who cannot be blocked.
        are_paying: Whether users pay.
    """

    def __init__(
        self,
        database: Database,
        admins: Callable[[], Awaitable[frozenset[int]]],
        *,
        are_paying: bool = False,
    ) -> None:
        self._database = database
        self._admins = admins
        self._are_paying = are_paying

    async def find(self, words: str) -> int:
        """Return whom an id of Telegram's, the code of an error or the id of a job names.

        Raises:
            NotFound: Nobody.
        """
        word = words.strip()
        async with self._database.transaction() as tx:
            found = await tx.error_codes.user_of(word.lower())
            if found is None and word.isascii() and word.isdecimal() and int(word) < LONGEST_ID:
                is_known = await tx.users.get(int(word)) or await tx.blocks.of(int(word))
                found = int(word) if is_known else None
            if found is None and len(word) <= 16:
                found = await tx.console.owner_of(word)
        if found is None:
            raise NotFound
        return found

    async def card(self, user_id: int) -> Person:
        """Return what the console shows of a user.

        Raises:
            NotFound: There is no such user.
        """
        since = now() - DAY
        async with self._database.transaction() as tx:
            user = await tx.users.get(user_id)
            if user is None:
                raise NotFound
            thread = await tx.support.thread_of(user_id)
            wallet = await tx.wallets.find(user_id)
            nothing = 0 if self._are_paying else None
            return Person(
                user=user,
                block=await tx.blocks.of(user_id),
                trainings=await tx.console.trainings_of(user_id),
                models=await tx.console.models_of(user_id),
                pictures=await tx.console.pictures_of(user_id),
                trainings_today=await tx.charges.amount_of(user_id, ChargeKind.TRAINING, since),
                images_today=await tx.charges.amount_of(user_id, ChargeKind.IMAGE, since),
                under_way=await tx.console.under_way(LISTED, user_id),
                thread_id=thread.id if thread else None,
                codes=await tx.error_codes.of(user_id, LISTED),
                actions=await tx.actions.newest(LISTED, user_id),
                stars=wallet.available if wallet else nothing,
            )

    async def block(self, admin_id: int, user_id: int, reason: str) -> None:
        """Keep somebody out; what is under way for them ends as usual.

        What they lend goes back, as they could not take it back themselves.

        Raises:
            StaleButton: They are blocked already, or an admin.
        """
        if user_id in await self._admins():
            raise StaleButton
        words = reason[:MAX_REASON]
        async with self._database.transaction() as tx:
            block = Block(user_id=user_id, admin_id=admin_id, reason=words)
            await withdraw_all(tx, user_id)
            if not await tx.blocks.add(block):
                raise StaleButton
            await tx.actions.add(_action(admin_id, Deed.BLOCK, user_id, words))
        logger.info("admin %s has blocked user %s", admin_id, user_id)

    async def allow(self, admin_id: int, user_id: int, reason: str) -> None:
        """Let somebody in again.

        Raises:
            StaleButton: They are not blocked.
        """
        async with self._database.transaction() as tx:
            if not await tx.blocks.remove(user_id):
                raise StaleButton
            await tx.actions.add(_action(admin_id, Deed.ALLOW, user_id, reason[:MAX_REASON]))
        logger.info("admin %s lets user %s in again", admin_id, user_id)


def _action(admin_id: int, deed: Deed, user_id: int, reason: str) -> Action:
    return Action(admin_id=admin_id, deed=deed, user_id=user_id, reason=reason or None)
