"""A third kind of paid job is a small class: here pictures are enlarged."""

from collections.abc import Awaitable, Callable, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import partial

import pytest
from sqlalchemy import ColumnElement
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.database import Database, Transaction
from db.paid_jobs import PaidJobColumns, PaidJobRows
from db.tables import Table
from services.domain.values import Charge
from services.domain.vocabulary import ChargeKind, FailureReason
from services.errors import FalError, FalJobFailed, FalOutcomeUnknown, FalUnavailable
from services.fal.gateway import GenerationOrder, Job, MadeImages
from services.jobs.endings import Endings
from services.jobs.kind import Ending, JobContext, Kind, States
from services.jobs.lanes import Lane
from services.jobs.laps import Laps
from services.jobs.paid import PaidJobs
from tests.services.jobs.scripted_fal import IMAGES, JOB, ScriptedFal
from tests.services.jobs.test_every_ending import LATE_S, RULES, Clock, carry, charge_of
from tests.services.kit import USER, paid_context


class UpscaleState(StrEnum):
    """Where an upscale stands."""

    READY = "ready"
    SENDING = "sending"
    LOST = "lost"
    WAITING = "waiting"
    WORKING = "working"
    LARGE = "large"
    FAILED = "failed"


TRANSITIONS = {
    UpscaleState.READY: frozenset({UpscaleState.SENDING}),
    UpscaleState.SENDING: frozenset(
        {UpscaleState.READY, UpscaleState.LOST, UpscaleState.WAITING, UpscaleState.FAILED}
    ),
    UpscaleState.LOST: frozenset({UpscaleState.READY, UpscaleState.WAITING, UpscaleState.FAILED}),
    UpscaleState.WAITING: frozenset(
        {UpscaleState.WORKING, UpscaleState.LARGE, UpscaleState.FAILED}
    ),
    UpscaleState.WORKING: frozenset(
        {UpscaleState.WAITING, UpscaleState.LARGE, UpscaleState.FAILED}
    ),
    UpscaleState.LARGE: frozenset[UpscaleState](),
    UpscaleState.FAILED: frozenset({UpscaleState.LOST, UpscaleState.WAITING}),
}


class Base(DeclarativeBase):
    type_annotation_map = Table.type_annotation_map


class Upscale(PaidJobColumns, Base):
    __tablename__ = "upscales"
    TRANSITIONS = TRANSITIONS

    user_id: Mapped[int]
    state: Mapped[str] = mapped_column(default=UpscaleState.READY)
    small_url: Mapped[str]
    large_url: Mapped[str | None]


class Upscales(PaidJobRows[Upscale]):
    kind = Upscale

    @staticmethod
    def _unfinished() -> ColumnElement[bool]:
        return Upscale.announced_at.is_(None)


Table.metadata.tables["replicas"].to_metadata(Base.metadata)


class UpscaleKind(Kind[Upscale, MadeImages]):
    """All that a third kind has to say."""

    name = "upscale"
    states = States(
        ready=UpscaleState.READY,
        submitting=UpscaleState.SENDING,
        unconfirmed=UpscaleState.LOST,
        queued=UpscaleState.WAITING,
        running=UpscaleState.WORKING,
        done=UpscaleState.LARGE,
        failed=UpscaleState.FAILED,
    )
    is_delivered_with_result = True
    poll_s = 1.0

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self.told: list[tuple[str, str]] = []

    def rows(self, tx: Transaction) -> Upscales:
        return Upscales(tx._session)

    async def request(self, row: Upscale) -> Callable[[], Awaitable[Job]]:
        order = GenerationOrder(prompt="larger", lora_url=row.small_url)
        return partial(self._context.fal.submit_generation, "fal-ai/upscaler", order)

    async def marks(self, row: Upscale) -> tuple[str, Sequence[str]]:
        return "fal-ai/upscaler", [row.small_url]

    async def result(self, job: Job) -> MadeImages:
        return await self._context.fal.made_images(job)

    async def keep(self, tx: Transaction, row: Upscale, result: MadeImages) -> Ending | None:  # noqa: ARG002
        row.large_url = result.images[0].url
        return None

    def failure(self, error: FalError) -> FailureReason:  # noqa: ARG002
        return FailureReason.GENERATOR_FAILED

    def kept(self, row: Upscale) -> None:
        self.told.append((row.id, "kept"))

    def changed(self, row_id: str) -> None:
        pass

    async def tell_doubt(self, row_id: str) -> None:
        self.told.append((row_id, "in doubt"))

    def lane(self, row: Upscale) -> Lane:  # noqa: ARG002
        return self._context.lanes.delivering

    async def step(self, row: Upscale, endings: Endings[Upscale, MadeImages]) -> float | None:  # noqa: ARG002
        self.told.append((row.id, row.state))
        return None


@pytest.fixture
async def upscales(database: Database) -> Database:
    async with database.engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    return database


@pytest.mark.parametrize(
    ("script", "submits", "state", "is_kept"),
    [
        ({}, 1, UpscaleState.LARGE, True),
        ({"submit": (FalUnavailable("429"), JOB)}, 2, UpscaleState.LARGE, True),
        ({"submit": FalOutcomeUnknown("lost"), "history": ["r1"]}, 1, UpscaleState.LARGE, True),
        ({"submit": FalOutcomeUnknown("lost")}, 1, UpscaleState.FAILED, True),
        ({"images": FalJobFailed("500", "internal_server_error")}, 1, UpscaleState.FAILED, False),
    ],
)
async def test_a_third_kind_goes_the_same_way(
    upscales: Database, script: dict[str, object], submits: int, state: str, *, is_kept: bool
) -> None:
    fal, clock = ScriptedFal(**script), Clock()
    context = paid_context(upscales, fal, RULES)
    kind = UpscaleKind(context)
    jobs = PaidJobs(kind, context, Laps(clock))
    async with upscales.transaction() as tx:
        row = Upscale(id="up", user_id=USER, chat_id=USER, small_url="https://small")
        tx._session.add(row)
        await tx.charges.add(
            Charge(id="up", user_id=USER, kind=ChargeKind.IMAGE, amount=1, usd=Decimal("0.1"))
        )
    assert await jobs.unfinished() == ["up"]
    await carry(jobs, "up", clock, LATE_S)
    async with upscales.transaction() as tx:
        ended = await Upscales(tx._session).get("up")
    assert ended is not None
    assert (ended.state, kind.told[-1]) == (state, ("up", state))
    assert ended.large_url == (IMAGES.images[0].url if state == UpscaleState.LARGE else None)
    assert (("up", "kept") in kind.told) is (state == UpscaleState.LARGE)
    assert fal.calls["submit"] == submits
    assert ((await charge_of(upscales, "up")).released_at is None) is is_kept
