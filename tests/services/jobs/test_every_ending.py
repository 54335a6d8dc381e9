"""Every ending of each kind of paid job, wherever it fell: its charge, its price, and who is told.

Rows are charged as the real flow does, and only the clock and fal's answers are scripted. `late`
means that the case goes on until the deadline, `long` that it goes on for minutes.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from db.database import Database, Transaction
from services.domain.clock import now
from services.domain.states import EnlargementState, GenerationState, TrainingState
from services.domain.values import Charge, Place
from services.domain.vocabulary import FailureReason
from services.enlarging.service import EnlargingService
from services.errors import (
    FalAccount,
    FalEndpointGone,
    FalError,
    FalJobCancelled,
    FalJobFailed,
    FalOutcomeUnknown,
    FalRejected,
    FalResultGone,
    FalResultUnreadable,
    FalUnavailable,
)
from services.fal.client import FalClient
from services.fal.editors import FLUX_2_EDIT, KEEPING
from services.fal.enlargers import SEEDVR
from services.fal.gateway import CancelOutcome, Ended, MadeImage, MadeImages, Queued, Running
from services.generation.edits import Edits
from services.generation.ordering import Ordering
from services.generation.service import GenerationService
from services.jobs.carrier import PASSING_TROUBLES
from services.jobs.endings import ending_of
from services.jobs.kind import Ending, Outcome
from services.jobs.laps import Laps
from services.jobs.paid import PaidJobs
from services.money.prices import PriceList
from services.photos.worker import PhotoWorker
from services.rules import TrainingRules
from services.training.packing import Packing
from tests.services.jobs.paying import assert_paid, pay_for
from tests.services.jobs.scripted_fal import IMAGES, JOB, ScriptedFal
from tests.services.kit import (
    USER,
    Notes,
    Told,
    edit_photo,
    edit_picture,
    enlargement_jobs,
    full_album,
    generation_jobs,
    keep_model,
    keep_result,
    paid_context,
    pressed,
    read_training,
    start_training,
    training_jobs,
    wide_ledger,
)

RULES = TrainingRules(poll_interval_s=1.0, job_deadline_s=1000.0, reconcile_for_s=400.0)
LATE_S = 260.0
"""So much passes with each step of a late case: a doubt is told in the third, the end is after the
fifth."""

LONG_S = 60.0
"""So much passes with each step of a long case, whose end is well before the deadline."""

UNKNOWN, REFUSED = "admin-outcome-unknown", "admin-account-refused"
UNREADABLE, MISSING = "admin-result-unreadable", "admin-result-missing"
GONE = FalResultGone("HTTP 404")
DOWN = FalUnavailable("HTTP 502")
ODD = FalResultUnreadable("no file", raw='{"lora": {}}')
RUNNING = Running(())
UPLOADED = "https://v3.fal.media/photo.jpg"
BLACK = MadeImages((MadeImage("https://x", None, None, is_flagged=True),), None)


@dataclass(frozen=True)
class Case:
    """What fal says, and what comes of it. No failure is a success, or a cancel where asked."""

    script: dict[str, Any] = field(default_factory=dict)
    failure: FailureReason | None = None
    detail: str | None = None
    is_kept: bool = True
    admins: tuple[str, ...] = ()
    is_late: bool = False
    is_long: bool = False
    is_doubted: bool = False
    cancel: bool = False
    is_cancelled: bool = False
    submits: int = 1

    @property
    def step_s(self) -> float:
        """How much time passes with each step."""
        return LATE_S if self.is_late else LONG_S if self.is_long else 1.0


BOTH: dict[str, Case] = {
    "all is well": Case(),
    "fal is busy and takes it later": Case({"submit": (DOWN, JOB)}, submits=2),
    "the answer to the submit is lost and found": Case(
        {"submit": FalOutcomeUnknown("lost"), "history": ["r1"]}
    ),
    "the history lists it later": Case(
        {"submit": FalOutcomeUnknown("lost"), "history": ([], None, ["a", "b"], DOWN, ["r1"])}
    ),
    "the history never lists it": Case(
        {"submit": FalOutcomeUnknown("lost")},
        FailureReason.SUBMIT_UNKNOWN,
        admins=(UNKNOWN,),
        is_late=True,
        is_doubted=True,
        detail="the history does not have it",
    ),
    "the history cannot tell": Case(
        {"submit": FalOutcomeUnknown("lost"), "history": None},
        FailureReason.SUBMIT_UNKNOWN,
        admins=(UNKNOWN,),
        is_late=True,
        is_doubted=True,
        detail="the history cannot tell",
    ),
    "the history has two": Case(
        {"submit": FalOutcomeUnknown("lost"), "history": ["a", "b"]},
        FailureReason.SUBMIT_UNKNOWN,
        admins=(UNKNOWN,),
        is_late=True,
        is_doubted=True,
        detail="the history has a, b",
    ),
    "the history is down": Case(
        {"submit": FalOutcomeUnknown("lost"), "history": DOWN},
        FailureReason.SUBMIT_UNKNOWN,
        admins=(UNKNOWN,),
        is_late=True,
        is_doubted=True,
        detail="the history did not answer",
    ),
    "the account is refused at the submit": Case(
        {"submit": FalAccount("locked")},
        FailureReason.SERVICE_ACCOUNT,
        is_kept=False,
        admins=(REFUSED,),
        detail="locked",
    ),
    "the result is gone until the deadline": Case(
        {"result": GONE},
        FailureReason.RESULT_LOST,
        admins=(MISSING,),
        is_late=True,
        detail="HTTP 404",
    ),
    "the job is unknown until the deadline": Case(
        {"status": GONE, "result": GONE},
        FailureReason.RESULT_LOST,
        admins=(MISSING,),
        is_late=True,
        detail="HTTP 404",
    ),
    "the result stays gone": Case(
        {"result": GONE},
        FailureReason.RESULT_LOST,
        admins=(MISSING,),
        is_long=True,
        is_doubted=True,
        detail="HTTP 404",
    ),
    "the job stays unknown": Case(
        {"status": GONE, "result": GONE},
        FailureReason.RESULT_LOST,
        admins=(MISSING,),
        is_long=True,
        is_doubted=True,
        detail="HTTP 404",
    ),
    "the job stays unknown and has a result": Case(
        {"status": GONE}, is_long=True, is_doubted=True
    ),
    "the result stays without a file": Case(
        {"result": ODD},
        FailureReason.RESULT_LOST,
        admins=(UNREADABLE, MISSING),
        is_long=True,
        is_doubted=True,
        detail="no file",
    ),
    "the result cannot be read until the deadline": Case(
        {"result": ODD},
        FailureReason.RESULT_LOST,
        admins=(UNREADABLE, MISSING),
        is_late=True,
        detail="no file",
    ),
    "fal answers badly until the deadline": Case(
        {"status": DOWN, "result": DOWN},
        FailureReason.DEADLINE,
        admins=(MISSING,),
        is_late=True,
        detail="not done in time: HTTP 502",
    ),
    "the job never ends": Case(
        {"status": RUNNING, "result": DOWN},
        FailureReason.DEADLINE,
        admins=(MISSING,),
        is_late=True,
        detail="not done in time: HTTP 502",
    ),
    "the job never starts and is taken from the queue": Case(
        {"status": Queued(9), "cancel": CancelOutcome.REMOVED},
        FailureReason.DEADLINE,
        is_kept=False,
        admins=(MISSING,),
        is_late=True,
        detail="removed from the queue",
    ),
    "the job never starts and is stopped": Case(
        {"status": Queued(9), "result": FalJobCancelled("client_cancelled")},
        FailureReason.DEADLINE,
        is_kept=False,
        admins=(MISSING,),
        is_late=True,
        detail="client_cancelled",
    ),
    "the job runs for ever and is stopped": Case(
        {"status": RUNNING, "result": FalJobCancelled("client_cancelled")},
        FailureReason.DEADLINE,
        admins=(MISSING,),
        is_late=True,
        detail="client_cancelled",
    ),
    "the job runs for ever and is stopped for nothing": Case(
        {"status": RUNNING, "result": FalJobCancelled("client_cancelled", is_free=True)},
        FailureReason.DEADLINE,
        is_kept=False,
        admins=(MISSING,),
        is_late=True,
        detail="client_cancelled",
    ),
    "it is ready at the deadline": Case(
        {"status": RUNNING, "cancel": CancelOutcome.TOO_LATE}, is_late=True
    ),
    "it is ready at the deadline though fal takes no cancel": Case(
        {"status": DOWN, "cancel": DOWN}, is_late=True
    ),
    "ten bad answers before the result": Case(
        {"result": (*[GONE, ODD, FalJobFailed("500"), DOWN] * 2, GONE, ODD, None)},
        admins=(UNREADABLE,),
        is_doubted=True,
    ),
    "ten bad answers before the status": Case(
        {"status": (*[GONE, DOWN] * 5, Ended())}, is_doubted=True
    ),
}

TRAININGS: dict[str, Case] = {
    "fal does not know the endpoint": Case(
        {"submit": FalEndpointGone("HTTP 404")},
        FailureReason.TRAINER_FAILED,
        is_kept=False,
        detail="HTTP 404",
    ),
    "too few photos are left": Case(
        {"photos": 4},
        FailureReason.PHOTOS_MISSING,
        is_kept=False,
        submits=0,
        detail="4 photos are left",
    ),
    "it is cancelled before anything was sent": Case(
        cancel=True, is_cancelled=True, is_kept=False, submits=0
    ),
    "the account is refused at the upload": Case(
        {"upload": FalAccount("locked")},
        FailureReason.SERVICE_ACCOUNT,
        is_kept=False,
        admins=(REFUSED,),
        submits=0,
        detail="locked",
    ),
    "the archive is refused": Case(
        {"upload": FalRejected("no")},
        FailureReason.TRAINER_FAILED,
        is_kept=False,
        submits=0,
        detail="no",
    ),
    "the upload fails twice": Case({"upload": (DOWN, DOWN, "https://zip")}),
    "the input is refused at the submit": Case(
        {"submit": FalRejected("no", "less_than")},
        FailureReason.TRAINER_FAILED,
        is_kept=False,
        detail="no",
    ),
    "the photos are refused": Case(
        {"result": FalRejected("no", "invalid_archive")},
        FailureReason.PHOTOS_REJECTED,
        detail="no",
    ),
    "the photos are refused for nothing": Case(
        {"result": FalRejected("no", "invalid_archive", is_free=True)},
        FailureReason.PHOTOS_REJECTED,
        is_kept=False,
        detail="no",
    ),
    "the input is refused without a type": Case(
        {"result": FalRejected("no")},
        FailureReason.TRAINER_FAILED,
        is_kept=False,
        detail="no",
    ),
    "the trainer breaks": Case(
        {"result": FalJobFailed("500", "internal_server_error")},
        FailureReason.TRAINER_FAILED,
        is_kept=False,
        detail="500",
    ),
    "the trainer breaks and is charged": Case(
        {"result": FalJobFailed("500", "internal_server_error", is_free=False)},
        FailureReason.TRAINER_FAILED,
        detail="500",
    ),
    "the runner is lost": Case(
        {"status": Ended("runner_disconnected"), "result": FalJobFailed("503")},
        FailureReason.TRAINER_FAILED,
        is_kept=False,
        detail="503",
    ),
    "the trainer breaks without a word": Case(
        {"result": FalJobFailed("500")},
        FailureReason.TRAINER_FAILED,
        is_kept=False,
        is_long=True,
        detail="500",
    ),
    "the trainer breaks without a word and is charged": Case(
        {"result": FalJobFailed("500", is_free=False)},
        FailureReason.TRAINER_FAILED,
        is_long=True,
        detail="500",
    ),
    "the trainer breaks for good": Case(
        {"result": FalJobFailed("500", is_free=True, is_final=True)},
        FailureReason.TRAINER_FAILED,
        is_kept=False,
        detail="500",
    ),
    "a cancel is asked for whose job stays unknown": Case(
        {"status": (RUNNING, GONE), "result": GONE, "cancel": DOWN, "cancel_at_fal": True},
        is_cancelled=True,
        admins=(MISSING,),
        is_long=True,
        is_doubted=True,
        detail="HTTP 404",
    ),
    "the trainer breaks without a word until the deadline": Case(
        {"result": FalJobFailed("500")},
        FailureReason.TRAINER_FAILED,
        is_kept=False,
        admins=(MISSING,),
        is_late=True,
        detail="500",
    ),
    "a cancel takes it from the queue": Case(
        {"status": Queued(9), "cancel": CancelOutcome.REMOVED, "cancel_at_fal": True},
        is_cancelled=True,
        is_kept=False,
        detail="removed from the queue",
    ),
    "a cancel stops it in the queue": Case(
        {
            "status": (Queued(9), Ended()),
            "result": FalJobCancelled("client_cancelled"),
            "cancel_at_fal": True,
        },
        is_cancelled=True,
        is_kept=False,
        detail="client_cancelled",
    ),
    "a cancel stops it while it runs": Case(
        {
            "status": (RUNNING, Ended()),
            "result": FalJobCancelled("client_cancelled"),
            "cancel_at_fal": True,
        },
        is_cancelled=True,
        detail="client_cancelled",
    ),
    "a cancel stops it while it runs, for nothing": Case(
        {
            "status": (RUNNING, Ended()),
            "result": FalJobCancelled("client_cancelled", is_free=True),
            "cancel_at_fal": True,
        },
        is_cancelled=True,
        is_kept=False,
        detail="client_cancelled",
    ),
    "a cancel is too late": Case(
        {
            "status": (RUNNING, Ended()),
            "cancel": CancelOutcome.TOO_LATE,
            "cancel_at_fal": True,
        },
    ),
    "a cancel that fal does not take stops no look": Case(
        {"status": (RUNNING, Ended()), "cancel": DOWN, "cancel_at_fal": True},
    ),
    "a cancel that nobody answers ends at the deadline, for nothing": Case(
        {
            "status": RUNNING,
            "cancel": DOWN,
            "result": FalJobCancelled("client_cancelled", is_free=True),
            "cancel_at_fal": True,
        },
        is_cancelled=True,
        is_kept=False,
        admins=(MISSING,),
        is_late=True,
        detail="client_cancelled",
    ),
    "a cancelled job is unknown afterwards": Case(
        {"status": (RUNNING, Ended()), "result": GONE, "cancel_at_fal": True},
        is_cancelled=True,
        detail="HTTP 404",
    ),
    "a cancel that nobody answers ends at the deadline": Case(
        {"status": RUNNING, "cancel": DOWN, "result": DOWN, "cancel_at_fal": True},
        is_cancelled=True,
        admins=(MISSING,),
        is_late=True,
        detail="not done in time: HTTP 502",
    ),
}

GENERATIONS: dict[str, Case] = {
    "fal does not know the endpoint": Case(
        {"submit": FalEndpointGone("HTTP 404")},
        FailureReason.GENERATOR_FAILED,
        is_kept=False,
        detail="HTTP 404",
    ),
    "the prompt is refused at the submit": Case(
        {"submit": FalRejected("no", "string_too_short")},
        FailureReason.PROMPT_REJECTED,
        is_kept=False,
        detail="no",
    ),
    "the prompt is refused": Case(
        {"result": FalRejected("no", "string_too_short")},
        FailureReason.PROMPT_REJECTED,
        detail="no",
    ),
    "the prompt is refused for nothing": Case(
        {"result": FalRejected("no", "content_policy_violation", is_free=True)},
        FailureReason.UNSAFE_PICTURE,
        is_kept=False,
        detail="no",
    ),
    "the LoRA cannot be read": Case(
        {"result": FalRejected("no", "file_download_error")},
        FailureReason.LORA_UNREACHABLE,
        detail="no",
    ),
    "nothing was made": Case(
        {"result": FalRejected("no", "no_media_generated")},
        FailureReason.GENERATOR_FAILED,
        is_kept=False,
        detail="no",
    ),
    "all pictures are held back": Case(
        {"result": BLACK}, FailureReason.UNSAFE_PICTURE, detail="all flagged"
    ),
    "the generator breaks without a word": Case(
        {"result": FalJobFailed("500")},
        FailureReason.GENERATOR_FAILED,
        is_kept=False,
        is_long=True,
        detail="500",
    ),
    "the generator breaks": Case(
        {"result": FalJobFailed("500", "internal_server_error")},
        FailureReason.GENERATOR_FAILED,
        is_kept=False,
        detail="500",
    ),
}


ENLARGEMENTS: dict[str, Case] = {
    "the picture cannot be read": Case(
        {"result": FalRejected("no", "file_download_error")},
        FailureReason.GENERATOR_FAILED,
        is_kept=False,
        detail="no",
    ),
    "the input is refused at the submit": Case(
        {"submit": FalRejected("no", "less_than")},
        FailureReason.GENERATOR_FAILED,
        is_kept=False,
        detail="no",
    ),
    "the picture is held back": Case(
        {"result": BLACK}, FailureReason.UNSAFE_PICTURE, detail="flagged"
    ),
    "the enlarger breaks without a word": Case(
        {"result": FalJobFailed("500")},
        FailureReason.GENERATOR_FAILED,
        is_kept=False,
        is_long=True,
        detail="500",
    ),
    "the enlarger breaks": Case(
        {"result": FalJobFailed("500", "internal_server_error")},
        FailureReason.GENERATOR_FAILED,
        is_kept=False,
        detail="500",
    ),
}

EDITS: dict[str, Case] = {
    "the change is refused at the submit": Case(
        {"submit": FalRejected("no", "string_too_short")},
        FailureReason.PROMPT_REJECTED,
        is_kept=False,
        detail="no",
    ),
    "the change is refused": Case(
        {"result": FalRejected("no", "content_policy_violation")},
        FailureReason.UNSAFE_PICTURE,
        detail="no",
    ),
    "the change is refused for nothing": Case(
        {"result": FalRejected("no", "content_policy_violation", is_free=True)},
        FailureReason.UNSAFE_PICTURE,
        is_kept=False,
        detail="no",
    ),
    "fal cannot fetch what is to be changed": Case(
        {"result": FalRejected("no", "file_download_error")},
        FailureReason.LORA_UNREACHABLE,
        detail="no",
    ),
    "fal cannot open what is to be changed": Case(
        {"result": FalRejected("no", "image_load_error")},
        FailureReason.LORA_UNREACHABLE,
        detail="no",
    ),
    "nothing was made": GENERATIONS["nothing was made"],
    "the changed picture is held back": GENERATIONS["all pictures are held back"],
    "the editor breaks": GENERATIONS["the generator breaks"],
    "the editor breaks without a word": GENERATIONS["the generator breaks without a word"],
}

OF_PHOTOS: dict[str, Case] = {
    "Telegram has the photo no more": Case(
        {"photos": 0}, FailureReason.PHOTOS_MISSING, is_kept=False, submits=0
    ),
    "the account is refused at the upload": TRAININGS["the account is refused at the upload"],
    "the photo is refused": Case(
        {"upload": FalRejected("no")},
        FailureReason.GENERATOR_FAILED,
        is_kept=False,
        submits=0,
        detail="no",
    ),
    "the upload fails twice": Case({"upload": (DOWN, DOWN, UPLOADED)}),
}

PICTURE = "https://v3.fal.media/files/b/picture.jpg"


class Clock:
    """Seconds that grow when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def carry(jobs: PaidJobs[Any, Any], job_id: str, clock: Clock, seconds_a_step: float) -> int:
    """Step a job to its end; gives how many steps it took."""
    for steps in range(1, 100):
        clock.now += seconds_a_step
        try:
            if await jobs.step(job_id) is None:
                return steps
        except PASSING_TROUBLES:
            continue
    pytest.fail("the job never ends")


async def charge_of(database: Database, job_id: str) -> Charge:
    async with database.transaction() as tx:
        charge = await tx.charges.get(job_id)
    assert charge is not None
    return charge


def scripted(case: Case, result: str) -> ScriptedFal:
    script = dict(case.script)
    script.pop("photos", None)
    script.pop("cancel_at_fal", None)
    fal = ScriptedFal()
    if "result" in script:
        answers = script.pop("result")
        whole = answers if isinstance(answers, tuple) else (answers,)
        script[result] = tuple(fal.script[result][0] if one is None else one for one in whole)
    return ScriptedFal(**script)


@dataclass
class Left:
    """What is left for the user's own program."""

    events: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    error: Exception | None = None

    async def __call__(self, tx: Transaction, user_id: int, event: str, outcome: Outcome) -> None:
        del tx
        if self.error is not None:
            raise self.error
        self.events.append((user_id, event, dict(await outcome())))


def check_told(
    case: Case, kind: str, job_id: str, ended: list[str], doubted: list[str], told: Told
) -> None:
    assert ended == [job_id]
    assert doubted == ([job_id] if case.is_doubted else [])
    assert tuple(told.keys) == case.admins
    job = {"kind": kind, "id": job_id}
    words = {
        UNKNOWN: {**job, "detail": case.detail},
        REFUSED: {"words": case.detail},
        UNREADABLE: {**job, "request": JOB.request_id, "words": str(ODD)},
        MISSING: {**job, "request": JOB.request_id, "words": case.detail},
    }
    assert [values for _, values in told.sentences] == [words[key] for key in case.admins]


@pytest.mark.parametrize("name", [*BOTH, *TRAININGS])
async def test_the_end_of_a_training(database: Database, worker: PhotoWorker, name: str) -> None:
    case = {**BOTH, **TRAININGS}[name]
    training = await start_training(database)
    await pay_for(database, training.id)
    fal, notes, told, clock = scripted(case, "lora"), Notes(), Told(), Clock()
    left = Left()
    context = replace(paid_context(database, fal, RULES, told=told), leave=left)
    album = full_album(case.script.get("photos", 5))
    jobs = training_jobs(context, Packing(album, worker), notes, laps=Laps(clock))
    if case.cancel:
        await ask_to_cancel(database, training.id)
    if case.script.get("cancel_at_fal"):
        while (await read_training(database, training.id)).request_id is None:
            await jobs.step(training.id)
        await jobs.step(training.id)
        await ask_to_cancel(database, training.id)
    await carry(jobs, training.id, clock, case.step_s)
    assert case.is_late or clock.now < RULES.job_deadline_s
    row = await read_training(database, training.id)
    if case.is_cancelled:
        assert (row.state, row.failure) == (TrainingState.CANCELLED, None)
    elif case.failure is None:
        assert row.state is TrainingState.COMPLETED
    else:
        assert (row.state, row.failure) == (TrainingState.FAILED, case.failure)
    assert ((await charge_of(database, row.id)).released_at is None) is case.is_kept
    await assert_paid(database, row.id, delivered=int(row.state is TrainingState.COMPLETED))
    assert row.failure_detail == case.detail
    assert fal.calls["submit"] == case.submits
    assert set(fal.jobs) <= {JOB}
    assert row.finished_at is not None
    assert row.queue_position is None
    assert row.raw_result == (ODD.raw if UNREADABLE in case.admins else None)
    check_told(case, "training", row.id, notes.ended_trainings, notes.doubted_trainings, told)
    data = {"model_id": row.id, "status": row.state, "failure": row.failure}
    assert left.events == [(USER, f"training.{row.state}", data)]


@pytest.mark.parametrize("name", [*BOTH, *GENERATIONS])
async def test_the_end_of_a_generation(database: Database, name: str) -> None:
    case = {**BOTH, **GENERATIONS}[name]
    model = await keep_model(database, "https://v3.fal.media/lora")
    fal, notes, told, clock = scripted(case, "images"), Notes(), Told(), Clock()
    left = Left()
    context = replace(paid_context(database, fal, RULES, told=told), leave=left)
    jobs = generation_jobs(context, notes, Laps(clock))
    prices = PriceList(FalClient("a:b"), Decimal(2), Decimal("0.035"))
    service = GenerationService(database, Ordering(prices, wide_ledger()), lambda _: None)
    asked = await service.generate(USER, Place(USER), "portrait photo", "message:1:1")
    await pay_for(database, asked.id)
    await carry(jobs, asked.id, clock, case.step_s)
    assert case.is_late or clock.now < RULES.job_deadline_s
    async with database.transaction() as tx:
        row = await tx.generations.get(asked.id)
    assert row is not None
    wanted = GenerationState.MADE if case.failure is None else GenerationState.FAILED
    assert (row.state, row.failure) == (wanted, case.failure)
    await assert_paid(database, row.id, delivered=int(row.state is GenerationState.MADE))
    assert ((await charge_of(database, row.id)).released_at is None) is case.is_kept
    assert row.failure_detail == case.detail
    assert fal.calls["submit"] == case.submits
    assert set(fal.jobs) <= {JOB}
    assert row.finished_at is not None
    assert row.queue_position is None
    assert row.raw_result == (ODD.raw if UNREADABLE in case.admins else None)
    check_told(
        case, "generation", row.id, notes.ended_generations, notes.doubted_generations, told
    )
    async with database.transaction() as tx:
        pictures = await tx.pictures.all_of(row.id)
    data = {
        "id": row.id,
        "model_id": model.training_id,
        "second_model_id": None,
        "status": row.state,
        "failure": row.failure,
        "pictures": [{"id": one.id} for one in pictures if not one.is_flagged],
    }
    end = "completed" if case.failure is None else "failed"
    assert left.events == [(USER, f"generation.{end}", data)]


@pytest.mark.parametrize("name", [*BOTH, *ENLARGEMENTS])
async def test_the_end_of_an_enlargement(database: Database, name: str) -> None:
    case = {**BOTH, **ENLARGEMENTS}[name]
    picture_id = await keep_picture(database)
    fal, notes, told, clock = scripted(case, "images"), Notes(), Told(), Clock()
    left = Left()
    context = replace(paid_context(database, fal, RULES, told=told), leave=left)
    jobs = enlargement_jobs(context, notes, Laps(clock))
    prices = PriceList(FalClient("a:b"), Decimal(2), Decimal("0.035"))
    service = EnlargingService(database, prices, wide_ledger(), lambda _: None, SEEDVR)
    asked = await service.enlarge(USER, Place(USER), picture_id, pressed())
    assert await jobs.unfinished() == [asked.id]
    await pay_for(database, asked.id)
    await carry(jobs, asked.id, clock, case.step_s)
    assert case.is_late or clock.now < RULES.job_deadline_s
    async with database.transaction() as tx:
        row = await tx.enlargements.get(asked.id)
    assert row is not None
    wanted = EnlargementState.MADE if case.failure is None else EnlargementState.FAILED
    assert (row.state, row.failure) == (wanted, case.failure)
    await assert_paid(database, row.id, delivered=int(row.state is EnlargementState.MADE))
    assert row.url == (IMAGES.images[0].url if case.failure is None else None)
    assert ((await charge_of(database, row.id)).released_at is None) is case.is_kept
    assert row.failure_detail == case.detail
    assert fal.calls["submit"] == case.submits
    assert {(endpoint, *marks) for endpoint, marks in fal.searched} <= {(SEEDVR, PICTURE)}
    assert row.finished_at is not None
    assert row.raw_result == (ODD.raw if UNREADABLE in case.admins else None)
    check_told(
        case, "enlargement", row.id, notes.ended_enlargements, notes.doubted_enlargements, told
    )
    data = {
        "id": row.id,
        "picture_id": picture_id,
        "status": row.state,
        "failure": row.failure,
    }
    end = "completed" if case.failure is None else "failed"
    assert left.events == [(USER, f"enlargement.{end}", data)]


@pytest.mark.parametrize("payments", ["off", "stars"])
@pytest.mark.parametrize(
    ("of_photo", "name"),
    [
        *((False, name) for name in [*BOTH, *EDITS]),
        *((True, name) for name in [*BOTH, *EDITS, *OF_PHOTOS]),
    ],
)
async def test_the_end_of_an_edit(
    database: Database, worker: PhotoWorker, name: str, *, of_photo: bool, payments: str
) -> None:
    case = {**BOTH, **EDITS, **OF_PHOTOS}[name]
    if of_photo:
        asked = await edit_photo(database)
    else:
        asked = await edit_picture(database, await keep_picture(database))
    if payments == "stars":
        await pay_for(database, asked.id)
    fal, notes, told, clock = scripted(case, "images"), Notes(), Told(), Clock()
    left = Left()
    context = replace(paid_context(database, fal, RULES, told=told), leave=left)
    photos = full_album(case.script.get("photos", 1))
    edits = Edits(database, fal, RULES, photos, worker)
    jobs = generation_jobs(context, notes, Laps(clock), edits)
    assert asked.id in await jobs.unfinished()
    await carry(jobs, asked.id, clock, case.step_s)
    assert case.is_late or clock.now < RULES.job_deadline_s
    async with database.transaction() as tx:
        row = await tx.generations.read(asked.id)
        pictures = await tx.pictures.all_of(asked.id)
        order = await tx.orders.get(asked.id)
        model = await tx.models.get(asked.model_id)
    assert row is not None
    is_made = case.failure is None
    wanted = GenerationState.MADE if is_made else GenerationState.FAILED
    assert (row.state, row.failure) == (wanted, case.failure)
    if payments == "stars":
        await assert_paid(database, row.id, delivered=int(is_made))
    else:
        assert order is None
    assert ((await charge_of(database, row.id)).released_at is None) is case.is_kept
    assert row.failure_detail == case.detail
    assert fal.calls["submit"] == case.submits
    url = "https://v3.fal.media/photos.zip" if of_photo else PICTURE
    if "upload" in case.script:
        url = UPLOADED
    sent = f'"prompt": "{asked.english or asked.prompt}. {KEEPING}"'
    assert {(endpoint, *marks) for endpoint, marks in fal.searched} <= {
        (FLUX_2_EDIT, url, sent, f'"seed": {asked.seed}')
    }
    assert row.source_url == (None if of_photo and not case.submits else url)
    # The sentence is about what it was made from, not about a model or about all photos.
    assert row.has_lost_source == (name in LOST_SOURCE)
    check_told(
        case, "generation", row.id, notes.ended_generations, notes.doubted_generations, told
    )
    data = {
        "id": row.id,
        "model_id": model.training_id if model else None,
        "second_model_id": None,
        "status": row.state,
        "failure": row.failure,
        "pictures": [{"id": one.id} for one in pictures],
    }
    assert len(pictures) == int(is_made)
    end = "completed" if is_made else "failed"
    assert left.events == [(USER, f"generation.{end}", data)]


LOST_SOURCE = {
    "fal cannot fetch what is to be changed",
    "fal cannot open what is to be changed",
    "Telegram has the photo no more",
}


async def keep_picture(database: Database) -> str:
    model = await keep_model(database, "https://v3.fal.media/lora")
    result = await keep_result(database, model, PICTURE)
    async with database.transaction() as tx:
        (picture,) = await tx.pictures.all_of(result.id)
    return picture.id


async def ask_to_cancel(database: Database, training_id: str) -> None:
    async with database.transaction() as tx:
        row = await tx.trainings.lock(training_id)
        assert row is not None
        row.cancel_requested_at = now()


async def test_the_log_tells_the_life_of_a_job_by_ids(
    database: Database, worker: PhotoWorker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    training = await start_training(database, price_usd=Decimal("1.25"))
    context = paid_context(database, ScriptedFal(), RULES)
    clock = Clock()
    jobs = training_jobs(context, Packing(full_album(), worker), Notes(), laps=Laps(clock))
    await carry(jobs, training.id, clock, 10.0)
    life = [line for line in caplog.messages if training.id in line]
    assert life == [
        f"training {training.id} of user {USER} begins with 5 photos",
        f"training {training.id} of user {USER} is submitted, priced 1.25 USD",
        f"training {training.id} is request r1",
        f"training {training.id} of user {USER} is completed after 0 s: request r1,"
        " priced 1.25 USD",
        f"training {training.id}: user {USER} is told",
    ]
    assert not [line for line in caplog.messages if "Anna" in line or "ANNA" in line]


async def begin_generation(database: Database, source: str = "message:1:1") -> str:
    await keep_model(database, "https://v3.fal.media/lora")
    prices = PriceList(FalClient("a:b"), Decimal(2), Decimal("0.035"))
    service = GenerationService(database, Ordering(prices, wide_ledger()), lambda _: None)
    return (await service.generate(USER, Place(USER), "portrait photo", source)).id


@pytest.mark.parametrize(
    ("images", "end"),
    [
        (BLACK, "(unsafe_picture) after 0 s: request r1, priced 0.035 USD"),
        (
            FalRejected("no", "file_download_error"),
            "(lora_unreachable) after 0 s: request r1, priced 0.035 USD",
        ),
    ],
)
async def test_the_log_says_why_a_job_has_no_result(
    database: Database, caplog: pytest.LogCaptureFixture, images: object, end: str
) -> None:
    job_id = await begin_generation(database)
    context, clock = paid_context(database, ScriptedFal(images=images), RULES), Clock()
    await carry(generation_jobs(context, Notes(), Laps(clock)), job_id, clock, 1.0)
    ends = [line.partition(" is failed ")[2] for line in caplog.messages if " is failed " in line]
    assert ends == [end]


@pytest.mark.parametrize(
    ("failure", "error", "is_charged"),
    [
        (FailureReason.RESULT_LOST, GONE, True),
        (FailureReason.TRAINER_FAILED, GONE, False),
        (FailureReason.GENERATOR_FAILED, DOWN, False),
        (FailureReason.GENERATOR_FAILED, FalRejected("no", is_free=False), True),
        (FailureReason.PROMPT_REJECTED, FalRejected("no", is_free=True), False),
    ],
)
def test_what_fal_says_of_the_charge_counts_and_else_what_is_never_billed(
    failure: FailureReason, error: FalError, *, is_charged: bool
) -> None:
    assert ending_of(failure, error) == Ending(failure, str(error), is_charged=is_charged)


async def test_an_end_and_the_word_of_it_are_there_together_or_not_at_all(
    database: Database,
) -> None:
    left = Left(error=RuntimeError("full"))
    context = replace(paid_context(database, ScriptedFal(), RULES), leave=left)
    jobs = generation_jobs(context, Notes())
    job_id = await begin_generation(database)
    await jobs.step(job_id)
    at_fal = jobs._kind.states.at_fal
    for ends in (
        jobs._endings.succeed(job_id, IMAGES),
        jobs._endings.end(job_id, Ending(FailureReason.DEADLINE), at_fal),
    ):
        with pytest.raises(RuntimeError, match="full"):
            await ends
    async with database.transaction() as tx:
        row = await tx.generations.get(job_id)
        assert row is not None
        assert row.state in at_fal
        assert await tx.pictures.all_of(job_id) == []
    left.error = None
    assert await jobs._endings.succeed(job_id, IMAGES)
    assert [event for _, event, _ in left.events] == ["generation.completed"]


async def test_a_job_ends_once_whoever_ends_it(database: Database) -> None:
    jobs = generation_jobs(paid_context(database, ScriptedFal(), RULES), Notes())
    job_id = await begin_generation(database)
    ending, at_fal = Ending(FailureReason.DEADLINE), jobs._kind.states.at_fal
    assert not await jobs._endings.succeed(job_id, IMAGES)
    assert not await jobs._endings.end(job_id, ending, at_fal)
    await jobs.step(job_id)
    assert await jobs._endings.succeed(job_id, IMAGES)
    assert not await jobs._endings.succeed(job_id, IMAGES)
    assert not await jobs._endings.end(job_id, ending, at_fal)
    assert not await jobs._endings.succeed("no such job", IMAGES)
    assert not await jobs._endings.end("no such job", ending, at_fal)
