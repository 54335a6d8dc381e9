"""Who may use the bot, and who is an admin."""

import logging
import math
import secrets
import time
from collections.abc import Awaitable, Callable

from db.database import Database
from services.errors import NotAllowed, NotClaimed

logger = logging.getLogger(__name__)

CODE_BYTES = 10
"""80 random bits as 20 hexadecimal digits: no guess, and short enough to be typed."""

WRONG_TRIES = 10
"""A code is replaced after so many wrong ones."""


KNOWN_FOR_S = 60.0
"""How long the list of admins is taken for true where it is asked for at every update."""


class Access:
    """Who is let in, by the settings and the database.

    With `is_open` that is everyone. Otherwise it is who the settings name, and where they name
    nobody, the first to send the one-time code, who becomes the admin. Admins of the settings
    replace whoever became one by a code.

    Args:
        database: Where an admin by code is kept.
        is_open: Whether everyone is let in.
        allowed_users: Telegram ids of people to let in.
        admins: Telegram ids of admins, who are let in as well.
    """

    def __init__(
        self,
        database: Database,
        *,
        is_open: bool,
        allowed_users: frozenset[int] = frozenset(),
        admins: frozenset[int] = frozenset(),
    ) -> None:
        self._database = database
        self._is_open = is_open
        self._allowed_users = allowed_users
        self._admins = admins
        self._code: str | None = None
        self._wrong_tries = 0
        self._known: frozenset[int] = frozenset()
        self._known_at_s = -math.inf
        self._announce: Callable[[str], Awaitable[None]] = _to_nobody

    async def admins(self) -> frozenset[int]:
        """Return the Telegram ids of all admins."""
        if self._admins:
            return self._admins
        async with self._database.transaction() as tx:
            return await tx.admins.all()

    async def is_admin(self, user_id: int) -> bool:
        """Return whether somebody is an admin, as it was known at most a minute ago."""
        if self._admins:
            return user_id in self._admins
        if time.monotonic() - self._known_at_s > KNOWN_FOR_S:
            self._known, self._known_at_s = await self.admins(), time.monotonic()
        return user_id in self._known

    async def invite(self, announce: Callable[[str], Awaitable[None]]) -> None:
        """Make a one-time code and announce it, unless somebody is let in already.

        Args:
            announce: Shows a code to the operator alone; called again with each new code.
        """
        if not (self._is_open or self._allowed_users or await self.admins()):
            self._announce = announce
            await self._renew()

    async def admit(self, user_id: int, code: str | None = None) -> bool:
        """Let somebody in.

        Args:
            user_id: Telegram's id.
            code: What they sent as a one-time code, if anything.

        Returns:
            Whether the code has just made them the admin.

        Raises:
            NotAllowed: The operator lets only others in.
            NotClaimed: The bot has no admin yet, and this is not the code.
        """
        if self._is_open or user_id in self._allowed_users or user_id in await self.admins():
            return False
        if self._code is None:
            raise NotAllowed(id=str(user_id))
        if code is None:
            raise NotClaimed
        if not secrets.compare_digest(code.strip().lower().encode(), self._code.encode()):
            await self._count_wrong_try()
            raise NotClaimed
        await self._claim(user_id)
        return True

    async def _claim(self, user_id: int) -> None:
        # Spent before anything is awaited: nobody else can send it meanwhile.
        code, self._code = self._code, None
        try:
            async with self._database.transaction() as tx:
                await tx.admins.add(user_id)
        except BaseException:
            self._code = code
            raise
        self._known_at_s = -math.inf
        logger.warning("user %s is the admin now", user_id)

    async def _count_wrong_try(self) -> None:
        self._wrong_tries += 1
        if self._wrong_tries >= WRONG_TRIES:
            await self._renew()

    async def _renew(self) -> None:
        self._code, self._wrong_tries = secrets.token_hex(CODE_BYTES), 0
        await self._announce(self._code)


async def _to_nobody(_code: str) -> None:
    return
