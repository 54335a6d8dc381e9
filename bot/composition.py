"""Puts the product together: the one place that knows every part of it."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from aiogram import Bot, Dispatcher

from api.door import FalDoor
from bot.fal_address import fal_address, fal_word
from bot.seams import Seams
from bot.settings import Settings
from db.database import Database
from db.fence import fenced
from handlers.account.deletion import DeletionMessages
from handlers.admin.notifier import TelegramAdminNotifier
from handlers.admin.report_sender import ReportSender
from handlers.announcer import TelegramAnnouncer
from handlers.generate.delivery import Delivery
from handlers.generate.enlarge_live import EnlargeLive
from handlers.generate.full_size_sender import FullSizeSender
from handlers.generate.improvement_sender import ImprovementSender
from handlers.generate.live import GenerateLive
from handlers.generate.more import MoreButtons
from handlers.generate.questions import GenerateQuestions
from handlers.offered import Offered
from handlers.routing import build_router
from handlers.telegram.files import TelegramFiles
from handlers.telegram.middlewares import UserMiddleware
from handlers.telegram.outgoing import Outgoing
from handlers.train.contact_sheet_sender import ContactSheetSender
from handlers.train.live import TrainLive
from handlers.train.questions import TrainQuestions
from services.deletion.steps import DeletionSteps
from services.domain.trouble import LeaseLost
from services.enlarging.carrying import ENLARGEMENT_STATES, EnlargementKind
from services.enlarging.service import EnlargingService
from services.enlarging.views import EnlargementViews
from services.fal.circuit import FalCircuit
from services.fal.client import FalClient
from services.generation.carrying import GENERATION_STATES, GenerationKind
from services.generation.improving import Improvements
from services.generation.panel import PanelService
from services.generation.preview import Previews
from services.generation.service import GenerationService
from services.generation.views import GenerationViews
from services.health import Health
from services.jobs.again import LookedFor, SecondLooks
from services.jobs.carrier import Carrier
from services.jobs.ended import EndedJobs
from services.jobs.kind import JobContext
from services.jobs.lanes import Lanes
from services.jobs.nursery import Nursery
from services.jobs.paid import PaidJobs
from services.jobs.replica import Replica
from services.jobs.shared import CHANNEL, EVERYBODY, SharedCarrier
from services.models.service import ModelService
from services.money.audit import LedgerAudit
from services.money.fal_account import AccountProbe, AccountWatch
from services.money.limits import Ledger, SpendingLimits
from services.money.prices import PriceList
from services.operator import Operator
from services.photos.coach import weights
from services.photos.worker import PhotoWorker
from services.pictures.gallery import GalleryService
from services.pictures.marks import Mark, Marks
from services.pictures.service import PictureService
from services.presets.file import load_presets
from services.presets.service import PresetService
from services.prompts.wording import PromptSettings, Wording
from services.rules import TrainingRules
from services.training.carrying import TRAINING_STATES, TrainingKind
from services.training.coach import Coach
from services.training.contact_sheets import ContactSheets
from services.training.draft_expiry import DraftExpiry
from services.training.draft_photos import DraftPhotos
from services.training.drafts import DraftService
from services.training.offers import TrainingOffers
from services.training.packing import Packing, emptied_folder, own_folder
from services.training.photo_check import CHECKED, PhotoChecks
from services.training.service import TrainingService
from services.training.views import TrainingViews
from services.users.access import Access
from services.users.privacy import PrivacyService
from services.users.reach import Reach
from services.users.service import UserService

if TYPE_CHECKING:
    from services.copies.service import FileCopies

logger = logging.getLogger(__name__)

PROBE_POLLS = 6
"""While orders are paused, fal is asked every sixth poll interval: half a minute by default."""

RETRY_LOOK_S = 60.0
ELDEST_LOOK_S = 20.0
"""How often a replica asks whether it is the eldest now."""

COPIES_LOOK_S = 60.0
"""How often files without a copy, and copies whose file was deleted, are looked for."""


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
    files: TelegramFiles
    copies: "FileCopies | None"


@dataclass(frozen=True)
class Composed:
    """What the product is run with.

    Attributes:
        dispatcher: Handles updates.
        fal_door: Where fal's calls go; None where it makes none.
        fal_health: Whether fal answers.
        carried: What takes rows from step to step here, by kind.
    """

    dispatcher: Dispatcher
    fal_door: FalDoor | None
    fal_health: Health
    carried: Mapping[str, SharedCarrier]


@dataclass(frozen=True)
class Carriers:
    """What takes rows from step to step."""

    checks: SharedCarrier
    trainings: SharedCarrier
    generations: SharedCarrier
    enlargements: SharedCarrier
    deletions: SharedCarrier
    lanes: Lanes
    kinds: dict[str, LookedFor]

    @property
    def all(self) -> Mapping[str, SharedCarrier]:
        """Return all of them by kind."""
        return {
            "check": self.checks,
            "training": self.trainings,
            "generation": self.generations,
            "enlargement": self.enlargements,
            "deletion": self.deletions,
        }


async def compose(
    settings: Settings,
    replica: Replica,
    bot: Bot,
    telegram_health: Health,
    access: Access,
    stack: AsyncExitStack,
    seams: Seams | None = None,
) -> Composed:
    """Wire services and handlers, start what runs in the background, and resume its work.

    Args:
        settings: The operator's choices.
        replica: This process among those on the database, which is migrated.
        bot: How Telegram is spoken to.
        telegram_health: Whether it answers.
        access: Who is let in, and who is an admin.
        stack: Closes what is opened here, in reverse order.
        seams: Count what goes on; None where nobody asks for it.
    """
    seams = seams or Seams()
    database = replica.database
    parts = await _parts(settings, replica, bot, telegram_health, stack, seams)

    async def resume() -> None:
        async with database.transaction() as tx:
            await tx.wake(CHANNEL, EVERYBODY)

    users = UserService(database, resume)
    operator = Operator(database, TelegramAdminNotifier(bot, users, access))
    replica.on_change(operator.others_changed)
    carriers = _carriers(parts, operator)
    admin_fal = await _admin_fal(settings, stack)
    accounts = AccountWatch(database, operator, parts.limits, admin_fal, settings.low_balance_usd)
    # The intake hands over one update of a user at a time, so there is nothing to isolate, and
    # dialogues are read and written by the user's middleware.
    dispatcher = Dispatcher(disable_fsm=True)
    offered = _for_handlers(parts, carriers, users, access, accounts)
    dispatcher.workflow_data.update(offered)
    if seams.telegram is not None:
        bot.session.middleware(seams.telegram)
    if seams.updates is not None:
        dispatcher.update.outer_middleware(seams.updates)
    dispatcher.update.outer_middleware(UserMiddleware(users, access))
    dispatcher.include_router(build_router())
    probe_s = PROBE_POLLS * parts.rules.poll_interval_s
    looks = {
        "price list": parts.prices.refresh,
        "accounts": by_eldest(replica, accounts.look),
        "account probe": by_eldest(
            replica, AccountProbe(database, operator, parts.fal, every_s=probe_s).look
        ),
        "ledger": by_eldest(replica, LedgerAudit(database, operator).look),
        "old drafts": by_eldest(replica, DraftExpiry(database, parts.announcer).look),
    }
    for name, look in looks.items():
        parts.nursery.start(_again_and_again(look), name=name)
    for carrier in carriers.all.values():
        stack.push_async_callback(carrier.drain)
    stack.callback(carriers.lanes.close)
    if parts.copies is not None:
        _start_copies(parts, parts.copies, stack)
    for carrier in carriers.all.values():
        await carrier.start()
    await parts.train_live.resume_counters()
    door = _fal_door(parts, carriers)
    return Composed(dispatcher, door, parts.healths[0], carriers.all)


async def _parts(
    settings: Settings,
    replica: Replica,
    bot: Bot,
    telegram_health: Health,
    stack: AsyncExitStack,
    seams: Seams,
) -> Parts:
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
    generation_views = GenerationViews(database)
    copies = _copies(settings, database, fal_client)
    pictures = PictureService(
        database, fal, copies.original if copies else None, Marks(Mark(settings.mark), worker)
    )
    outgoing = Outgoing(
        bot, Reach(database), nursery, telegram_health, lambda: len(replica.live) <= 1
    )
    delivery = Delivery(outgoing, generation_views, pictures)
    train_live = TrainLive(outgoing, training_views, rules)
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
        files=TelegramFiles(bot),
        copies=copies,
    )


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
        trainers=settings.trainers,
        poll_interval_s=settings.poll_interval,
        job_deadline_s=settings.job_deadline,
        reconcile_for_s=settings.reconcile_time,
        preview_images=settings.preview_images,
        is_pushed=settings.fal_calls_back,
    )


def _limits(settings: Settings) -> SpendingLimits:
    return SpendingLimits(
        daily_trainings=settings.daily_trainings,
        daily_images=settings.daily_images,
        running_trainings=settings.running_trainings,
        daily_budget_usd=settings.daily_budget_usd,
    )


def _carriers(parts: Parts, operator: Operator) -> Carriers:
    database, rules, nursery = parts.database, parts.rules, parts.nursery
    fal, announcer, ledger = parts.fal, parts.announcer, parts.ledger
    coach = Coach(database, parts.files, parts.worker)
    checks = PhotoChecks(database, rules, parts.files, parts.worker, announcer, coach)

    def photos_checked(draft_id: str) -> None:
        with fenced(parts.replica.id):
            parts.train_live.photos_checked(draft_id)

    database.wakes.subscribe(CHECKED, photos_checked)
    context = JobContext(database, rules, fal, ledger, operator, Lanes())
    if parts.seams.jobs is not None:
        context = replace(context, ended=parts.seams.jobs)
    address = parts.copies.weights_address if parts.copies else None
    kind = GenerationKind(context, announcer, parts.wording, address)
    generations = PaidJobs(kind, context)
    replica, healths = parts.replica, parts.healths
    generation_carrier = SharedCarrier(
        "generation",
        nursery,
        replica,
        lambda tx: tx.generations.claims,
        generations.step,
        healths,
    )
    picture_address = parts.copies.picture_address if parts.copies else None
    enlargements = PaidJobs(EnlargementKind(context, announcer, picture_address), context)
    enlargement_carrier = SharedCarrier(
        "enlargement",
        nursery,
        replica,
        lambda tx: tx.enlargements.claims,
        enlargements.step,
        healths,
    )
    # One process has a SQLite database to itself; of PostgreSQL's, several may be on this machine.
    make_folder = own_folder if database.is_shared else emptied_folder
    folder = make_folder(_folder_name(parts.settings, parts.bot))
    packing = Packing(parts.files, parts.worker, folder)
    previews = Previews(
        parts.settings.preview_images, parts.prices, ledger, generation_carrier.carry
    )
    trainings = PaidJobs(TrainingKind(context, packing, announcer, previews), context)
    deletions = DeletionSteps(database, rules, fal, DeletionMessages(parts.bot))
    training_carrier = SharedCarrier(
        "training", nursery, replica, lambda tx: tx.trainings.claims, trainings.step, healths
    )
    return Carriers(
        checks=SharedCarrier(
            "check", nursery, replica, lambda tx: tx.photos.claims, checks.step, healths, 8
        ),
        trainings=training_carrier,
        generations=generation_carrier,
        enlargements=enlargement_carrier,
        deletions=SharedCarrier(
            "deletion",
            nursery,
            replica,
            lambda tx: tx.deletions.claims,
            deletions.step,
            healths,
            4,
        ),
        lanes=context.lanes,
        kinds={
            "training": LookedFor(
                lambda tx: tx.trainings, TRAINING_STATES, training_carrier.carry
            ),
            "generation": LookedFor(
                lambda tx: tx.generations, GENERATION_STATES, generation_carrier.carry
            ),
            "enlargement": LookedFor(
                lambda tx: tx.enlargements, ENLARGEMENT_STATES, enlargement_carrier.carry
            ),
        },
    )


def _fal_door(parts: Parts, carriers: Carriers) -> FalDoor | None:
    if not parts.rules.is_pushed:
        return None
    # Imported only where it is needed: it takes 5 MB.
    from bot.fal_calls import FalCalls  # noqa: PLC0415
    from services.fal.webhook import FalKeys  # noqa: PLC0415

    ended = EndedJobs(parts.database, list(carriers.kinds.values()), parts.nursery)
    word = fal_word(parts.settings.fal_key.get_secret_value())
    return FalCalls(word, FalKeys(parts.fal_client.ask), ended)


def _for_handlers(
    parts: Parts, carriers: Carriers, users: UserService, access: Access, accounts: AccountWatch
) -> Offered:
    """Return what handlers can ask for."""
    database, rules, prices, ledger = parts.database, parts.rules, parts.prices, parts.ledger
    check, train = carriers.checks.carry, carriers.trainings.carry
    is_worded = parts.wording is not None
    carry = carriers.generations.carry
    generations = GenerationService(database, prices, carry, ledger, is_worded=is_worded)
    improvements = Improvements(database, prices, parts.wording, generations)
    enlarging = EnlargingService(
        database, prices, ledger, carriers.enlargements.carry, parts.settings.enlarger
    )
    offers = TrainingOffers(rules, prices)
    drafts = DraftService(
        database,
        rules,
        offers,
        DraftPhotos(database, rules.min_photos, rules.max_photos, check),
        train,
        ledger,
    )
    models = ModelService(database, ledger, carriers.deletions.carry)
    panels = PanelService(database, prices)
    sheets = ContactSheets(database, parts.files, parts.worker, check)
    catalogue = load_presets(parts.settings.presets_file)
    return {
        "access": access,
        "users": users,
        "rules": rules,
        "train_offers": offers,
        "train_live": parts.train_live,
        "drafts": drafts,
        "full_size_sender": FullSizeSender(parts.bot, parts.pictures, parts.nursery),
        "train_questions": TrainQuestions(drafts, rules, offers, models, parts.train_live),
        "generate_questions": GenerateQuestions(models, panels),
        "trainings": TrainingService(database, prices, train, ledger),
        "models": models,
        "more_buttons": MoreButtons(parts.pictures, improvements, enlarging),
        "enlarging": enlarging,
        "generations": generations,
        "improvements": improvements,
        "improvement_sender": ImprovementSender(parts.bot, improvements, parts.nursery),
        "panels": panels,
        "presets": PresetService(catalogue, database, rules, prices, generations),
        "pictures": parts.pictures,
        "gallery": GalleryService(database, parts.pictures),
        "sheets": sheets,
        "sheet_sender": ContactSheetSender(parts.bot, sheets, parts.train_live, parts.nursery),
        "second_looks": SecondLooks(
            database,
            rules.job_deadline_s,
            carriers.kinds,
        ),
        "privacy": PrivacyService(database, ledger, carriers.deletions.carry),
        "report_sender": ReportSender(parts.bot, accounts, parts.nursery),
    }


def _folder_name(settings: Settings, bot: Bot) -> str:
    digest = hashlib.sha256(settings.database_url.encode()).hexdigest()
    return f"neurophoto-{bot.id}-{digest[:12]}"


def _start_copies(parts: Parts, copies: "FileCopies", stack: AsyncExitStack) -> None:
    carrier = Carrier("copy", parts.nursery, copies.step, max_at_once=2)
    stack.push_async_callback(carrier.drain)

    async def look() -> float:
        carrier.begin([one for one in await copies.unfinished() if one not in carrier])
        return COPIES_LOOK_S

    parts.nursery.start(_again_and_again(look), name="copies")


async def _admin_fal(settings: Settings, stack: AsyncExitStack) -> FalClient | None:
    if settings.fal_admin_key is None:
        return None
    key = settings.fal_admin_key.get_secret_value()
    return await stack.enter_async_context(FalClient(key, settings.fal_api_url))


def by_eldest(
    replica: Replica, look: Callable[[], Awaitable[float]]
) -> Callable[[], Awaitable[float]]:
    """Return a look that only the eldest of the replicas makes."""

    async def look_if_eldest() -> float:
        if not replica.is_eldest:
            return ELDEST_LOOK_S
        with fenced(replica.id):
            return await look()

    return look_if_eldest


async def _again_and_again(look: Callable[[], Awaitable[float]]) -> None:
    while True:
        try:
            delay_s = await look()
        except LeaseLost:
            # Another one is the eldest now.
            delay_s = ELDEST_LOOK_S
        except Exception:
            # A database that is locked for once must not end the looking for good.
            logger.exception("a look failed and is tried again")
            delay_s = RETRY_LOOK_S
        await asyncio.sleep(delay_s)
