"""What most of the product is built on."""

import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiogram import Bot

from bot.fal_address import fal_address
from bot.seams import Seams
from bot.settings import Settings
from db.database import Database
from handlers.announcer import TelegramAnnouncer
from handlers.generate.delivery import Delivery
from handlers.generate.enlarge_live import EnlargeLive
from handlers.generate.live import GenerateLive
from handlers.telegram.files import TelegramFiles
from handlers.telegram.outgoing import Outgoing
from handlers.train.live import TrainLive
from services.enlarging.views import EnlargementViews
from services.fal.circuit import FalCircuit
from services.fal.client import FalClient
from services.generation.views import GenerationViews
from services.health import Health
from services.jobs.nursery import Nursery
from services.jobs.replica import Replica
from services.money.limits import Ledger, SpendingLimits
from services.money.prices import PriceList
from services.photos.coach import weights
from services.photos.worker import PhotoWorker
from services.pictures.marks import Mark, Marks
from services.pictures.service import PictureService
from services.prompts.wording import PromptSettings, Wording
from services.rules import TrainingRules
from services.training.coach import Coach
from services.training.views import TrainingViews
from services.users.reach import Reach
from services.webhooks.post import Post

if TYPE_CHECKING:
    from services.copies.service import FileCopies

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parts:
    """What most of the product is built on."""

    settings: Settings
    database: Database
    replica: Replica
    bot: Bot
    rules: TrainingRules
    limits: SpendingLimits
    fal: FalCircuit
    fal_client: FalClient
    admin_fal: FalClient | None
    seams: Seams
    healths: tuple[Health, Health]
    nursery: Nursery
    worker: PhotoWorker
    train_live: TrainLive
    prices: PriceList
    ledger: Ledger
    wording: Wording | None
    pictures: PictureService
    announcer: TelegramAnnouncer
    outgoing: Outgoing
    files: TelegramFiles
    coach: Coach
    copies: "FileCopies | None"
    post: Post


async def make_parts(
    settings: Settings,
    replica: Replica,
    bot: Bot,
    telegram_health: Health,
    stack: AsyncExitStack,
    seams: Seams,
) -> Parts:
    """Return what most of the product is built on; the stack closes what is opened for it."""
    database = replica.database
    rules, limits, fal_health = _rules(settings), _limits(settings), Health("fal")
    key = settings.fal_key.get_secret_value()
    webhook_url = fal_address(settings.public_url, key) if settings.fal_calls_back else ""
    fal_client = FalClient(key, settings.fal_api_url, webhook_url=webhook_url, observer=seams.fal)
    fal = FalCircuit(await stack.enter_async_context(fal_client), fal_health)
    ledger = Ledger(limits)
    worker = await stack.enter_async_context(PhotoWorker(has_coach=_has_coach(settings)))
    nursery = await stack.enter_async_context(Nursery())
    training_views = TrainingViews(database, lambda: fal_health.is_down)
    has_changes = bool(settings.editor)
    generation_views = GenerationViews(database, rules, has_changes=has_changes)
    copies = _copies(settings, database, fal_client)
    pictures = PictureService(
        database,
        fal,
        copies.original if copies else None,
        Marks(Mark(settings.mark), worker),
        has_changes=has_changes,
    )
    outgoing = Outgoing(
        bot, Reach(database), nursery, telegram_health, lambda: len(replica.live) <= 1
    )
    delivery = Delivery(outgoing, generation_views, pictures)
    files = TelegramFiles(bot)
    coach = Coach(database, files, worker)
    train_live = TrainLive(outgoing, training_views, rules, coach)
    announcer = TelegramAnnouncer(
        train_live,
        GenerateLive(outgoing, generation_views, delivery),
        EnlargeLive(outgoing, EnlargementViews(database), pictures),
    )
    return Parts(
        settings=settings,
        database=database,
        replica=replica,
        bot=bot,
        rules=rules,
        limits=limits,
        fal=fal,
        fal_client=fal_client,
        admin_fal=await _admin_fal(settings, stack),
        seams=seams,
        healths=(fal_health, telegram_health),
        nursery=nursery,
        worker=worker,
        train_live=train_live,
        prices=PriceList(fal, settings.training_price_usd, settings.image_price_usd),
        ledger=ledger,
        wording=_wording(settings, database, ledger, fal_client),
        pictures=pictures,
        announcer=announcer,
        outgoing=outgoing,
        files=files,
        coach=coach,
        copies=copies,
        post=await stack.enter_async_context(Post(settings.webhook_allowed_hosts)),
    )


async def _admin_fal(settings: Settings, stack: AsyncExitStack) -> FalClient | None:
    if settings.fal_admin_key is None:
        return None
    key = settings.fal_admin_key.get_secret_value()
    return await stack.enter_async_context(FalClient(key, settings.fal_api_url))


def _has_coach(settings: Settings) -> bool:
    lacking = weights.missing() if settings.coach == "on" else ""
    if lacking:
        logger.warning("photos are not looked at: %s", lacking)
    return settings.coach == "on" and not lacking


def _wording(
    settings: Settings, database: Database, ledger: Ledger, fal: FalClient
) -> Wording | None:
    if not settings.prompt_model:
        return None
    chosen = PromptSettings(settings.prompt_model, settings.prompt_rules)
    return Wording(database, ledger, fal, chosen)


def _copies(settings: Settings, database: Database, fal: FalClient) -> "FileCopies | None":
    if not settings.s3_endpoint:
        return None
    from bot.copies import file_copies  # noqa: PLC0415  # the library is for who has a store

    return file_copies(settings, database, fal.files)


def _rules(settings: Settings) -> TrainingRules:
    return TrainingRules(
        min_photos=settings.min_photos,
        max_photos=settings.max_photos,
        trainers=settings.offered_trainers,
        class_word_trainers=settings.class_word_trainers,
        poll_interval_s=settings.poll_interval,
        job_deadline_s=settings.job_deadline,
        reconcile_for_s=settings.reconcile_time,
        preview_images=settings.preview_images,
        archive_days=settings.archive_days,
        erases_requests=settings.fal_admin_key is not None,
        has_instant=bool(settings.instant_models),
    )


def _limits(settings: Settings) -> SpendingLimits:
    return SpendingLimits(
        daily_trainings=settings.daily_trainings,
        daily_images=settings.daily_images,
        running_trainings=settings.running_trainings,
        daily_budget_usd=settings.daily_budget_usd,
    )
