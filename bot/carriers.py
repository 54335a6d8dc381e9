"""What takes rows from step to step: a carrier for each kind of work."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiogram import Bot

from api.door import FalDoor
from bot.fal_address import fal_word
from bot.parts import Parts
from bot.settings import Settings
from db.fence import fenced
from handlers.account.deletion import DeletionMessages
from handlers.account.webhook_news import TelegramWebhookNews
from handlers.models.lending_news import TelegramLoanNews
from services.console.broadcasts import BroadcastSending
from services.deletion.steps import DeletionSteps
from services.enlarging.carrying import ENLARGEMENT_STATES, EnlargementKind
from services.generation.carrying import GENERATION_STATES, GenerationKind
from services.generation.edits import Edits
from services.generation.preview import Previews
from services.jobs.again import LookedFor
from services.jobs.ended import EndedJobs
from services.jobs.kind import JobContext
from services.jobs.lanes import Lanes
from services.jobs.paid import PaidJobs
from services.jobs.pushes import CHANNEL, Pushes
from services.jobs.shared import SharedCarrier
from services.lending.holding import CHANNEL as LOAN_NEWS
from services.lending.telling import LoanTelling
from services.money.notes import CHANNEL as NOTES
from services.operator import Operator
from services.paying.telling import Telling
from services.support.delivery import SupportDelivery
from services.training.carrying import TRAINING_STATES, TrainingKind
from services.training.comparing import Comparing
from services.training.packing import Packing, emptied_folder, own_folder
from services.training.photo_check import CHECKED, PhotoChecks
from services.users.service import UserService
from services.webhooks.leaving import CHANNEL as WEBHOOKS
from services.webhooks.leaving import leave_event
from services.webhooks.sending import Sending


@dataclass(frozen=True)
class Carriers:
    """What takes rows from step to step."""

    checks: SharedCarrier
    trainings: SharedCarrier
    generations: SharedCarrier
    enlargements: SharedCarrier
    deletions: SharedCarrier
    letters: SharedCarrier
    broadcasts: SharedCarrier
    lanes: Lanes
    pushes: Pushes
    kinds: dict[str, LookedFor]
    comparing: Comparing | None
    releases: dict[str, Callable[[str], Awaitable[bool]]]

    @property
    def all(self) -> Mapping[str, SharedCarrier]:
        """Return all of them by kind."""
        return {
            "check": self.checks,
            "training": self.trainings,
            "generation": self.generations,
            "enlargement": self.enlargements,
            "deletion": self.deletions,
            "support message": self.letters,
            "broadcast": self.broadcasts,
        }


@dataclass(frozen=True)
class ConsoleSteps:
    """What is sent to users and admins from rows of the console."""

    letters: SupportDelivery
    broadcasts: BroadcastSending


def make_carriers(parts: Parts, operator: Operator, console: ConsoleSteps) -> Carriers:
    """Return the carriers, none of them started."""
    database, rules, nursery = parts.database, parts.rules, parts.nursery
    fal, announcer, ledger = parts.fal, parts.announcer, parts.ledger
    checks = PhotoChecks(database, rules, parts.files, parts.worker, announcer, parts.coach)

    def photos_checked(draft_id: str) -> None:
        with fenced(parts.replica.id):
            parts.train_live.photos_checked(draft_id)

    database.wakes.subscribe(CHECKED, photos_checked)
    pushes = Pushes(are_expected=parts.settings.fal_calls_back)
    database.wakes.subscribe(CHANNEL, lambda words: pushes.came(words.split()) if words else None)
    context = JobContext(database, rules, fal, ledger, operator, Lanes(), pushes=pushes)
    if parts.seams.jobs is not None:
        context = replace(context, ended=parts.seams.jobs)
    if parts.settings.http_port is not None:
        context = replace(context, leave=leave_event)
    address = parts.copies.weights_address if parts.copies else None
    comparing = None
    if parts.worker.has_coach:
        comparing = Comparing(database, parts.coach, parts.pictures.fetched, parts.seams.measured)
    compare = comparing.compare_before if comparing else None
    picture_address = parts.copies.picture_address if parts.copies else None
    edits = Edits(database, fal, rules, parts.files, parts.worker, picture_address)
    kind = GenerationKind(context, announcer, parts.wording, address, compare, edits)
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
    folder = make_folder(folder_name(parts.settings, parts.bot))
    packing = Packing(parts.files, parts.worker, folder)
    previews = Previews(
        parts.settings.preview_images,
        parts.prices,
        ledger,
        generation_carrier.carry,
        compares=parts.worker.has_coach,
    )
    trainings = PaidJobs(TrainingKind(context, packing, announcer, previews), context)
    deletions = DeletionSteps(
        database,
        rules,
        fal,
        DeletionMessages(parts.bot, rules.archive_days),
        parts.admin_fal,
    )
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
        letters=SharedCarrier(
            "support message",
            nursery,
            replica,
            lambda tx: tx.support.claims,
            console.letters.step,
            healths[1:],
            4,
        ),
        broadcasts=SharedCarrier(
            "broadcast",
            nursery,
            replica,
            lambda tx: tx.broadcasts.claims,
            console.broadcasts.step,
            healths[1:],
            1,
        ),
        lanes=context.lanes,
        pushes=pushes,
        comparing=comparing,
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
        releases={
            "training": _releasing(trainings, training_carrier),
            "generation": _releasing(generations, generation_carrier),
            "enlargement": _releasing(enlargements, enlargement_carrier),
        },
    )


def make_note_carrier(parts: Parts, telling: Telling) -> SharedCarrier:
    """Return what tells users of their money; notes wake it as they are written."""
    database = parts.database
    notes = SharedCarrier(
        "payment note",
        parts.nursery,
        parts.replica,
        lambda tx: tx.payment_notes.claims,
        telling.step,
        parts.healths[1:],
        8,
    )
    database.wakes.subscribe(NOTES, lambda note_id: notes.carry(note_id) if note_id else None)
    return notes


def make_loan_news_carrier(parts: Parts, users: UserService) -> SharedCarrier:
    """Return what tells users of loans; news wake it as they are written."""
    telling = LoanTelling(parts.database, TelegramLoanNews(parts.outgoing, users))
    news = SharedCarrier(
        "loan news",
        parts.nursery,
        parts.replica,
        lambda tx: tx.loan_news.claims,
        telling.step,
        parts.healths[1:],
        4,
    )
    wakes = parts.database.wakes
    wakes.subscribe(LOAN_NEWS, lambda news_id: news.carry(news_id) if news_id else None)
    return news


def make_webhook_carrier(parts: Parts, users: UserService, lanes: Lanes) -> SharedCarrier:
    """Return what sends messages to users' programs; they wake it as they are left."""
    database = parts.database
    sending = Sending(
        database,
        parts.post,
        TelegramWebhookNews(parts.outgoing, users),
        lanes.programs,
        parts.seams.sent,
    )
    # A receiver is none of the services whose outages are known; of Telegram's the chat is told.
    messages = SharedCarrier(
        "webhook",
        parts.nursery,
        parts.replica,
        lambda tx: tx.webhooks.claims,
        sending.step,
        parts.healths[1:],
    )
    database.wakes.subscribe(WEBHOOKS, lambda row_id: messages.carry(row_id) if row_id else None)
    return messages


def _releasing(
    jobs: PaidJobs[Any, Any], carrier: SharedCarrier
) -> Callable[[str], Awaitable[bool]]:
    async def release(job_id: str) -> bool:
        is_ended = await jobs.release(job_id)
        carrier.carry(job_id)
        return is_ended

    return release


def make_fal_door(parts: Parts, carriers: Carriers) -> FalDoor | None:
    """Return where fal's calls go; None where it makes none."""
    if not parts.settings.fal_calls_back:
        return None
    # Imported only where it is needed: it takes 5 MB.
    from bot.fal_calls import FalCalls  # noqa: PLC0415
    from services.fal.webhook import FalKeys  # noqa: PLC0415

    ended = EndedJobs(parts.database, list(carriers.kinds.values()), parts.nursery)
    word = fal_word(parts.settings.fal_key.get_secret_value())
    return FalCalls(word, FalKeys(parts.fal_client.ask), ended)


def folder_name(settings: Settings, bot: Bot) -> str:
    """Return the name of the folder for temporary files of this bot on this database."""
    digest = hashlib.sha256(settings.database_url.encode()).hexdigest()
    return f"neurophoto-{bot.id}-{digest[:12]}"
