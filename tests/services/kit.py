"""Small honest stand-ins for Telegram's side, and rows to begin with."""

import asyncio
import functools
import io
import itertools
import random
from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from PIL import Image

from db.database import Database
from db.tables import Enlargement, Generation, Training
from services.announcer import Announcer
from services.domain import values as values_of
from services.domain.clock import now
from services.domain.press import Press
from services.domain.states import GenerationState, TrainingState
from services.domain.values import Draft, Model, Picture, Place
from services.domain.vocabulary import Language, PhotoState, QualityMode, Subject
from services.editing.instant import InstantService
from services.editing.service import EditingService, Words
from services.enlarging.carrying import EnlargementKind
from services.errors import DeliveryFailed, PhotoGone, PhotoUnavailable
from services.fal.client import FalClient
from services.fal.gateway import FalGateway, MadeImages, TrainedLora
from services.generation.carrying import GenerationKind
from services.generation.edits import Edits
from services.generation.ordering import Ordering
from services.generation.preview import Previews
from services.identifiers import new_id
from services.jobs.carrier import PASSING_TROUBLES, Step
from services.jobs.kind import JobContext
from services.jobs.lanes import Lanes
from services.jobs.laps import Laps
from services.jobs.paid import PaidJobs
from services.money.limits import Ledger, SpendingLimits
from services.money.prices import PriceList
from services.operator import AdminNotifier, Operator
from services.presets.file import load_presets
from services.rules import TrainingRules
from services.training import consent
from services.training.carrying import TrainingKind
from services.training.packing import Packing

USER = 1001
STRANGER = 2002
FAST = "fal-ai/flux-lora-fast-training"
PORTRAIT = "fal-ai/flux-lora-portrait-trainer"
Z_IMAGE = "fal-ai/z-image-turbo-trainer-v2"
FLUX_2 = "fal-ai/flux-2-trainer-v2"
QWEN = "fal-ai/qwen-image-2512-trainer"
QWEN_V2 = "fal-ai/qwen-image-2512-trainer-v2"
KREA = "fal-ai/flux-krea-trainer"
FLUX = "fal-ai/flux-lora"
EDITOR = "fal-ai/flux-2/edit"


_presses = itertools.count(1)


def new_press() -> str:
    """Return the id of another press."""
    return str(next(_presses))


def pressed(message_id: int = 0, stars: int | None = None) -> Press:
    """Return another press of a button that orders something."""
    return Press(new_press(), message_id, stars)


@functools.cache
def jpeg(number: int = 0, side: int = 512) -> bytes:
    """A photo of soft shapes; each number shows others."""
    buffer = io.BytesIO()
    levels = random.Random(number).randbytes(8 * 8)  # noqa: S311  # a picture, no secret
    shapes = Image.frombytes("L", (8, 8), levels).resize((side, side))
    red = Image.new("L", (side, side), number % 256)
    picture = Image.merge("RGB", (red, shapes, shapes))
    picture.save(buffer, "JPEG", comment=f"photo {number}")
    return buffer.getvalue()


@dataclass
class Notes:
    """An announcer that writes down what it is told, and may fail to deliver at first."""

    photos: Counter[str] = field(default_factory=Counter)
    trainings: Counter[str] = field(default_factory=Counter)
    generations: Counter[str] = field(default_factory=Counter)
    aged_drafts: list[tuple[str, date]] = field(default_factory=list)
    ended_trainings: list[str] = field(default_factory=list)
    ended_generations: list[str] = field(default_factory=list)
    asking_trainings: list[str] = field(default_factory=list)
    doubted_trainings: list[str] = field(default_factory=list)
    doubted_generations: list[str] = field(default_factory=list)
    settled_trainings: list[str] = field(default_factory=list)
    settled_generations: list[str] = field(default_factory=list)
    ended_enlargements: list[str] = field(default_factory=list)
    doubted_enlargements: list[str] = field(default_factory=list)
    undelivered: int = 0

    def photos_changed(self, training_id: str) -> None:
        self.photos[training_id] += 1

    async def draft_ages(self, training_id: str, kept_until: date) -> None:
        self._fail_at_first()
        self.aged_drafts.append((training_id, kept_until))

    def training_changed(self, training_id: str) -> None:
        self.trainings[training_id] += 1

    async def training_ended(self, training_id: str) -> None:
        self._fail_at_first()
        self.ended_trainings.append(training_id)

    async def training_asks(self, training_id: str) -> None:
        self.asking_trainings.append(training_id)

    async def training_in_doubt(self, training_id: str) -> None:
        self._fail_at_first()
        self.doubted_trainings.append(training_id)

    async def generation_in_doubt(self, generation_id: str) -> None:
        self._fail_at_first()
        self.doubted_generations.append(generation_id)

    async def training_settled(self, training_id: str) -> None:
        self.settled_trainings.append(training_id)

    def generation_changed(self, generation_id: str) -> None:
        self.generations[generation_id] += 1

    async def generation_ended(self, generation_id: str) -> None:
        self._fail_at_first()
        self.ended_generations.append(generation_id)

    async def generation_settled(self, generation_id: str) -> None:
        self.settled_generations.append(generation_id)

    async def enlargement_ended(self, enlargement_id: str) -> None:
        self._fail_at_first()
        self.ended_enlargements.append(enlargement_id)

    async def enlargement_in_doubt(self, enlargement_id: str) -> None:
        self._fail_at_first()
        self.doubted_enlargements.append(enlargement_id)

    def _fail_at_first(self) -> None:
        if self.undelivered:
            self.undelivered -= 1
            raise DeliveryFailed("flood")


PRICES = PriceList(FalClient("a:b"), Decimal(2), Decimal("0.035"))


async def edit_picture(database: Database, picture_id: str) -> values_of.Generation:
    """Ask for a change of a picture, as a user who pays nothing."""
    service = EditingService(database, Ordering(PRICES, wide_ledger()), lambda _: None, EDITOR)
    return await service.change(USER, Place(USER), picture_id, Words("a hat", "message:1:1"))


async def edit_photo(database: Database) -> values_of.Generation:
    """Ask for a picture of the one photo of a draft, which is in every `full_album`."""
    draft, catalogue = await begin_draft(database, photos=1), load_presets("")
    async with database.transaction() as tx:
        (photo,) = await tx.photos.all_of(draft.id)
    ordering = Ordering(PRICES, wide_ledger())
    service = InstantService(database, ordering, lambda _: None, (EDITOR,), catalogue)
    style = catalogue.presets[0].id, ""
    (asked,) = await service.make(USER, Place(USER), photo.id, style, pressed())
    return asked


@dataclass
class Album:
    """Photos by file id: what is not in it is gone, and some need several tries."""

    files: dict[str, bytes] = field(default_factory=dict)
    troubles: Counter[str] = field(default_factory=Counter)
    fetched: list[str] = field(default_factory=list)

    async def fetch(self, file_id: str) -> bytes:
        self.fetched.append(file_id)
        if self.troubles[file_id] > 0:
            self.troubles[file_id] -= 1
            raise PhotoUnavailable("Telegram is down")
        if file_id not in self.files:
            raise PhotoGone("wrong file_id")
        return self.files[file_id]


@dataclass
class Told:
    """An `AdminNotifier` that writes down what admins are told."""

    sentences: list[tuple[str, dict[str, int | str]]] = field(default_factory=list)

    async def tell_admins(self, key: str, **values: int | str) -> None:
        self.sentences.append((key, values))

    async def tell_admins_of_job(
        self, key: str, kind: str, row_id: str, **values: int | str
    ) -> None:
        self.sentences.append((key, {"kind": kind, "id": row_id, **values}))

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self.sentences]


def paid_context(
    database: Database,
    fal: FalGateway,
    rules: TrainingRules,
    ledger: Ledger | None = None,
    told: AdminNotifier | None = None,
) -> JobContext:
    """What paid jobs are built on; each has lanes of its own, as a process of its own has."""
    operator = Operator(database, told or Told())
    return JobContext(database, rules, fal, ledger or wide_ledger(), operator, Lanes())


def training_jobs(
    context: JobContext,
    packing: Packing,
    announcer: Announcer,
    previews: Previews | None = None,
    laps: Laps | None = None,
) -> PaidJobs[Training, TrainedLora]:
    return PaidJobs(TrainingKind(context, packing, announcer, previews), context, laps)


def generation_jobs(
    context: JobContext,
    announcer: Announcer,
    laps: Laps | None = None,
    edits: Edits | None = None,
) -> PaidJobs[Generation, MadeImages]:
    return PaidJobs(GenerationKind(context, announcer, edits=edits), context, laps)


def enlargement_jobs(
    context: JobContext, announcer: Announcer, laps: Laps | None = None
) -> PaidJobs[Enlargement, MadeImages]:
    return PaidJobs(EnlargementKind(context, announcer), context, laps)


def wide_ledger() -> Ledger:
    """A ledger whose limits no test reaches by accident."""
    return Ledger(
        SpendingLimits(
            daily_trainings=10_000,
            daily_images=10_000,
            running_trainings=10_000,
            daily_budget_usd=Decimal(1_000_000),
        )
    )


def photo_values(training_id: str, number: int, **changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "training_id": training_id,
        "message_id": number,
        "file_id": f"file-{number}",
        "file_unique_id": f"unique-{number}",
        "state": PhotoState.ACCEPTED,
        "sha256": f"{number:064x}",
    }
    values.update(changes)
    return values


async def meet(database: Database, *user_ids: int) -> None:
    async with database.transaction() as tx:
        for user_id in user_ids:
            await tx.users.meet(user_id, Language.EN)


async def start_training(
    database: Database, photos: int = 5, trainer: str = FAST, **changes: object
) -> Training:
    """Keep a training that was just started, with photos that are in every `full_album`."""
    await meet(database, USER)
    row_id = new_id()
    values: dict[str, object] = {
        "id": row_id,
        "user_id": USER,
        "chat_id": USER,
        "state": TrainingState.PREPARING,
        "name": "Anna",
        # A trigger word is all that tells two of the sandbox's trainings apart.
        "trigger_word": f"ANNA_{row_id.encode().hex().upper()}"[:48],
        "subject": Subject.WOMAN,
        "mode": QualityMode.ECONOMY,
        "steps": 500,
        "trainer": trainer,
        "price_usd": Decimal(1),
    }
    row = Training(**values | changes)
    async with database.transaction() as tx:
        if not row.state.is_final:
            await wide_ledger().charge_training(tx, row.id, row.user_id, row.price_usd)
        await tx.photos.open_set(row.id, row.user_id, consent.given_now())
        tx._session.add(row)
        await tx.flush()
        for number in range(1, photos + 1):
            await tx.photos.record(photo_values(row.id, number))
    return row


async def begin_draft(database: Database, photos: int = 5, **changes: object) -> Draft:
    """Keep a draft in which all is chosen, with photos that are in every `full_album`."""
    await meet(database, USER)
    draft_id = new_id()
    values: dict[str, Any] = {
        "id": draft_id,
        "user_id": USER,
        "chat_id": USER,
        "name": "Anna",
        "trigger_word": f"ANNA_{draft_id.encode().hex().upper()}"[:48],
        "subject": Subject.WOMAN,
        "mode": QualityMode.ECONOMY,
        "steps": 500,
        "trainer": FAST,
        "price_usd": Decimal(1),
    }
    draft = Draft(**values | changes)
    async with database.transaction() as tx:
        await tx.photos.open_set(draft.id, draft.user_id, consent.given_now())
        await tx.drafts.add(draft)
        for number in range(1, photos + 1):
            await tx.photos.record(photo_values(draft.id, number))
    return draft


async def read_draft(database: Database, draft_id: str) -> Draft:
    async with database.transaction() as tx:
        draft = await tx.drafts.read(draft_id)
    assert draft is not None
    return draft


async def counter_of(database: Database, training_id: str) -> int | None:
    async with database.transaction() as tx:
        return await tx.photos.counter_message(training_id)


async def start_draft(database: Database, draft_id: str) -> None:
    """Have a draft become a training, past all that the service asks of it."""
    draft = await read_draft(database, draft_id)
    values: dict[str, Any] = {
        field.name: getattr(draft, field.name)
        for field in fields(draft)
        if field.name not in {"reminded_at", "updated_at"}
    }
    async with database.transaction() as tx:
        await tx.drafts.end(draft_id)
        await tx.trainings.start(values_of.Training(**values))


async def read_training(database: Database, training_id: str) -> Training:
    async with database.transaction() as tx:
        row = await tx.trainings.get(training_id)
    assert row is not None
    return row


def full_album(photos: int = 5) -> Album:
    return Album({f"file-{number}": jpeg(number) for number in range(1, photos + 1)})


async def keep_model(
    database: Database, lora_url: str, user_id: int = USER, *, active: bool = True
) -> Model:
    """Keep a model together with the training it came from."""
    await meet(database, user_id)
    training = await start_training(
        database,
        photos=0,
        user_id=user_id,
        state=TrainingState.COMPLETED,
        lora_url=lora_url,
        request_id="r",
        finished_at=now(),
        announced_at=now(),
    )
    model = Model(
        id=new_id(),
        user_id=user_id,
        training_id=training.id,
        name="Anna",
        trigger_word=training.trigger_word,
        subject=Subject.WOMAN,
        trainer=training.trainer,
        generator=FLUX,
        lora_url=lora_url,
        active=False,
    )
    async with database.transaction() as tx:
        await tx.models.add(model)
        if active:
            await tx.models.activate(model)
    return model


async def keep_result(
    database: Database, model: Model, *urls: str, prompt: str = "portrait photo", **changes: object
) -> Generation:
    """Keep a generation that was made, with a picture behind each address."""
    generation_id = new_id()
    values: dict[str, object] = {
        "id": generation_id,
        "user_id": model.user_id,
        "chat_id": model.user_id,
        "model_id": model.id,
        "origin": f"message:{generation_id}",
        "prompt": prompt,
        "picture_count": min(max(1, len(urls)), 4),
        "seed": 7,
        "state": GenerationState.MADE,
    }
    async with database.transaction() as tx:
        await tx.generations.record(values | changes)
        tx.pictures.add(
            Picture(id=new_id(), generation_id=generation_id, position=position, url=url)
            for position, url in enumerate(urls, start=1)
        )
        await tx.flush()
        generation = await tx.generations.get(generation_id)
    assert generation is not None
    return generation


async def carried(step: Step, row_id: str, patience: int = 0, within_s: float = 90) -> list[str]:
    """Do what the carrier does, without its waits.

    Args:
        step: The step of a row.
        row_id: The row.
        patience: How many troubles that pass by themselves are borne.
        within_s: How long it may take in all.

    Returns:
        The kinds of the troubles that came.
    """
    troubles: list[str] = []
    async with asyncio.timeout(within_s):
        while True:
            try:
                if await step(row_id) is None:
                    return troubles
            except PASSING_TROUBLES as error:
                troubles.append(type(error).__name__)
                if len(troubles) > patience:
                    raise
