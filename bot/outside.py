"""How updates reach the bot: asked for, or pushed to its HTTP server."""

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiogram import Bot

from api.door import FalDoor, UpdateDoor
from api.offered import ApiOffered
from bot.intake import Intake
from bot.polling import Polling
from bot.refusals import Refusals
from bot.settings import Settings
from bot.webhook import Updates, Webhook, secret_for
from services.health import Health
from services.jobs.replica import Replica

logger = logging.getLogger(__name__)

ANSWER_WITHIN_S = 2.0
"""How long the database may take before the bot is not ready: load balancers ask every second."""


@dataclass(frozen=True)
class Outside:
    """All that comes from outside goes through here.

    Attributes:
        settings: PUBLIC_URL and HTTP_PORT among them.
        replica: Its database is looked at when somebody asks whether the bot is ready, and it
            says whose turn it is to ask Telegram.
        bot: Whose updates are taken.
        intake: Where they go.
        kinds: Which kinds of updates Telegram is to give.
        telegram_health: Whether Telegram answers.
        refusals: Whether it refuses the bot for long.
        listener: Of the HTTP server; None where there is none.
        fal_door: Where fal's calls go; None where it makes none.
        api: What the API is built on.
        refused_updates: How many updates were refused that Telegram has not sent, by the reason.
    """

    settings: Settings
    replica: Replica
    bot: Bot
    intake: Intake
    kinds: Sequence[str]
    telegram_health: Health
    refusals: Refusals
    listener: socket.socket | None
    fal_door: FalDoor | None
    api: ApiOffered
    refused_updates: Counter[str] = field(default_factory=Counter)

    async def take_updates(self, stop: asyncio.Event) -> None:
        """Take updates until `stop` is set."""
        token = self.settings.bot_token.get_secret_value()
        if not self.settings.public_url:
            async with AsyncExitStack() as stack:
                await self._serve(stack, None)
                turn, refusals = self.replica.turn, self.refusals
                await Polling(self.bot, self.intake, self.kinds, turn, refusals).run(stop)
            return
        secret = secret_for(token)
        url = self.settings.public_url
        webhook = Webhook(self.bot, url, secret, self.kinds, self.refusals)
        async with AsyncExitStack() as stack:
            updates = Updates(self.intake)
            await self._serve(stack, webhook, updates)
            await webhook.run(stop)
            updates.is_stopping = True

    @property
    def refused(self) -> Mapping[str, Mapping[str, int]]:
        """How many calls were refused, by the caller they pretend to be and the reason."""
        fal = self.fal_door.refused if self.fal_door is not None else {}
        return {"telegram": self.refused_updates, "fal": fal}

    async def _serve(
        self, stack: AsyncExitStack, webhook: Webhook | None, updates: Updates | None = None
    ) -> None:
        if self.listener is None:
            return
        # Imported only where it is needed: it takes 12 MB and a quarter of a second.
        from api.app import Served, build_app  # noqa: PLC0415
        from bot.web import serving  # noqa: PLC0415

        async def troubles() -> list[str]:
            return await self._troubles(webhook)

        token = self.settings.bot_token.get_secret_value()
        door = None
        if updates is not None:
            door = UpdateDoor(secret_for(token), updates.take, self.refused_updates)
        path = urlsplit(self.settings.public_url).path
        served = Served(troubles, door, path, self.fal_door, self.api, self.settings.public_url)
        await stack.enter_async_context(serving(build_app(served), self.listener))

    async def _troubles(self, webhook: Webhook | None) -> list[str]:
        lines = []
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                await self.replica.database.ping()
        except Exception:  # noqa: BLE001  # drivers raise whatever they like
            lines.append("the database does not answer")
        if not self.replica.is_sure:
            lines.append("the lease of this replica is overdue")
        if self.telegram_health.is_down:
            lines.append("Telegram does not answer")
        if advice := self.refusals.lasting:
            lines.append(advice)
        if webhook is not None and not webhook.is_set:
            lines.append("the webhook is not set")
        return lines
