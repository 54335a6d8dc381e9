"""The processes of a soak, the control plane, and what is known of the kills."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import aiohttp

from tests.e2e.driver import Json, Sandbox
from tests.e2e.processes import Process, bot_process, sandbox_process, start_bot
from tests.e2e.replicas import Balancer, replica_process
from tests.soak.postgres import database_on_postgres

TRAINING_S = 3.0
FAL_RUNNERS = 40
BUDGET_USD = 100_000

FREE_CREDITS = 24

BOT_SETTINGS = {
    "POLL_INTERVAL": "0.5",
    "RECONCILE_TIME": "8",
    # A submit that never reached fal is looked for until then.
    "JOB_DEADLINE": "120",
    "DAILY_TRAININGS": "1000",
    "DAILY_IMAGES": "10000",
    "DAILY_BUDGET_USD": str(BUDGET_USD),
    "PAYMENTS": "stars",
    "STAR_PACKS": "40, 100+10, 250+30",
    "SUBSCRIPTION": "50:60",
    "FREE_CREDITS": str(FREE_CREDITS),
    "FREE_INSTANT": "on",
}

OPERATOR = 1
"""The Telegram id of the admin."""

EDIT_STARS = 9

PRICES = f"""
[training."fal-ai/flux-lora-fast-training"]
economy = 60
standard = 90
[pictures."fal-ai/flux-lora"]
standard = 12
[enlarging."fal-ai/seedvr/upscale/image"]
standard = 7
[editing."fal-ai/flux-2/edit"]
standard = {EDIT_STARS}
"""


@dataclass
class Stage:
    """A running sandbox with a running bot, or several on one database.

    Attributes:
        database: The URL of the database.
        kills: When a bot was killed, seconds since the epoch.
        deaths: What a bot printed last whenever it ended by itself.
    """

    server: Process
    bots: list[Process]
    database: str
    sandbox: Sandbox
    http: aiohttp.ClientSession
    kills: list[float] = field(default_factory=list)
    deaths: list[str] = field(default_factory=list)

    @property
    def runs(self) -> bool:
        """Whether all bots run."""
        return all(bot.runs for bot in self.bots)

    async def crash(self, dice: random.Random) -> None:
        """Kill a bot as a crash would, and start it again."""
        bot = dice.choice([bot for bot in self.bots if not bot.runs] or self.bots)
        if not bot.runs:
            self.deaths.append(bot.printed()[-2000:])
        self.kills.append(time.time())
        await asyncio.to_thread(bot.kill)
        await self.keep_alive()

    async def start_anew(self) -> None:
        """Kill all bots and start them: a start reads Telegram's whole statement."""
        for bot in self.bots:
            if bot.runs:
                self.kills.append(time.time())
            await asyncio.to_thread(bot.kill)
        await self.keep_alive()

    async def keep_alive(self) -> None:
        """Start the bots that do not run, and wait until they work."""
        for bot in self.bots:
            await asyncio.to_thread(start_bot, bot)

    async def calm(self) -> None:
        """Have everything work: no faults, as many runners as users want, short trainings."""
        await self.sandbox.ask("DELETE", "faults")
        await self.sandbox.ask("DELETE", "fal/scenario")
        await self.sandbox.ask("DELETE", "telegram/scenario")
        await self.sandbox.scenario(concurrency=FAL_RUNNERS)
        await self.sandbox.clock("seconds", TRAINING_S)

    async def tries(self, method: str, path: str, body: Json) -> bool:
        """Do what may not be possible any more; tells whether it was."""
        url = f"{self.sandbox.url}/sandbox/{path}"
        async with self.http.request(method, url, json=body) as answer:
            return answer.status < HTTPStatus.BAD_REQUEST

    async def pending_updates(self) -> int:
        """Count the updates that Telegram still keeps for the bot."""
        return int((await self.sandbox.ask("GET", "state"))["pending_updates"])


@asynccontextmanager
async def running_stage(folder: Path, replicas: int) -> AsyncIterator[Stage]:
    """Run all for the length of an `async with`; what still runs at its end is killed.

    Args:
        folder: Where they run and print; it is empty.
        replicas: How many bots. More than one are on PostgreSQL, pushed to by Telegram and fal.
    """
    (folder / "sandbox").mkdir()
    server = sandbox_process(folder / "sandbox", sketches=False)
    bots: list[Process] = []
    with ExitStack() as stack:
        stack.callback(server.kill)
        server.start()
        url = await asyncio.to_thread(server.printed_match, r"TELEGRAM_API_URL=(\S+)")
        prices = folder / "prices.toml"
        prices.write_text(PRICES)
        settings = {**BOT_SETTINGS, "PRICES_FILE": str(prices.resolve()), "ADMINS": str(OPERATOR)}
        if replicas == 1:
            (folder / "bot").mkdir()
            database = f"sqlite+aiosqlite:///{folder / 'bot' / 'bot.db'}"
            bots.append(bot_process(url, folder / "bot", **settings))
        else:
            database = stack.enter_context(database_on_postgres())
            balancer = Balancer(replicas)
            stack.enter_context(balancer.running())
            for number, port in enumerate(balancer.ports):
                own = folder / f"bot{number}"
                own.mkdir()
                bots.append(replica_process(url, own, database, balancer, port, **settings))
        for bot in bots:
            stack.callback(bot.kill)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(connector=connector) as http:
            stage = Stage(server, bots, database, Sandbox(http, url), http)
            await stage.calm()
            await stage.keep_alive()
            yield stage
