"""Puts the product together and runs it until it is told to stop."""

import asyncio
import hashlib
import logging
import signal
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import AiogramError
from aiogram.fsm.storage.memory import SimpleEventIsolation

from bot.polling import Polling
from bot.settings import Settings
from db.database import Database
from db.migrate import migrate
from handlers.announcer import TelegramAnnouncer
from handlers.commands import register_commands
from handlers.contact_sheet_sender import ContactSheetSender
from handlers.delivery import Delivery
from handlers.desk import TelegramDesk
from handlers.fsm_storage import DatabaseStorage
from handlers.limiter import OutgoingLimiter
from handlers.middlewares import PatientRequests, TelegramWatch, UserMiddleware
from handlers.routing import build_router
from handlers.telegram_files import TelegramFiles
from services.accounts import AccountProbe, AccountWatch
from services.carrier import Carrier
from services.contact_sheets import ContactSheets
from services.draft_expiry import DraftExpiry
from services.drafts import DraftService
from services.fal.circuit import FalCircuit
from services.fal.client import FalClient
from services.gallery import GalleryService
from services.generation.carrying import GenerationSteps
from services.generation.preview import Previews
from services.generation.service import GenerationService
from services.health import Health
from services.lids import Lids, Till
from services.models import ModelService
from services.nursery import Nursery
from services.operator import Operator
from services.panel import PanelService
from services.photo_check import PhotoChecks
from services.photos.worker import PhotoWorker
from services.pictures import PictureService
from services.presets.file import load_presets
from services.presets.service import PresetService
from services.prices import PriceList
from services.privacy import PrivacyService
from services.rules import TrainingRules
from services.training.carrying import TrainingSteps
from services.training.packing import Packing, emptied_folder
from services.training.service import TrainingService
from services.users import UserService
from services.views import Views

logger = logging.getLogger(__name__)

PROBE_POLLS = 6
"""While orders are paused, fal is asked every sixth poll interval: half a minute by default."""

RETRY_LOOK_S = 60.0


async def run(settings: Settings) -> None:
    """Run the bot until SIGINT or SIGTERM, then let what is under way end."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url)
        stack.push_async_callback(database.close)
        await migrate(database)
        telegram_health = Health("Telegram")
        bot = make_bot(settings, telegram_health)
        stack.push_async_callback(bot.session.close)
        dispatcher = await compose(settings, database, bot, telegram_health, stack)
        await _greet(bot)
        logger.info("started with trainers %s", ", ".join(settings.trainers))
        await Polling(bot, dispatcher).run(stop)
        logger.info("stopping")
    logger.info("stopped")


def make_bot(settings: Settings, health: Health) -> Bot:
    """Give the bot on the configured Bot API server, whose answers are noted in `health`."""
    server = TelegramAPIServer.from_base(settings.telegram_api_url)
    session = AiohttpSession(api=server)
    session.middleware(PatientRequests())
    session.middleware(OutgoingLimiter())
    session.middleware(TelegramWatch(health))
    return Bot(
        settings.bot_token.get_secret_value(),
        session=session,
        default=DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True),
    )


async def compose(
    settings: Settings,
    database: Database,
    bot: Bot,
    telegram_health: Health,
    stack: AsyncExitStack,
) -> Dispatcher:
    """Wire services and handlers, start what runs in the background, and resume its work.

    Args:
        settings: The operator's choices.
        database: Migrated.
        bot: How Telegram is spoken to.
        telegram_health: Whether it answers.
        stack: Closes what is opened here, in reverse order.
    """
    rules = TrainingRules(
        min_photos=settings.min_photos,
        max_photos=settings.max_photos,
        trainers=settings.trainers,
        poll_interval_s=settings.poll_interval,
        job_deadline_s=settings.job_deadline,
        reconcile_for_s=settings.reconcile_time,
    )
    fal_client = await stack.enter_async_context(
        FalClient(settings.fal_key.get_secret_value(), settings.fal_api_url)
    )
    fal_health = Health("fal")
    fal = FalCircuit(fal_client, fal_health)
    worker = await stack.enter_async_context(PhotoWorker())
    nursery = await stack.enter_async_context(Nursery())
    views = Views(database)
    prices = PriceList(fal, settings.training_price_usd, settings.image_price_usd)
    pictures = PictureService(database, fal)
    delivery = Delivery(bot, views, pictures, by_address=not settings.fal_api_url)
    announcer = TelegramAnnouncer(
        bot, delivery, views, rules, nursery, fal_health, telegram_health
    )
    files = TelegramFiles(bot)
    carriers: list[Carrier] = []
    healths = (fal_health, telegram_health)

    async def resume() -> None:
        for carrier in carriers:
            await carrier.resume()

    users = UserService(database, resume)
    lids = Lids(
        daily_trainings=settings.daily_trainings,
        daily_images=settings.daily_images,
        running_trainings=settings.running_trainings,
        daily_budget_usd=settings.daily_budget_usd,
    )
    till = Till(lids)
    operator = Operator(database, TelegramDesk(bot, users, settings.admins))

    checks = PhotoChecks(database, rules, files, worker, announcer)
    check_carrier = Carrier("photo check", nursery, checks.unfinished, checks.step, healths)
    generation_steps = GenerationSteps(database, rules, fal, announcer, till, operator)
    generation_carrier = Carrier(
        "generation", nursery, generation_steps.unfinished, generation_steps.step, healths
    )
    previews = Previews(settings.preview_images, prices, till, generation_carrier.carry)
    training_steps = TrainingSteps(
        database,
        rules,
        fal,
        Packing(files, worker, emptied_folder(_folder_name(settings, bot))),
        announcer,
        till,
        operator,
        previews,
    )
    training_carrier = Carrier(
        "training", nursery, training_steps.unfinished, training_steps.step, healths
    )

    carriers += (check_carrier, training_carrier, generation_carrier)
    dispatcher = Dispatcher(
        storage=DatabaseStorage(database),
        events_isolation=SimpleEventIsolation(),
    )
    dispatcher["users"] = users
    dispatcher["drafts"] = DraftService(
        database, rules, prices, check_carrier.carry, training_carrier.carry, till
    )
    dispatcher["trainings"] = TrainingService(database, prices, training_carrier.carry, till)
    generations = GenerationService(database, prices, generation_carrier.carry, till)
    dispatcher["generations"] = generations
    catalogue = load_presets(settings.presets_file)
    dispatcher["presets"] = PresetService(catalogue, database, rules, prices, generations)
    dispatcher["models"] = ModelService(database, fal, till, announcer)
    admin_fal = await _admin_fal(settings, stack)
    accounts = AccountWatch(database, operator, lids, admin_fal, settings.low_balance_usd)
    sheets = ContactSheets(database, files, worker, check_carrier.carry)
    dispatcher["sheet_sender"] = ContactSheetSender(bot, sheets, announcer, nursery)
    dispatcher.workflow_data.update(
        views=views,
        rules=rules,
        prices=prices,
        announcer=announcer,
        accounts=accounts,
        panels=PanelService(database, prices),
        privacy=PrivacyService(database, fal),
        sheets=sheets,
        pictures=pictures,
        delivery=delivery,
        gallery=GalleryService(database, pictures),
    )
    dispatcher.update.outer_middleware(UserMiddleware(users, settings.allowed))
    dispatcher.include_router(build_router(settings.admins))

    probe = AccountProbe(database, operator, fal, every_s=PROBE_POLLS * rules.poll_interval_s)
    looks = {
        "price list": prices.refresh,
        "accounts": accounts.look,
        "account probe": probe.look,
        "old drafts": DraftExpiry(database, announcer).look,
    }
    for name, look in looks.items():
        nursery.start(_again_and_again(look), name=name)
    for carrier in carriers:
        stack.push_async_callback(carrier.drain)
    await resume()
    return dispatcher


def _folder_name(settings: Settings, bot: Bot) -> str:
    # One bot has one database, so no other process uses the folder that is emptied.
    digest = hashlib.sha256(settings.database_url.encode()).hexdigest()
    return f"neurophoto-{bot.id}-{digest[:12]}"


async def _admin_fal(settings: Settings, stack: AsyncExitStack) -> FalClient | None:
    if settings.fal_admin_key is None:
        return None
    key = settings.fal_admin_key.get_secret_value()
    return await stack.enter_async_context(FalClient(key, settings.fal_api_url))


async def _again_and_again(look: Callable[[], Awaitable[float]]) -> None:
    while True:
        try:
            delay_s = await look()
        except Exception:
            # A database that is locked for once must not end the looking for good.
            logger.exception("a look failed and is tried again")
            delay_s = RETRY_LOOK_S
        await asyncio.sleep(delay_s)


async def _greet(bot: Bot) -> None:
    # A webhook left from before would make every getUpdates fail; the commands are a courtesy.
    for greeting in (bot.delete_webhook(), register_commands(bot)):
        try:
            await greeting
        except (AiogramError, TimeoutError) as error:
            logger.warning("Telegram does not answer well at start: %s", type(error).__name__)
