"""Whether Telegram refuses the bot itself, and for so long that somebody has to see to it."""

import logging
import time
from collections.abc import Callable

from aiogram.exceptions import (
    TelegramConflictError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)

from services.health import Health

logger = logging.getLogger(__name__)

WEBHOOK = "webhook"
"""In the words of a 409 that is not about a second poller."""

LASTING_S = 60.0
"""For so long a refusal must last: when one start takes over from another, both ask meanwhile."""

OVER_AFTER_S = 90.0
"""Without a refusal for so long, it is over. Two that ask in turn each have answers in between; a
pause and a long poll take less."""


class Refusals:
    """Notes refusals of what is asked all the time: updates, or the webhook.

    Args:
        health: Whether Telegram answers.
        clock: Seconds that only grow.
    """

    def __init__(self, health: Health, clock: Callable[[], float] = time.monotonic) -> None:
        self._health = health
        self._clock = clock
        self._since_s = self._last_s = 0.0
        self._advice = ""
        self._is_told = False

    def note(self, error: Exception) -> None:
        """Note a failed call; a lasting refusal is logged once, with what to do."""
        advice = _advice(error)
        if not advice:
            return
        moment_s = self._clock()
        if not self._advice or moment_s - self._last_s >= OVER_AFTER_S:
            self._since_s, self._is_told = moment_s, False
        self._advice, self._last_s = advice, moment_s
        if self.lasting and not self._is_told:
            self._is_told = True
            logger.error("%s", advice)

    @property
    def lasting(self) -> str:
        """What to do about a refusal that lasts; empty where there is none."""
        is_over = self._clock() - self._last_s >= OVER_AFTER_S
        return "" if is_over or self._last_s - self._since_s < LASTING_S else self._advice

    @property
    def is_down(self) -> bool:
        """Whether Telegram does not answer, or refuses for long."""
        return self._health.is_down or bool(self.lasting)


def _advice(error: Exception) -> str:
    # None of the words holds the token.
    match error:
        case TelegramUnauthorizedError():
            return (
                "BOT_TOKEN: Telegram refuses it (401): it was revoked; take the new one from"
                " @BotFather and start again"
            )
        case TelegramNotFound():
            return (
                "BOT_TOKEN: Telegram knows no such bot (404): compare it with @BotFather's, and"
                " TELEGRAM_API_URL with the address of your server, and start again"
            )
        case TelegramConflictError() if WEBHOOK in error.message:
            return "BOT_TOKEN: another program sets a webhook with it (409): stop that one"
        case TelegramConflictError():
            return "BOT_TOKEN: another process asks for updates with it (409): stop one of them"
        case _:
            return ""
