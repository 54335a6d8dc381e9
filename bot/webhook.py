"""Has Telegram push its updates to PUBLIC_URL, instead of asking for them."""

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import Sequence
from http import HTTPStatus

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramRetryAfter
from aiogram.types import WebhookInfo

from api.door import PATH, NoRoom
from bot.incoming import number_of
from bot.intake import Intake
from bot.refusals import Refusals
from bot.unless import unless

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0
"""How often it is looked whether Telegram still pushes here, and what it says of that."""

FIRST_RETRY_S = 1.0
LAST_RETRY_S = 30.0

ROOM_WITHIN_S = 5.0
"""How long an update may wait for room in the intake; then Telegram keeps it for later."""

CONNECTIONS = 100
"""Updates pushed at once. Telegram allows no more; each is answered as soon as it is kept."""


def secret_for(token: str) -> str:
    """Return what Telegram sends with each update: the same from all replicas, told by none."""
    return hmac.new(token.encode(), b"telegram webhook", hashlib.sha256).hexdigest()


class Updates:
    """Takes what Telegram pushes.

    Args:
        intake: Where updates go.
    """

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self.is_stopping = False

    async def take(self, body: bytes) -> None:
        """Keep one update.

        Raises:
            NoRoom: It is not kept; Telegram is to give it again.
            DatabaseUnavailable: The same.
        """
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            update = None
        if number_of(update) is None:
            # Given again, it would hold up all that comes after it in its chat for a day.
            logger.error("what Telegram pushed is no update and is skipped: %d bytes", len(body))
            return
        if self.is_stopping:
            raise NoRoom
        try:
            async with asyncio.timeout(ROOM_WITHIN_S):
                await self._intake.room()
        except TimeoutError:
            raise NoRoom from None
        await self._intake.take([update])


class Webhook:
    """Sets the webhook, and sees to it that it stays.

    Args:
        bot: Whose updates.
        url: What PUBLIC_URL says.
        secret: See `secret_for`.
        kinds: Which kinds of updates Telegram is to push.
        refusals: Told of what Telegram refuses.
    """

    def __init__(
        self, bot: Bot, url: str, secret: str, kinds: Sequence[str], refusals: Refusals
    ) -> None:
        self._bot = bot
        self._url = url + PATH
        self._secret = secret
        self._kinds = list(kinds)
        self._refusals = refusals
        self._failures = 0
        self._told = ""
        self.is_set = False

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the webhook until `stop` is set. It is left then: what comes meanwhile waits."""
        while not stop.is_set():
            pause_s = LOOK_EVERY_S
            try:
                await self._look()
                self._failures = 0
            except (AiogramError, TimeoutError) as error:
                pause_s = self._pause_s(error)
            await unless(stop, asyncio.sleep(pause_s))

    async def _look(self) -> None:
        info = await self._bot.get_webhook_info() if self.is_set else None
        if info is None or info.url != self._url:
            if info is not None:
                logger.warning("somebody else has changed the webhook; it is set again")
            # What waits at Telegram is kept: it is never told to drop anything.
            await self._bot.set_webhook(
                self._url,
                secret_token=self._secret,
                allowed_updates=self._kinds,
                max_connections=CONNECTIONS,
            )
            logger.info("Telegram pushes updates to %s", self._url)
            self.is_set = True
        else:
            self._tell(info)

    def _tell(self, info: WebhookInfo) -> None:
        """Log once what keeps Telegram from pushing."""
        waits = info.pending_update_count > 0
        words = (info.last_error_message or "") if waits else ""
        if words and words != self._told:
            logger.warning("Telegram cannot push updates to %s: %s", self._url, words)
        self._told = words

    def _pause_s(self, error: Exception) -> float:
        self._failures += 1
        self._refusals.note(error)
        if isinstance(error, TelegramBadRequest) and error.message != self._told:
            self._told = error.message
            logger.error(
                "PUBLIC_URL: Telegram refuses it with %s (%s)",
                HTTPStatus.BAD_REQUEST.value,
                error.message,
            )
        pause_s = min(FIRST_RETRY_S * 2.0 ** min(self._failures - 1, 10), LAST_RETRY_S)
        if isinstance(error, TelegramRetryAfter):
            return max(pause_s, error.retry_after)
        return pause_s
