"""What one sandbox application holds."""

from dataclasses import dataclass

from aiohttp import web

from sandbox.botprocess import BotProcess
from sandbox.events import EventLog
from sandbox.fal import FalEmulator
from sandbox.telegram import TelegramEmulator
from sandbox.wire import Wire


@dataclass
class Sandbox:
    """Both emulators and what is between them and the bot.

    Attributes:
        bot: the bot's process when the sandbox runs it, else None.
    """

    telegram: TelegramEmulator
    fal: FalEmulator
    wire: Wire
    events: EventLog
    bot: BotProcess | None = None

    @property
    def bot_running(self) -> bool | None:
        """Whether the bot runs; None when it is not ours."""
        return None if self.bot is None else self.bot.running

    @property
    def bot_ready(self) -> bool | None:
        """Whether the bot has asked for updates since it started; None when it is not ours."""
        return self.bot_running and self.telegram.updates.asked.is_set()


SANDBOX = web.AppKey("sandbox", Sandbox)
