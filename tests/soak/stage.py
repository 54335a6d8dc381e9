"""The two processes of a soak, the control plane, and what is known of the kills."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from tests.e2e.driver import Sandbox
from tests.e2e.processes import Process, bot_process, sandbox_process, start_bot

TRAINING_S = 3.0
FAL_RUNNERS = 40
BUDGET_USD = 100_000

BOT_SETTINGS = {
    "POLL_INTERVAL": "0.5",
    "RECONCILE_TIME": "8",
    # A submit that never reached fal is looked for until then.
    "JOB_DEADLINE": "120",
    "DAILY_TRAININGS": "1000",
    "DAILY_IMAGES": "10000",
    "DAILY_BUDGET_USD": str(BUDGET_USD),
}


@dataclass
class Stage:
    """A running sandbox with a running bot.

    Attributes:
        kills: When the bot was killed, seconds since the epoch.
        deaths: What the bot printed last whenever it ended by itself.
    """

    folder: Path
    server: Process
    bot: Process
    sandbox: Sandbox
    http: aiohttp.ClientSession
    kills: list[float] = field(default_factory=list)
    deaths: list[str] = field(default_factory=list)

    @property
    def database(self) -> Path:
        """The bot's SQLite file."""
        return self.folder / "bot" / "bot.db"

    async def crash(self) -> None:
        """Kill the bot as a crash would, and start it again."""
        if not self.bot.runs:
            self.deaths.append(self.bot.printed()[-2000:])
        self.kills.append(time.time())
        await asyncio.to_thread(self.bot.kill)
        await self.keep_alive()

    async def keep_alive(self) -> None:
        """Start the bot and wait until it works."""
        await asyncio.to_thread(start_bot, self.bot)

    async def calm(self) -> None:
        """Have everything work: no faults, as many runners as users want, short trainings."""
        await self.sandbox.ask("DELETE", "faults")
        await self.sandbox.ask("DELETE", "fal/scenario")
        await self.sandbox.scenario(concurrency=FAL_RUNNERS)
        await self.sandbox.clock("seconds", TRAINING_S)

    async def pending_updates(self) -> int:
        """Count the updates that Telegram still keeps for the bot."""
        return int((await self.sandbox.ask("GET", "state"))["pending_updates"])


@asynccontextmanager
async def running_stage(folder: Path) -> AsyncIterator[Stage]:
    """Run both for the length of an `async with`; what still runs at its end is killed."""
    for name in ("bot", "sandbox"):
        (folder / name).mkdir()
    server = sandbox_process(folder / "sandbox")
    server.start()
    bot: Process | None = None
    try:
        url = await asyncio.to_thread(server.printed_match, r"TELEGRAM_API_URL=(\S+)")
        bot = bot_process(url, folder / "bot", **BOT_SETTINGS)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as http:
            stage = Stage(folder, server, bot, Sandbox(http, url), http)
            await stage.calm()
            await stage.keep_alive()
            yield stage
    finally:
        if bot is not None:
            bot.kill()
        server.kill()
