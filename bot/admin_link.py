"""Shows the operator the link that makes them the admin."""

import logging
from collections.abc import Awaitable, Callable

from aiogram import Bot
from aiogram.exceptions import AiogramError

logger = logging.getLogger(__name__)
# Shown at every LOG_LEVEL: before somebody opens the link, nobody can use the bot.
logger.setLevel(logging.WARNING)


def in_log(bot: Bot) -> Callable[[str], Awaitable[None]]:
    """Return a function that writes the link with a one-time code into the log, as one line."""

    async def announce(code: str) -> None:
        try:
            me = await bot.me()
        except (AiogramError, TimeoutError):
            logger.warning("ADMIN LINK: send the bot /start %s to become its admin", code)
            return
        link = f"https://t.me/{me.username}?start={code}"
        logger.warning(
            "ADMIN LINK: %s (whoever opens it first becomes the admin; until then nobody else"
            " is let in; sending /start %s does the same)",
            link,
            code,
        )

    return announce
