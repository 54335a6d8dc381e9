"""A generation is carried from its prompt to its picture, and is paid at most once."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from db.database import Database
from db.tables import Generation
from sandbox.fal.endpoints import Family
from sandbox.fal.lora import Lora
from sandbox.server import RunningSandbox
from services.domain import values
from services.domain.clock import now
from services.domain.states import GenerationState
from services.domain.values import Picture, Place
from services.domain.vocabulary import FailureReason
from services.errors import (
    FalAccount,
    FalEndpointGone,
    FalError,
    FalJobFailed,
    FalOutcomeUnknown,
    FalRejected,
    FalResultGone,
)
from services.fal.client import FalClient
from services.fal.gateway import MadeImages
from services.generation.carrying import generation_failure
from services.generation.options import PictureOptions, PictureRequest
from services.generation.ordering import Ordering
from services.generation.service import GenerationService
from services.generation.views import GenerationViews
from services.jobs.paid import PaidJobs
from services.money.prices import PriceList
from services.rules import TrainingRules
from tests.services.fal.local_fal import LocalFal
from tests.services.kit import (
    FAST,
    FLUX,
    USER,
    Notes,
    Told,
    carried,
    generation_jobs,
    jpeg,
    keep_model,
    paid_context,
    pressed,
    wide_ledger,
)

RULES = TrainingRules(poll_interval_s=0.01)


class Studio:
    """The steps of generations; a trained model is made on demand."""

    def __init__(
        self, database: Database, fal: FalClient, local_fal: LocalFal, folder: Path
    ) -> None:
        self.database, self.fal, self.local_fal, self.folder = database, fal, local_fal, folder
        self.notes = Notes()
        self.told = Told()
        self.steps = self.process()
        prices = PriceList(fal, Decimal("2.00"), Decimal("0.035"))
        self.to_carry: list[str] = []
        self.service = GenerationService(
            database, Ordering(prices, wide_ledger()), self.to_carry.append
        )
        self.asked = 0

    def process(self, rules: TrainingRules = RULES) -> PaidJobs[Generation, MadeImages]:
        context = paid_context(self.database, self.fal, rules, told=self.told)
        return generation_jobs(context, self.notes)

    async def train(self) -> None:
        """Have a model, with a LoRA as the sandbox's trainers make it."""
        path = self.folder / "lora.safetensors"
        path.write_bytes(Lora(Family.FLUX_1, ("anna",), None, 500, (jpeg(),)).to_bytes())
        await keep_model(self.database, await self.fal.upload_archive(path))

    async def ask(
        self, prompt: str = "portrait photo", options: PictureOptions | None = None
    ) -> values.Generation:
        self.asked += 1
        return await self.service.generate(
            USER, Place(USER), prompt, f"message:1:{self.asked}", options
        )

    async def read(self, generation_id: str) -> Generation:
        async with self.database.transaction() as tx:
            row = await tx.generations.get(generation_id)
        assert row is not None
        return row

    async def pictures(self, generation_id: str) -> Sequence[Picture]:
        async with self.database.transaction() as tx:
            return await tx.pictures.all_of(generation_id)

    async def set(self, generation_id: str, **changes: object) -> None:
        async with self.database.transaction() as tx:
            row = await tx.generations.lock(generation_id)
            for column, value in changes.items():
                setattr(row, column, value)

    async def carry(self, generation_id: str, patience: int = 0) -> Generation:
        await carried(self.steps.step, generation_id, patience)
        return await self.read(generation_id)

    async def step_until(
        self, generation_id: str, happened: Callable[[Generation], bool]
    ) -> Generation:
        async with asyncio.timeout(90):
            while not happened(row := await self.read(generation_id)):
                await self.steps.step(generation_id)
        return row


@pytest.fixture
def bare_studio(database: Database, fal: FalClient, local_fal: LocalFal, tmp_path: Path) -> Studio:
    return Studio(database, fal, local_fal, tmp_path)


@pytest.fixture
async def studio(bare_studio: Studio) -> Studio:
    await bare_studio.train()
    return bare_studio


async def test_a_prompt_becomes_a_picture(studio: Studio) -> None:
    asked = await studio.ask()
    row = await studio.carry(asked.id)
    assert (row.state, row.failure) == (GenerationState.MADE, None)
    assert studio.notes.ended_generations == [asked.id]
    (picture,) = await studio.pictures(asked.id)
    assert (picture.width, picture.height) == (768, 1024)
    assert await studio.steps.unfinished() == []


async def test_fal_gets_exactly_the_trigger_word_and_the_prompt_with_the_lora(
    studio: Studio,
) -> None:
    asked = await studio.ask("portrait photo, мягкий свет")
    await studio.carry(asked.id)
    async with studio.database.transaction() as tx:
        model = await tx.models.active_of(USER)
    assert model is not None
    (sent,) = studio.local_fal.inputs(FLUX)
    assert sent["prompt"] == f"{model.trigger_word}, portrait photo, мягкий свет"
    assert sent["loras"] == [{"path": model.lora_url, "scale": 1.0}]
    assert sent["seed"] == asked.seed


async def test_a_trainer_with_a_class_word_has_it_after_the_trigger_word(studio: Studio) -> None:
    studio.steps = studio.process(replace(RULES, class_word_trainers=(FAST,)))
    asked = await studio.ask("in Paris")
    await studio.carry(asked.id)
    async with studio.database.transaction() as tx:
        model = await tx.models.active_of(USER)
    assert model is not None
    (sent,) = studio.local_fal.inputs(FLUX)
    assert sent["prompt"] == f"{model.trigger_word}, a {model.subject}, in Paris"


async def test_the_queue_position_is_told(studio: Studio) -> None:
    studio.local_fal.goes_wrong(queue_ahead=5)
    asked = await studio.ask()
    row = await studio.step_until(asked.id, lambda row: row.queue_position is not None)
    assert row.state is GenerationState.QUEUED
    before = studio.notes.generations[asked.id]
    await studio.carry(asked.id)
    assert studio.notes.generations[asked.id] > before
    assert (await studio.read(asked.id)).queue_position in {None, 0, 1}


async def test_black_pictures_are_not_delivered(studio: Studio) -> None:
    studio.local_fal.goes_wrong(nsfw=True)
    asked = await studio.ask()
    row = await studio.carry(asked.id)
    assert (row.state, row.failure) == (GenerationState.FAILED, FailureReason.UNSAFE_PICTURE)
    assert studio.notes.ended_generations == [asked.id]


async def test_a_model_file_that_is_gone_is_named_as_the_reason(bare_studio: Studio) -> None:
    sandbox_cdn = f"{bare_studio.local_fal.sandbox.fal_url}/cdn/files/b/x/gone.safetensors"
    await keep_model(bare_studio.database, sandbox_cdn)
    asked = await bare_studio.ask()
    row = await bare_studio.carry(asked.id)
    assert (row.state, row.failure) == (GenerationState.FAILED, FailureReason.LORA_UNREACHABLE)


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        ("content_policy_violation", FailureReason.UNSAFE_PICTURE),
        ("no_media_generated", FailureReason.GENERATOR_FAILED),
        ("feature_not_supported", FailureReason.PROMPT_REJECTED),
        ("internal_server_error", FailureReason.GENERATOR_FAILED),
        ("runner_disconnected", FailureReason.GENERATOR_FAILED),
    ],
)
async def test_a_generation_that_fails_at_fal_has_its_reason(
    studio: Studio, kind: str, failure: FailureReason
) -> None:
    studio.local_fal.goes_wrong(fail_generation=kind)
    asked = await studio.ask()
    row = await studio.carry(asked.id)
    assert (row.state, row.failure) == (GenerationState.FAILED, failure)
    assert studio.notes.ended_generations == [asked.id]


@pytest.mark.parametrize("trouble", ["locked", "bad_key"])
async def test_a_closed_account_is_the_operators_matter(studio: Studio, trouble: str) -> None:
    studio.local_fal.goes_wrong(**{trouble: True})
    asked = await studio.ask()
    row = await studio.carry(asked.id)
    assert row.failure is FailureReason.SERVICE_ACCOUNT


async def test_a_submit_that_was_not_accepted_is_sent_again_later(studio: Studio) -> None:
    studio.local_fal.fault(f"POST /fal/queue/{FLUX}", kind="status", status=429, times=2)
    asked = await studio.ask()
    assert await carried(studio.steps.step, asked.id, patience=2) == ["FalUnavailable"] * 2
    assert len(studio.local_fal.inputs(FLUX)) == 1


async def test_a_submit_whose_answer_is_lost_is_found_by_its_seed_and_paid_once(
    studio: Studio,
) -> None:
    studio.local_fal.goes_wrong(drop_answer_of_submit=1)
    asked = await studio.ask()
    row = await studio.carry(asked.id)
    assert row.state is GenerationState.MADE
    assert len(studio.local_fal.inputs(FLUX)) == 1
    assert len(studio.notes.ended_generations) == 1


async def test_a_lost_submit_with_a_kept_seed_is_not_taken_for_another_that_has_it(
    studio: Studio,
) -> None:
    options = PictureOptions(seed=7)
    first = await studio.ask(options=options)
    await studio.carry(first.id)
    studio.local_fal.goes_wrong(drop_answer_of_submit=1)
    second = await studio.ask(options=options)
    row = await studio.carry(second.id)
    assert row.state is GenerationState.MADE
    assert row.request_id not in {None, (await studio.read(first.id)).request_id}
    assert len(studio.local_fal.inputs(FLUX)) == 2


@pytest.mark.parametrize(
    "prompt", ["a red hat", "a blue sea", "sea", "a red hat, a blue sea at night"]
)
async def test_of_two_lost_submits_with_one_kept_seed_each_is_known_by_its_whole_prompt(
    studio: Studio, prompt: str
) -> None:
    options = PictureOptions(seed=7)
    path = f"POST /fal/queue/{FLUX}"
    studio.local_fal.fault(path, kind="drop_before", times=1)
    unsent = await studio.ask(prompt, options)
    await studio.step_until(unsent.id, lambda row: row.state is GenerationState.UNCONFIRMED)
    studio.local_fal.fault(path, kind="drop_after", times=1)
    sent = await studio.ask("a red hat, a blue sea", options)
    await studio.step_until(sent.id, lambda row: row.state is GenerationState.UNCONFIRMED)
    # fal's history lists a job when it has ended.
    await studio.local_fal.until(lambda: studio.local_fal.jobs[-1].outcome is not None)
    for _ in range(3):
        await studio.steps.step(unsent.id)
    assert (await studio.read(unsent.id)).state is GenerationState.UNCONFIRMED
    assert (await studio.carry(sent.id)).state is GenerationState.MADE
    assert len(studio.local_fal.inputs(FLUX)) == 1


@pytest.mark.parametrize("history_forbidden", [True, False])
async def test_a_lost_submit_that_is_not_found_fails_honestly(
    studio: Studio, *, history_forbidden: bool
) -> None:
    studio.local_fal.goes_wrong(history_forbidden=history_forbidden)
    studio.local_fal.fault(f"POST /fal/queue/{FLUX}", kind="drop_before")
    asked = await studio.ask()
    await studio.step_until(asked.id, lambda row: row.state is GenerationState.UNCONFIRMED)
    await studio.set(asked.id, elapsed_s=RULES.job_deadline_s + 1)
    row = await studio.carry(asked.id)
    assert row.failure is FailureReason.SUBMIT_UNKNOWN
    assert studio.local_fal.inputs(FLUX) == []


async def test_a_process_killed_in_the_submit_does_not_send_it_again(studio: Studio) -> None:
    asked = await studio.ask()
    await studio.set(asked.id, state=GenerationState.SUBMITTING, submit_started_at=now())
    await studio.steps.step(asked.id)
    assert (await studio.read(asked.id)).state is GenerationState.UNCONFIRMED
    assert await studio.steps.step(asked.id)
    assert studio.local_fal.inputs(FLUX) == []


async def test_two_processes_submit_once(studio: Studio) -> None:
    asked = await studio.ask()
    other = studio.process()
    await asyncio.gather(studio.steps.step(asked.id), other.step(asked.id))
    assert len(studio.local_fal.inputs(FLUX)) == 1


async def test_a_picture_is_delivered_once_although_telegram_is_down_at_first(
    studio: Studio,
) -> None:
    studio.notes.undelivered = 2
    asked = await studio.ask()
    assert await carried(studio.steps.step, asked.id, patience=2) == ["DeliveryFailed"] * 2
    assert await studio.steps.step(asked.id) is None
    assert len(studio.notes.ended_generations) == 1
    assert len(studio.local_fal.inputs(FLUX)) == 1


async def test_a_result_that_stays_gone_is_lost_at_the_deadline(studio: Studio) -> None:
    studio.local_fal.goes_wrong(lose_result=True)
    asked = await studio.ask()
    await studio.step_until(asked.id, lambda _: bool(studio.notes.doubted_generations))
    assert studio.notes.doubted_generations == [asked.id]
    assert (await studio.read(asked.id)).failure is None
    await studio.set(asked.id, elapsed_s=RULES.job_deadline_s + 1)
    row = await studio.carry(asked.id)
    assert row.failure is FailureReason.RESULT_LOST


async def test_a_picture_that_never_comes_is_given_up_at_its_deadline(
    studio: Studio, sandbox: RunningSandbox
) -> None:
    studio.local_fal.goes_wrong(stall=True)
    asked = await studio.ask()
    await studio.step_until(asked.id, lambda row: row.state is GenerationState.RUNNING)
    await studio.set(asked.id, elapsed_s=RULES.job_deadline_s + 1)
    row = await studio.carry(asked.id)
    assert row.failure is FailureReason.DEADLINE
    assert [job.cancel_requested for job in sandbox.state.fal.jobs.values()] == [True]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FalAccount("x"), FailureReason.SERVICE_ACCOUNT),
        (FalOutcomeUnknown("x"), FailureReason.SUBMIT_UNKNOWN),
        (FalResultGone("x"), FailureReason.RESULT_LOST),
        (FalJobFailed("x"), FailureReason.GENERATOR_FAILED),
        (FalEndpointGone("x", "image_load_error"), FailureReason.GENERATOR_FAILED),
        (FalRejected("x", "file_download_error"), FailureReason.LORA_UNREACHABLE),
        (FalRejected("x", "content_policy_violation"), FailureReason.UNSAFE_PICTURE),
        (FalRejected("x", "string_too_short"), FailureReason.PROMPT_REJECTED),
        (FalRejected("x"), FailureReason.PROMPT_REJECTED),
    ],
)
def test_an_error_of_fal_has_a_reason_in_our_words(error: FalError, reason: FailureReason) -> None:
    assert generation_failure(error) is reason


async def test_a_pack_is_told_once_by_its_first_when_all_of_it_have_ended(studio: Studio) -> None:
    await studio.train()
    requests = [PictureRequest(f"idea {number}", PictureOptions()) for number in range(3)]
    pack = await studio.service.press(USER, Place(USER), "pack:1:x", pressed(), requests)
    assert len({one.pack for one in pack}) == 1
    first, *_, last = pack
    await carried_some(studio, last.id)
    assert (await studio.read(last.id)).state is GenerationState.MADE
    assert studio.notes.ended_generations == []
    for one in pack[:-1]:
        await studio.step_until(one.id, lambda row: row.state is GenerationState.MADE)
    await studio.carry(first.id)
    assert studio.notes.ended_generations == [first.id]
    for one in pack:
        await studio.carry(one.id)
    assert studio.notes.ended_generations == [first.id]
    view = await GenerationViews(studio.database).generation(first.id)
    assert view is not None
    assert [picture.generation_id for picture in view.shown] == [one.id for one in pack]


async def test_a_pack_of_which_one_fails_is_told_all_the_same(studio: Studio) -> None:
    await studio.train()
    requests = [PictureRequest(f"idea {number}", PictureOptions()) for number in range(2)]
    first, second = await studio.service.press(USER, Place(USER), "pack:1:x", pressed(), requests)
    await studio.step_until(second.id, lambda row: row.state is GenerationState.MADE)
    await studio.set(first.id, state=GenerationState.SUBMITTING, submit_started_at=None)
    await studio.set(first.id, state=GenerationState.FAILED, failure=FailureReason.PROMPT_REJECTED)
    await studio.carry(first.id)
    assert studio.notes.ended_generations == [first.id]
    view = await GenerationViews(studio.database).generation(first.id)
    assert view is not None
    assert [one.id for one in view.failed] == [first.id]
    assert [picture.generation_id for picture in view.shown] == [second.id]


async def carried_some(studio: Studio, generation_id: str) -> None:
    await studio.step_until(generation_id, lambda row: row.state is GenerationState.MADE)
    assert await studio.steps.step(generation_id) is not None
