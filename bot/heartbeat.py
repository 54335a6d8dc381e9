"""A sign of life for other processes: a file as old as the last question for updates."""

import contextlib
import hashlib
import http.client
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dotenv import dotenv_values

if TYPE_CHECKING:
    from aiogram import Bot

ENV_FILE = ".env"

QUIET_S = 120.0
"""A poll takes 40 s at most, and 30 s more may be waited after one that failed."""

ANSWER_WITHIN_S = 5.0

SIGNS = frozenset({"getUpdates", "setWebhook", "getWebhookInfo"})
"""What is called all the time: polls, or with a webhook a look at it each minute."""


def heartbeat_file() -> Path:
    """Return the file of the bot that runs in this folder: `health` has no other settings."""
    place = hashlib.sha256(os.fsencode(Path.cwd())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"neurophoto-{os.getuid()}-{place}.alive"


class Heartbeat:
    """Marks every question for updates, or about their webhook, whatever Telegram answers."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def touch(self) -> None:
        """Show a sign of life; also for a replica that waits for its turn to ask."""
        # A full disk stops no bot.
        with contextlib.suppress(OSError):
            self._path.touch(mode=0o600)

    async def __call__(
        self, make_request: Callable[..., Awaitable[Any]], bot: "Bot", method: object
    ) -> Any:  # noqa: ANN401  # whatever Telegram answers
        """Pass a request on."""
        if getattr(method, "__api_method__", "") in SIGNS:
            self.touch()
        return await make_request(bot, method)


def health() -> tuple[bool, str]:
    """Return whether the bot of this folder works, and the words for it.

    It has asked Telegram, and answers `/healthz` where the environment or `.env` names HTTP_PORT.
    """
    is_well, words = _asks_telegram()
    host, port = _setting("HTTP_HOST"), _setting("HTTP_PORT")
    if is_well and port.isdecimal() and not _answers(host, port):
        return False, f"/healthz does not answer at port {port}"
    return is_well, words


def _setting(name: str) -> str:
    # As the bot reads them; to import `bot.settings` takes seconds.
    in_file = {key.upper(): value for key, value in dotenv_values(ENV_FILE).items()}
    return os.environ.get(name) or in_file.get(name) or ""


def _answers(host: str, port: str) -> bool:
    if host in {"", "0.0.0.0", "::"}:  # noqa: S104  # what listens everywhere listens here
        host = "127.0.0.1"
    connection = http.client.HTTPConnection(host, int(port), timeout=ANSWER_WITHIN_S)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _asks_telegram() -> tuple[bool, str]:
    try:
        quiet_s = time.time() - heartbeat_file().stat().st_mtime
    except OSError:
        return False, "no bot has asked Telegram for updates from this folder"
    if quiet_s > QUIET_S:
        return False, f"the bot has not asked Telegram for updates for {quiet_s:.0f} s"
    return True, f"the bot asked Telegram for updates {quiet_s:.0f} s ago"
