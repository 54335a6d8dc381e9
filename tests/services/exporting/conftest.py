"""Somebody with photos, a model and pictures, and stand-ins for where their files are."""

import io
import zipfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from db.database import Database
from services.copies.service import FileCopies
from services.domain.exports import Contents, Export, ExportItem, ExportState
from services.domain.states import EnlargementState
from services.domain.values import Enlargement, Model, Place, Rating, SentMessage
from services.domain.vocabulary import Language, Missing, QualityMode
from services.errors import PhotoGone, PhotoUnavailable
from services.exporting.post import PartSent
from services.exporting.service import Exports
from services.exporting.sources import Sources
from services.exporting.steps import ExportSteps
from services.fal.client import FalClient
from services.paying.gifting import Gifting
from services.paying.orders import WaitingOrders
from services.paying.service import Paying, Receipt
from services.photos.worker import PhotoWorker
from services.pictures.marks import Mark, Marks
from services.pictures.service import PictureService
from tests.conftest import empty
from tests.db.conftest import KINDS
from tests.services.copies.conftest import Files, fal, files, s3
from tests.services.kit import USER, keep_model, keep_result, meet, photo_values

__all__ = ["fal", "files", "s3"]

CDN = "https://v3.fal.media"
HERE = Place(USER, 7)
WEIGHTS, PICTURE, LARGER = b"w" * 5000, b"\xff\xd8 picture", b"\xff\xd8 a larger picture"


@pytest.fixture(params=KINDS)
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A database of each kind, empty."""
    kind = "sqlite_url" if request.param == "sqlite" else "migrated_postgres_url"
    database = Database(request.getfixturevalue(kind))
    yield database
    if database.is_shared:
        await empty(database)
    await database.close()


@dataclass
class Telegram:
    """Files by id; what is not there is gone, and what is `troubled` fails."""

    files: dict[str, bytes] = field(default_factory=dict)
    troubled: set[str] = field(default_factory=set)

    async def save(self, file_id: str, path: Path) -> str:
        if file_id in self.troubled:
            raise PhotoUnavailable("Telegram is down")
        if file_id not in self.files:
            raise PhotoGone("invalid file_id")
        path.write_bytes(self.files[file_id])  # noqa: ASYNC240  # small
        return ".jpg"


@dataclass
class Post:
    """Keeps what it is sent, and can be made to fail."""

    parts: list[tuple[PartSent, bytes]] = field(default_factory=list)
    contents: list[Contents] = field(default_factory=list)
    settled: list[ExportState] = field(default_factory=list)
    taken_back: list[SentMessage] = field(default_factory=list)
    failing: Exception | None = None
    refuses: bool = False

    def changed(self, export_id: str) -> None:
        assert export_id

    async def send_part(self, export: Export, path: Path, part: PartSent) -> SentMessage | None:
        if self.failing is not None:
            raise self.failing
        if self.refuses:
            return None
        self.parts.append((part, path.read_bytes()))  # noqa: ASYNC240  # small
        return SentMessage(export.chat_id, 100 + part.number)

    async def settle(self, export: Export) -> None:
        self.settled.append(export.state)

    async def take_back(self, sent: SentMessage) -> None:
        self.taken_back.append(sent)

    async def language(self, user_id: int) -> Language:
        assert user_id == USER
        return Language.EN

    def readme(self, language: Language, contents: Contents) -> str:
        self.contents.append(contents)
        return f"readme {language}"

    def receipts(self, language: Language, shown: Sequence[Receipt]) -> str:
        return f"{language} {len(shown)}"

    @property
    def files(self) -> dict[str, bytes]:
        """All files of all parts; none is twice in them."""
        found: dict[str, bytes] = {}
        for _, data in self.parts:
            with zipfile.ZipFile(io.BytesIO(data)) as part:
                assert not found.keys() & set(part.namelist())
                found |= {name: part.read(name) for name in part.namelist()}
        return found


class Stage:
    """Everything around copies."""

    def __init__(self, database: Database, client: FalClient, folder: Path) -> None:
        self.database = database
        self.client = client
        self.folder = folder
        self.telegram = Telegram()
        self.post = Post()
        self.exports = Exports(database)
        self.part_bytes = 48 * 1024**2
        self.copies: FileCopies | None = None
        self.paying = Paying(database, (), _no_orders(database), 180)

    async def start(self) -> str:
        export = await self.exports.start(USER, HERE, self._show)
        return export.id

    async def _show(self, export: Export) -> int:
        assert export.state is ExportState.WORKING
        return 55

    async def step(self, row_id: str) -> float | None:
        marks = Marks(Mark.NONE, PhotoWorker())
        pictures = PictureService(self.database, self.client, marks=marks)
        sources = Sources(self.database, self.telegram, self.client.files, pictures, self.copies)
        steps = ExportSteps(
            self.database, sources, self.post, self.paying, self.folder, self.part_bytes
        )
        return await steps.step(row_id)

    async def carry(self, row_id: str, most: int = 40) -> list[float]:
        """Take steps to the end, without waiting; return the pauses there were to be."""
        pauses: list[float] = []
        for _ in range(most):
            pause = await self.step(row_id)
            if pause is None:
                return pauses
            pauses.append(pause)
        raise AssertionError(pauses)

    async def get(self, row_id: str) -> Export | None:
        async with self.database.transaction() as tx:
            return await tx.exports.get(row_id)

    async def items(self, row_id: str) -> Sequence[ExportItem]:
        async with self.database.transaction() as tx:
            return await tx.exports.items(row_id)


def _no_orders(database: Database) -> WaitingOrders:
    nothing: Any = None
    return WaitingOrders(nothing, nothing, nothing, nothing, Gifting(database))


@pytest.fixture
async def stage(
    database: Database, fal: FalClient, files: Files, tmp_path: Path
) -> AsyncIterator[Stage]:
    files.bodies = {"/w.safetensors": WEIGHTS, "/p.jpg": PICTURE, "/large.png": LARGER}
    await meet(database, USER)
    folder = tmp_path / "parts"
    folder.mkdir()
    yield Stage(database, fal, folder)
    assert list(folder.iterdir()) == []


async def keep_everything(stage: Stage) -> Model:
    """Give the user photos, a model, a picture that is rated and enlarged."""
    model = await keep_model(stage.database, f"{CDN}/w.safetensors")
    await keep_photos(stage, model.training_id, 3)
    result = await keep_result(stage.database, model, f"{CDN}/p.jpg", prompt="=a king")
    async with stage.database.transaction() as tx:
        (picture,) = await tx.pictures.all_of(result.id)
        rating = Rating(
            picture_id=picture.id,
            user_id=USER,
            is_good=False,
            missing=next(iter(Missing)),
            trainer=model.trainer,
            mode=QualityMode.ECONOMY,
        )
        await tx.ratings.put(rating)
        enlargement = Enlargement(
            id="larger",
            user_id=USER,
            chat_id=USER,
            picture_id=picture.id,
            enlarger="e",
            state=EnlargementState.MADE,
            url=f"{CDN}/large.png",
        )
        await tx.enlargements.add(enlargement)
    return model


async def keep_photos(stage: Stage, training_id: str, count: int, size: int = 10) -> None:
    async with stage.database.transaction() as tx:
        for number in range(1, count + 1):
            await tx.photos.record(photo_values(training_id, number))
            stage.telegram.files[f"file-{number}"] = bytes([number]) * size
