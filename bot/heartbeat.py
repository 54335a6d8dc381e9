"""A sign of life that another process can see: a file whose time is that of the last poll."""

import contextlib
import hashlib
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiogram import Bot

QUIET_S = 120.0
"""A poll takes 40 s at most, and 30 s more may be waited after one that failed."""


def heartbeat_file() -> Path:
    """Return the file of the bot that runs in this folder: `health` has no other settings."""
    place = hashlib.sha256(os.fsencode(Path.cwd())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"neurophoto-{os.getuid()}-{place}.alive"


class Heartbeat:
    """Marks every poll for updates, whatever Telegram answers: what is seen is that we live."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def __call__(
        self, make_request: Callable[..., Awaitable[Any]], bot: "Bot", method: object
    ) -> Any:  # noqa: ANN401  # whatever Telegram answers
        """Pass a request on."""
        if getattr(method, "__api_method__", "") == "getUpdates":
            # A full disk stops no bot.
            with contextlib.suppress(OSError):
                self._path.touch(mode=0o600)
        return await make_request(bot, method)


def health() -> tuple[bool, str]:
    """Return whether the bot of this folder polls, and the words for it."""
    try:
        quiet_s = time.time() - heartbeat_file().stat().st_mtime
    except OSError:
        return False, "no bot has polled Telegram from this folder"
    if quiet_s > QUIET_S:
        return False, f"the bot has not polled Telegram for {quiet_s:.0f} s"
    return True, f"the bot polled Telegram {quiet_s:.0f} s ago"
