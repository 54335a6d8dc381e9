"""A training is carried through its states by the real gateway, and is paid at most once."""

import asyncio
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest
from PIL import Image

from db.database import Database
from db.tables import Training
from sandbox.server import RunningSandbox
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.values import Model
from services.domain.vocabulary import FailureReason, PhotoState, Subject
from services.errors import (
    FalAccount,
    FalEndpointGone,
    FalError,
    FalJobFailed,
    FalOutcomeUnknown,
    FalRejected,
    FalResultGone,
    FalUnavailable,
    NotFound,
    PhotoUnavailable,
    StaleButton,
)
from services.fal.client import FalClient
from services.fal.endpoints import TRAINERS
from services.fal.gateway import TrainedLora, TrainingOrder
from services.jobs.paid import PaidJobs
from services.money.prices import PriceList
from services.photos.worker import PhotoWorker
from services.rules import TrainingRules
from services.training.carrying import ANSWER_WITHIN, LOOK_EVERY_S
from services.training.endings import PHOTO_ERROR_TYPES, training_failure
from services.training.packing import Packing
from services.training.service import TrainingService
from services.training.views import TrainingViews
from tests.services.fal.local_fal import LocalFal
from tests.services.jobs.paying import assert_paid, pay_for
from tests.services.kit import (
    FAST,
    FLUX_2,
    PORTRAIT,
    QWEN,
    STRANGER,
    USER,
    Z_IMAGE,
    Album,
    Notes,
    Told,
    begin_draft,
    carried,
    full_album,
    keep_model,
    paid_context,
    photo_values,
    read_training,
    start_training,
    training_jobs,
    wide_ledger,
)

RULES = TrainingRules(poll_interval_s=0.01, reconcile_for_s=900)


class Workshop:
    """The steps with everything around them; `process` begins again as after a restart."""

    def __init__(
        self,
        database: Database,
        fal: FalClient,
        local_fal: LocalFal,
        worker: PhotoWorker,
        rules: TrainingRules = RULES,
    ) -> None:
        self.database, self.fal, self.local_fal, self.worker = database, fal, local_fal, worker
        self.rules = rules
        self.notes, self.album, self.told = Notes(), full_album(12), Told()
        self.steps = self.process()

    def process(self) -> PaidJobs[Training, TrainedLora]:
        context = paid_context(self.database, self.fal, self.rules, told=self.told)
        return training_jobs(context, Packing(self.album, self.worker), self.notes)

    async def carry(self, training_id: str, patience: int = 0) -> Training:
        await carried(self.steps.step, training_id, patience)
        return await read_training(self.database, training_id)

    async def step_until(self, training_id: str, happened: Callable[[Training], bool]) -> Training:
        async with asyncio.timeout(90):
            while not happened(row := await read_training(self.database, training_id)):
                await self.steps.step(training_id)
        return row

    async def ask_to_cancel(self, training_id: str) -> None:
        async with self.database.transaction() as tx:
            row = await tx.trainings.lock(training_id)
            assert row is not None
            row.cancel_requested_at = now()

    async def set(self, training_id: str, **changes: object) -> None:
        async with self.database.transaction() as tx:
            row = await tx.trainings.lock(training_id)
            for column, value in changes.items():
                setattr(row, column, value)

    async def run_out_of_time(self, training_id: str) -> None:
        """Let the deadline of a job pass that is still looked for."""
        assert not (await read_training(self.database, training_id)).state.is_final
        await self.set(training_id, elapsed_s=self.rules.job_deadline_s + 1)

    @property
    def service(self) -> TrainingService:
        prices = PriceList(self.fal, Decimal("2.00"), Decimal("0.035"))
        return TrainingService(self.database, prices, lambda _: None, wide_ledger())

    async def is_free(self, training_id: str) -> bool:
        async with self.database.transaction() as tx:
            charge = await tx.charges.get(training_id)
        return charge is not None and charge.released_at is not None

    async def models(self) -> list[Model]:
        async with self.database.transaction() as tx:
            return list(await tx.models.all_of(USER))


@pytest.fixture
def shop(database: Database, fal: FalClient, local_fal: LocalFal, worker: PhotoWorker) -> Workshop:
    return Workshop(database, fal, local_fal, worker)


@pytest.mark.parametrize(
    ("trainer", "photos", "field"),
    [
        (FAST, 5, "images_data_url"),
        (PORTRAIT, 10, "images_data_url"),
        (Z_IMAGE, 5, "image_data_url"),
        (FLUX_2, 5, "image_data_url"),
        (QWEN, 5, "image_data_url"),
    ],
)
async def test_photos_become_a_model(
    shop: Workshop, sandbox: RunningSandbox, trainer: str, photos: int, field: str
) -> None:
    training = await start_training(shop.database, photos, trainer)
    row = await shop.carry(training.id)
    assert (row.state, row.failure_detail) == (TrainingState.COMPLETED, None)
    assert (row.percent, row.prepared_photos) == (100, photos)
    assert row.lora_url is not None
    assert row.config_url is not None
    assert row.lora_url.startswith(sandbox.fal_url)
    assert None not in (row.finished_at, row.announced_at, row.archive_url, row.request_id)
    (model,) = await shop.models()
    assert (model.training_id, model.lora_url, model.active) == (row.id, row.lora_url, True)
    assert (model.trigger_word, model.trainer) == (row.trigger_word, trainer)
    assert model.generator == TRAINERS[trainer].generator
    assert shop.notes.ended_trainings == [row.id]
    (sent,) = shop.local_fal.inputs(trainer)
    assert any(row.trigger_word in str(value).split() for value in sent.values())
    assert sent[field] == row.archive_url
    assert await shop.steps.unfinished() == []


async def test_the_archive_holds_the_photos_in_order_with_plain_names(
    shop: Workshop, sandbox: RunningSandbox
) -> None:
    training = await start_training(shop.database, 5)
    row = await shop.carry(training.id)
    assert row.archive_url is not None
    stored = sandbox.state.fal.files.get(row.archive_url.split("/cdn/", 1)[1])
    assert stored is not None
    assert stored.data is not None
    with zipfile.ZipFile(io.BytesIO(stored.data)) as archive:
        assert archive.namelist() == [f"{number:02d}.jpg" for number in range(1, 6)]
        reds = [Image.open(archive.open(name)).getpixel((9, 9)) for name in archive.namelist()]
    assert shop.album.fetched == [f"file-{number}" for number in range(1, 6)]
    assert len(reds) == 5


async def test_progress_only_goes_up_and_is_told_on_the_way(shop: Workshop) -> None:
    shop.local_fal.takes(60)
    shop.local_fal.goes_wrong(queue_ahead=2)
    training = await start_training(shop.database)
    seen: list[tuple[TrainingState, int | None, int]] = []
    async with asyncio.timeout(90):
        while await shop.steps.step(training.id) is not None:
            row = await read_training(shop.database, training.id)
            seen.append((row.state, row.queue_position, row.percent))
    states = list(dict.fromkeys(state for state, _, _ in seen))
    assert states == [
        TrainingState.SUBMITTING,
        TrainingState.QUEUED,
        TrainingState.TRAINING,
        TrainingState.COMPLETED,
    ]
    percents = [percent for _, _, percent in seen]
    assert percents == sorted(percents)
    assert len(set(percents)) > 3
    assert (TrainingState.QUEUED, 1, 0) in seen
    assert shop.notes.trainings[training.id] >= len(seen)


async def test_a_job_that_loses_its_runner_waits_again_and_then_goes_on(shop: Workshop) -> None:
    shop.local_fal.takes(3)
    shop.local_fal.goes_wrong(requeue_once=True)
    training = await start_training(shop.database)
    row = await shop.carry(training.id)
    assert row.state is TrainingState.COMPLETED
    assert len(shop.local_fal.jobs) == 1


# Photos.


async def asking(shop: Workshop) -> Training:
    """A training of which two photos cannot be used any more: one is gone, one is damaged."""
    training = await start_training(shop.database, 8)
    del shop.album.files["file-2"]
    shop.album.files["file-7"] = b"damaged by now"
    return await shop.step_until(training.id, lambda row: row.state is TrainingState.ASKING)


async def test_with_photos_lost_nothing_leaves_before_the_user_has_answered(
    shop: Workshop,
) -> None:
    training = await asking(shop)
    view = await TrainingViews(shop.database).training(training.id)
    assert view is not None
    assert ([photo.number for photo in view.progress.lost], view.progress.photos) == ([2, 7], 6)
    assert shop.notes.asking_trainings == [training.id]
    assert 0 < (await shop.steps.step(training.id) or 0) <= LOOK_EVERY_S
    shop.steps = shop.process()
    assert await shop.steps.unfinished() == [training.id]
    assert await shop.steps.step(training.id)
    assert (await read_training(shop.database, training.id)).state is TrainingState.ASKING
    assert shop.local_fal.jobs == []


async def test_a_training_goes_on_with_the_photos_that_are_left_and_asks_no_more(
    shop: Workshop,
) -> None:
    training = await asking(shop)
    await shop.service.go_on(USER, training.id)
    await shop.service.go_on(USER, training.id)
    row = await shop.carry(training.id)
    assert (row.state, row.prepared_photos) == (TrainingState.COMPLETED, 6)
    assert shop.notes.asking_trainings == [training.id]
    assert len(shop.local_fal.jobs) == 1
    with pytest.raises(StaleButton):
        await shop.service.go_on(USER, training.id)


async def test_photos_lost_after_the_answer_are_asked_about_again(shop: Workshop) -> None:
    training = await asking(shop)
    await shop.service.go_on(USER, training.id)
    del shop.album.files["file-5"]
    await shop.step_until(training.id, lambda row: row.state is TrainingState.ASKING)
    assert shop.notes.asking_trainings == [training.id] * 2
    del shop.album.files["file-6"]
    await shop.service.go_on(USER, training.id)
    row = await shop.carry(training.id)
    assert (row.state, row.failure) == (TrainingState.FAILED, FailureReason.PHOTOS_MISSING)
    assert shop.local_fal.jobs == []


async def test_a_training_that_asks_can_be_cancelled_and_costs_nothing(shop: Workshop) -> None:
    training = await asking(shop)
    await shop.service.cancel(USER, training.id)
    with pytest.raises(StaleButton):
        await shop.service.go_on(USER, training.id)
    row = await shop.carry(training.id)
    assert row.state is TrainingState.CANCELLED
    assert shop.notes.ended_trainings == [training.id]
    assert await shop.is_free(training.id)


async def test_a_question_without_an_answer_ends_the_training_after_a_day(shop: Workshop) -> None:
    training = await asking(shop)
    await shop.set(training.id, updated_at=now() - ANSWER_WITHIN)
    row = await shop.carry(training.id)
    assert row.state is TrainingState.CANCELLED
    assert await shop.is_free(training.id)
    again, _ = await shop.service.retry(USER, training.id)
    row = await shop.carry(again.id)
    assert (row.state, row.prepared_photos) == (TrainingState.COMPLETED, 6)


async def test_nobody_answers_for_another(shop: Workshop) -> None:
    training = await asking(shop)
    with pytest.raises(NotFound):
        await shop.service.go_on(STRANGER, training.id)


async def test_too_few_photos_left_fail_before_anything_is_sent(shop: Workshop) -> None:
    training = await start_training(shop.database, 5)
    shop.album.files["file-2"] = b"damaged by now"
    row = await shop.carry(training.id)
    assert (row.state, row.failure) == (TrainingState.FAILED, FailureReason.PHOTOS_MISSING)
    assert shop.local_fal.jobs == []
    assert shop.notes.ended_trainings == [row.id]


async def test_photos_that_cannot_be_fetched_now_are_fetched_later(shop: Workshop) -> None:
    training = await start_training(shop.database, 5)
    shop.album.troubles["file-3"] = 2
    with pytest.raises(PhotoUnavailable):
        await shop.steps.step(training.id)
    row = await shop.carry(training.id, patience=1)
    assert (row.state, row.prepared_photos) == (TrainingState.COMPLETED, 5)


async def test_only_accepted_photos_are_trained_on(shop: Workshop) -> None:
    training = await start_training(shop.database, 5)
    async with shop.database.transaction() as tx:
        await tx.photos.record(
            photo_values(training.id, 9, state=PhotoState.REFUSED, refusal="gif", sha256=None)
        )
    await shop.carry(training.id)
    assert "file-9" not in shop.album.fetched


# The submit.


async def test_an_upload_that_fails_is_done_again(shop: Workshop) -> None:
    training = await start_training(shop.database)
    shop.local_fal.fault("/rest/", kind="status", status=503, times=2)
    assert await carried(shop.steps.step, training.id, patience=1) == ["FalUnavailable"]
    assert len(shop.local_fal.inputs(FAST)) == 1


@pytest.mark.parametrize("status", [429, 409])
async def test_a_submit_that_was_not_accepted_is_sent_again_later(
    shop: Workshop, status: int
) -> None:
    training = await start_training(shop.database)
    shop.local_fal.fault(f"POST /fal/queue/{FAST}", kind="status", status=status, times=2)
    troubles = await carried(shop.steps.step, training.id, patience=2)
    assert troubles == ["FalUnavailable"] * 2
    assert len(shop.local_fal.inputs(FAST)) == 1
    assert (await read_training(shop.database, training.id)).state is TrainingState.COMPLETED


async def test_a_training_can_be_cancelled_while_fal_takes_no_submit(shop: Workshop) -> None:
    training = await start_training(shop.database)
    await pay_for(shop.database, training.id)
    shop.local_fal.fault(f"POST /fal/queue/{FAST}", kind="status", status=429, times=0)
    with pytest.raises(FalUnavailable):
        await shop.carry(training.id)
    await shop.service.cancel(USER, training.id)
    row = await shop.carry(training.id)
    assert row.state is TrainingState.CANCELLED
    assert shop.local_fal.jobs == []
    await assert_paid(shop.database, training.id, delivered=0)
    assert await shop.is_free(training.id)


@pytest.mark.parametrize("trouble", ["locked", "bad_key"])
async def test_a_closed_account_ends_the_training_and_is_not_the_users_fault(
    shop: Workshop, trouble: str
) -> None:
    training = await start_training(shop.database)
    await shop.step_until(training.id, lambda row: row.state is TrainingState.SUBMITTING)
    shop.local_fal.goes_wrong(**{trouble: True})
    row = await shop.carry(training.id)
    assert (row.state, row.failure) == (TrainingState.FAILED, FailureReason.SERVICE_ACCOUNT)
    assert shop.notes.ended_trainings == [row.id]


async def test_a_submit_whose_answer_is_lost_is_found_again_and_paid_once(
    shop: Workshop,
) -> None:
    shop.local_fal.takes(3)
    shop.local_fal.goes_wrong(drop_answer_of_submit=1)
    training = await start_training(shop.database)
    row = await shop.carry(training.id)
    assert row.state is TrainingState.COMPLETED
    assert [job.request_id for job in shop.local_fal.jobs] == [row.request_id]


async def test_a_lost_submit_is_waited_for_while_the_history_does_not_list_it(
    shop: Workshop,
) -> None:
    shop.local_fal.goes_wrong(drop_answer_of_submit=1, stall=True, queue_ahead=10**6)
    training = await start_training(shop.database)
    await shop.step_until(training.id, lambda row: row.state is TrainingState.UNCONFIRMED)
    for _ in range(5):
        assert await shop.steps.step(training.id)
    assert (await read_training(shop.database, training.id)).state is TrainingState.UNCONFIRMED
    shop.local_fal.goes_wrong(history_lists_queued=True)
    row = await shop.step_until(training.id, lambda row: row.state is TrainingState.QUEUED)
    assert len(shop.local_fal.jobs) == 1
    assert row.request_id == shop.local_fal.jobs[0].request_id


async def test_a_lost_submit_that_never_shows_up_fails_after_the_wait_and_is_not_resent(
    shop: Workshop,
) -> None:
    training = await start_training(shop.database)
    shop.local_fal.fault(f"POST /fal/queue/{FAST}", kind="drop_before")
    await shop.step_until(training.id, lambda row: row.state is TrainingState.UNCONFIRMED)
    assert await shop.steps.step(training.id)
    await shop.set(training.id, elapsed_s=RULES.job_deadline_s + 1)
    row = await shop.carry(training.id)
    assert (row.state, row.failure) == (TrainingState.FAILED, FailureReason.SUBMIT_UNKNOWN)
    assert shop.local_fal.jobs == []


async def test_a_lost_submit_with_a_history_that_cannot_tell_fails_honestly(
    shop: Workshop,
) -> None:
    shop.local_fal.goes_wrong(drop_answer_of_submit=1, history_forbidden=True)
    training = await start_training(shop.database)
    await shop.step_until(training.id, lambda row: row.state is TrainingState.UNCONFIRMED)
    for _ in range(5):
        await shop.steps.step(training.id)
    await shop.run_out_of_time(training.id)
    row = await shop.carry(training.id)
    assert (row.state, row.failure) == (TrainingState.FAILED, FailureReason.SUBMIT_UNKNOWN)
    assert len(shop.local_fal.jobs) == 1


async def test_two_submits_of_one_trigger_word_are_no_answer(shop: Workshop) -> None:
    training = await start_training(shop.database)
    await shop.step_until(training.id, lambda row: row.state is TrainingState.SUBMITTING)
    archive_url = (await read_training(shop.database, training.id)).archive_url or ""
    word = training.trigger_word or ""
    order = TrainingOrder(archive_url, word, Subject.WOMAN, 500, 8, 1, 1e-4)
    for _ in range(2):
        await shop.fal.submit_training(FAST, order)
    await shop.local_fal.until(lambda: all(job.outcome for job in shop.local_fal.jobs))
    await shop.set(training.id, submit_started_at=now())
    for _ in range(5):
        await shop.steps.step(training.id)
    await shop.run_out_of_time(training.id)
    row = await shop.carry(training.id)
    assert (row.state, row.failure) == (TrainingState.FAILED, FailureReason.SUBMIT_UNKNOWN)
    assert all(job.request_id in (row.failure_detail or "") for job in shop.local_fal.jobs)
    assert len(shop.local_fal.jobs) == 2


# Restarts.

KILLED_AT: dict[str, Callable[[Training], bool]] = {
    "preparing": lambda row: row.state is TrainingState.PREPARING,
    "submitting": lambda row: row.state is TrainingState.SUBMITTING,
    "queued": lambda row: row.state is TrainingState.QUEUED,
    "training": lambda row: row.state is TrainingState.TRAINING,
    "completed": lambda row: row.state is TrainingState.COMPLETED,
}


@pytest.mark.parametrize("moment", KILLED_AT)
async def test_a_new_process_goes_on_where_the_old_one_was_killed(
    shop: Workshop, moment: str
) -> None:
    shop.local_fal.takes(10)
    training = await start_training(shop.database)
    await shop.step_until(training.id, KILLED_AT[moment])
    shop.steps = shop.process()
    assert await shop.steps.unfinished() == [training.id]
    row = await shop.carry(training.id)
    assert row.state is TrainingState.COMPLETED
    assert len(shop.local_fal.jobs) == 1
    assert shop.notes.ended_trainings == [training.id]


async def test_a_process_killed_while_uploading_packs_again(shop: Workshop) -> None:
    training = await start_training(shop.database)
    await shop.set(training.id, state=TrainingState.UPLOADING, prepared_photos=5)
    row = await shop.carry(training.id)
    assert row.state is TrainingState.COMPLETED


async def test_a_process_killed_in_the_submit_does_not_send_it_again(shop: Workshop) -> None:
    training = await start_training(shop.database)
    await shop.step_until(training.id, lambda row: row.state is TrainingState.SUBMITTING)
    await shop.set(training.id, submit_started_at=now())
    row = await shop.step_until(training.id, lambda row: row.state is not TrainingState.SUBMITTING)
    assert row.state is TrainingState.UNCONFIRMED
    assert await shop.steps.step(training.id)
    assert shop.local_fal.jobs == []


async def test_two_processes_submit_once(shop: Workshop) -> None:
    training = await start_training(shop.database)
    await shop.step_until(training.id, lambda row: row.state is TrainingState.SUBMITTING)
    other = shop.process()
    await asyncio.gather(shop.steps.step(training.id), other.step(training.id))
    assert len(shop.local_fal.jobs) == 1


async def test_the_end_is_told_once_although_telegram_is_down_at_first(shop: Workshop) -> None:
    shop.notes.undelivered = 3
    training = await start_training(shop.database)
    assert await carried(shop.steps.step, training.id, patience=3) == ["DeliveryFailed"] * 3
    assert await shop.steps.step(training.id) is None
    assert shop.notes.ended_trainings == [training.id]


# Bad ends.


@pytest.mark.parametrize(
    ("kind", "failure"),
    [
        ("invalid_archive", FailureReason.PHOTOS_REJECTED),
        ("archive_file_count_below_minimum", FailureReason.PHOTOS_REJECTED),
        ("image_load_error", FailureReason.PHOTOS_REJECTED),
        ("face_detection_error", FailureReason.PHOTOS_REJECTED),
        ("content_policy_violation", FailureReason.PHOTOS_REJECTED),
        ("feature_not_supported", FailureReason.TRAINER_FAILED),
        ("internal_server_error", FailureReason.TRAINER_FAILED),
        ("generation_timeout", FailureReason.TRAINER_FAILED),
        ("downstream_service_error", FailureReason.TRAINER_FAILED),
        ("runner_disconnected", FailureReason.TRAINER_FAILED),
        ("request_timeout", FailureReason.TRAINER_FAILED),
    ],
)
async def test_a_training_that_fails_at_fal_has_its_reason(
    shop: Workshop, kind: str, failure: FailureReason
) -> None:
    shop.local_fal.goes_wrong(fail_training=kind)
    training = await start_training(shop.database)
    row = await shop.carry(training.id)
    assert (row.state, row.failure) == (TrainingState.FAILED, failure)
    assert row.failure_detail
    assert await shop.models() == []
    assert shop.notes.ended_trainings == [row.id]


@pytest.mark.parametrize("match", ["/status", "/requests/"])
@pytest.mark.parametrize("status", [404, 500])
async def test_one_odd_answer_is_not_believed(shop: Workshop, match: str, status: int) -> None:
    training = await start_training(shop.database)
    await shop.step_until(training.id, lambda row: row.state is TrainingState.QUEUED)
    await shop.local_fal.until(lambda: all(job.outcome for job in shop.local_fal.jobs))
    times = 4
    shop.local_fal.fault(match, kind="status", status=status, times=times)
    row = await shop.carry(training.id, patience=times)
    assert row.state is TrainingState.COMPLETED


async def test_a_job_that_fal_denies_until_the_deadline_is_lost(shop: Workshop) -> None:
    training = await start_training(shop.database)
    await shop.step_until(training.id, lambda row: row.state is TrainingState.QUEUED)
    shop.local_fal.goes_wrong(lose_result=True)
    await shop.step_until(training.id, lambda _: bool(shop.notes.doubted_trainings))
    assert shop.notes.doubted_trainings == [training.id]
    await shop.run_out_of_time(training.id)
    row = await shop.carry(training.id)
    assert (row.state, row.failure) == (TrainingState.FAILED, FailureReason.RESULT_LOST)


async def test_a_lock_during_the_training_is_waited_out(shop: Workshop) -> None:
    training = await start_training(shop.database)
    await shop.step_until(training.id, lambda row: row.state is TrainingState.QUEUED)
    shop.local_fal.goes_wrong(locked_polls=True)
    with pytest.raises(FalError):
        await shop.steps.step(training.id)
    shop.local_fal.goes_wrong()
    assert (await shop.carry(training.id)).state is TrainingState.COMPLETED


async def test_a_job_that_never_ends_is_given_up_at_its_deadline(shop: Workshop) -> None:
    shop.local_fal.goes_wrong(stall=True)
    training = await start_training(shop.database)
    await shop.step_until(training.id, lambda row: row.state is TrainingState.TRAINING)
    await shop.set(training.id, elapsed_s=RULES.job_deadline_s + 1)
    row = await shop.carry(training.id)
    assert (row.state, row.failure) == (TrainingState.FAILED, FailureReason.DEADLINE)
    assert shop.local_fal.jobs[0].cancel_requested


# Cancelling.


async def test_a_cancel_before_the_submit_costs_nothing(shop: Workshop) -> None:
    training = await start_training(shop.database)
    await shop.ask_to_cancel(training.id)
    row = await shop.carry(training.id)
    assert row.state is TrainingState.CANCELLED
    assert shop.local_fal.jobs == []
    assert shop.notes.ended_trainings == [row.id]


async def test_a_cancel_while_photos_are_packed_stops_the_packing(shop: Workshop) -> None:
    training = await start_training(shop.database, 8)

    class Cancelling(Album):
        async def fetch(self, file_id: str) -> bytes:
            if file_id == "file-3":
                await shop.ask_to_cancel(training.id)
            return await super().fetch(file_id)

    shop.album = Cancelling(shop.album.files)
    shop.steps = shop.process()
    row = await shop.carry(training.id)
    assert row.state is TrainingState.CANCELLED
    assert "file-4" not in shop.album.fetched
    assert shop.local_fal.jobs == []


@pytest.mark.parametrize("mode", ["removed", "honour"])
async def test_a_cancel_in_the_queue_is_a_cancelled_training(shop: Workshop, mode: str) -> None:
    shop.local_fal.goes_wrong(queue_ahead=10**6, cancel_mode=mode)
    training = await start_training(shop.database)
    await shop.step_until(training.id, lambda row: row.state is TrainingState.QUEUED)
    await shop.ask_to_cancel(training.id)
    row = await shop.carry(training.id)
    assert row.state is TrainingState.CANCELLED
    assert shop.local_fal.jobs[0].cancel_requested


async def test_a_cancel_that_fal_ignores_ends_with_the_model(shop: Workshop) -> None:
    shop.local_fal.takes(20)
    shop.local_fal.goes_wrong(cancel_mode="ignore")
    training = await start_training(shop.database)
    await shop.step_until(training.id, lambda row: row.state is TrainingState.TRAINING)
    await shop.ask_to_cancel(training.id)
    row = await shop.carry(training.id)
    assert row.state is TrainingState.COMPLETED
    assert len(await shop.models()) == 1


async def test_a_cancel_is_sent_to_fal_once(shop: Workshop, sandbox: RunningSandbox) -> None:
    shop.local_fal.takes(20)
    shop.local_fal.goes_wrong(cancel_mode="ignore")
    training = await start_training(shop.database)
    await shop.step_until(training.id, lambda row: row.state is TrainingState.TRAINING)
    await shop.ask_to_cancel(training.id)
    await shop.carry(training.id)
    puts = [call for call in sandbox.state.wire.journal._calls if call.path.endswith("/cancel")]
    assert len(puts) == 1


# Beside other models, and the words of failures.


async def test_the_newest_model_becomes_the_active_one(shop: Workshop) -> None:
    old = await keep_model(shop.database, "https://old")
    training = await start_training(shop.database)
    await shop.carry(training.id)
    active = {model.training_id: model.active for model in await shop.models()}
    assert active == {training.id: True, old.training_id: False}


async def test_a_draft_and_a_removed_row_are_left_alone(shop: Workshop) -> None:
    draft = await begin_draft(shop.database)
    for row_id in (draft.id, "no such id"):
        assert await shop.steps.step(row_id) is None
    assert shop.notes.ended_trainings == []


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (FalAccount("x"), FailureReason.SERVICE_ACCOUNT),
        (FalOutcomeUnknown("x"), FailureReason.SUBMIT_UNKNOWN),
        (FalResultGone("x"), FailureReason.RESULT_LOST),
        (FalJobFailed("x"), FailureReason.TRAINER_FAILED),
        (FalEndpointGone("x", "image_load_error"), FailureReason.TRAINER_FAILED),
        (FalRejected("x", "less_than"), FailureReason.TRAINER_FAILED),
        (FalRejected("x"), FailureReason.TRAINER_FAILED),
        *((FalRejected("x", kind), FailureReason.PHOTOS_REJECTED) for kind in PHOTO_ERROR_TYPES),
    ],
)
def test_an_error_of_fal_has_a_reason_in_our_words(error: FalError, reason: FailureReason) -> None:
    assert training_failure(error) is reason


async def test_a_progress_message_that_lags_behind_is_settled_after_a_restart(
    shop: Workshop,
) -> None:
    training = await start_training(shop.database)
    await shop.carry(training.id)
    await shop.set(training.id, is_settled=False)
    assert await shop.steps.unfinished() == [training.id]
    await shop.carry(training.id)
    assert shop.notes.ended_trainings == [training.id]
    assert shop.notes.settled_trainings == [training.id] * 2
    assert await shop.steps.unfinished() == []
