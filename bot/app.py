"""Starts the product and runs it until it is told to stop."""

import asyncio
import gc
import logging
import signal
from contextlib import AsyncExitStack
from dataclasses import replace
from socket import socket
from typing import TYPE_CHECKING

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import AiogramError
from aiogram.types import LinkPreviewOptions

from bot import admin_link
from bot.answer_models import AnswerModels
from bot.apologies import Apologies
from bot.composition import compose
from bot.heartbeat import Heartbeat, heartbeat_file
from bot.intake import Intake
from bot.lease_gate import GatedSession
from bot.listener import listening
from bot.migration import STOPS
from bot.outside import Outside
from bot.refusals import Refusals
from bot.settings import Settings
from db.database import Database
from handlers.telegram.commands import (
    register_commands,
    register_description,
    register_group_commands,
    register_profile_photo,
    register_short_description,
)
from handlers.telegram.errors import tell_given_up, tell_kept
from handlers.telegram.limiter import OutgoingLimiter
from handlers.telegram.middlewares import PatientRequests, TelegramWatch
from handlers.telegram.mini_app import MiniApp
from handlers.telegram.session import BotSession
from handlers.telegram.topics import LostTopics
from services.health import Health
from services.jobs.replica import Replica
from services.users.access import Access

if TYPE_CHECKING:
    from bot.metrics.serve import Metrics

logger = logging.getLogger(__name__)


async def run(settings: Settings, listener: socket | None) -> None:
    """Run the bot until SIGINT or SIGTERM, then let what is under way end.

    Args:
        settings: How.
        listener: What HTTP_PORT is listened on with; None where it is not set.

    Raises:
        PortTaken: METRICS_PORT cannot be listened on.
    """
    stop = asyncio.Event()
    for number in STOPS:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
    async with AsyncExitStack() as stack:
        metrics = _metrics(settings, stack)
        database = Database(settings.database_url)
        stack.push_async_callback(database.close)
        telegram_health = Health("Telegram")
        refusals = Refusals(telegram_health)
        limiter = OutgoingLimiter()
        replica = Replica(database)
        bot = make_bot(settings, telegram_health, limiter, replica)
        stack.push_async_callback(bot.session.close)
        heartbeat = Heartbeat(heartbeat_file())
        bot.session.middleware(heartbeat)
        access = _access(settings, database)
        rate = settings.telegram_messages_per_second
        replica.on_seen(lambda: limiter.allow(rate / len(replica.live)))
        replica.on_seen(lambda: None if replica.is_eldest else heartbeat.touch())
        await stack.enter_async_context(replica)
        seams = metrics.seams if metrics is not None else None
        composed = await compose(settings, replica, bot, telegram_health, access, stack, seams)
        is_polling = not settings.public_url
        await _greet(bot, composed.mini_app, settings, is_polling=is_polling)
        await access.invite(admin_link.in_log(bot))
        # What was made so far stays, and nearly none of it is garbage (1,300 objects of 390,000).
        # Without this the collector goes over all of it now and again, and the event loop waits
        # for up to half a second.
        gc.freeze()
        if settings.is_open and settings.access is None:
            logger.info("Telegram and fal are emulated and ACCESS is not set: everyone is let in")
        logger.info("started with trainers %s", ", ".join(settings.offered_trainers))
        dispatcher, fal_door = composed.dispatcher, composed.fal_door
        kinds = dispatcher.resolve_used_update_types()
        apologies = Apologies(kept=tell_kept, failed=tell_given_up)
        async with Intake(replica, bot, dispatcher, apologies) as intake:
            outside = Outside(
                settings,
                replica,
                bot,
                intake,
                kinds,
                telegram_health,
                refusals,
                listener,
                fal_door,
                replace(composed.api, stopping=stop),
            )
            if metrics is not None:
                healths = {"telegram": refusals, **composed.healths}
                budget_usd = float(settings.daily_budget_usd)
                served = metrics.served(
                    database, healths, outside.refused, budget_usd, composed.carried
                )
                await stack.enter_async_context(served)
            await outside.take_updates(stop)
        logger.info("stopping")
    logger.info("stopped")


def _metrics(settings: Settings, stack: AsyncExitStack) -> "Metrics | None":
    if settings.metrics_port is None:
        return None
    # Imported only where it is needed: it takes 15 MB.
    from bot.metrics.serve import Metrics  # noqa: PLC0415

    host, port = settings.metrics_host, settings.metrics_port
    return Metrics(stack.enter_context(listening(host, port, "METRICS_PORT")))


def make_bot(
    settings: Settings,
    health: Health,
    limiter: OutgoingLimiter | None = None,
    replica: Replica | None = None,
) -> Bot:
    """Return the bot on the configured Bot API server, whose answers are noted in `health`."""
    bot = make_plain_bot(settings, replica)
    bot.session.middleware(LostTopics())
    bot.session.middleware(PatientRequests())
    bot.session.middleware(limiter or OutgoingLimiter())
    bot.session.middleware(TelegramWatch(health))
    return bot


def make_plain_bot(settings: Settings, replica: Replica | None = None) -> Bot:
    """Return the bot without the middlewares that wait, repeat and count: it is told all."""
    api = TelegramAPIServer.from_base(settings.telegram_api_url)
    bot = Bot(
        settings.bot_token.get_secret_value(),
        session=GatedSession(replica, api=api) if replica else BotSession(api=api),
        # Not `link_preview_is_disabled`: aiogram sends that as a parameter of the past as well.
        default=DefaultBotProperties(
            parse_mode=ParseMode.HTML, link_preview=LinkPreviewOptions(is_disabled=True)
        ),
    )
    bot.session.middleware(AnswerModels())
    return bot


def _access(settings: Settings, database: Database) -> Access:
    return Access(
        database,
        is_open=settings.is_open,
        allowed_users=settings.allowed_users,
        admins=settings.admins,
    )


async def _greet(bot: Bot, mini_app: MiniApp, settings: Settings, *, is_polling: bool) -> None:
    # A webhook left from before would make every getUpdates fail; the rest is a courtesy.
    for greeting in (
        *((bot.delete_webhook(),) if is_polling else ()),
        register_commands(bot, pays=bool(settings.packs), can_try=bool(settings.instant_models)),
        register_group_commands(bot, is_on=settings.groups == "on"),
        register_description(bot),
        register_short_description(bot),
        register_profile_photo(bot),
        mini_app.register(),
    ):
        try:
            await greeting
        except (AiogramError, TimeoutError) as error:
            logger.warning("Telegram does not answer well at start: %s", type(error).__name__)
