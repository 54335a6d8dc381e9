"""A deletion is done to its end: rows at once, jobs at fal and old messages behind it."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import make_url

from db.database import Database
from db.tables import Table
from services.deletion.steps import DeletionSteps
from services.domain.clock import now
from services.domain.deletion import DeletedMessage, Deletion, Receipt
from services.domain.states import GenerationState, TrainingState
from services.domain.values import Model, Place
from services.domain.vocabulary import Language
from services.errors import DeliveryFailed, UserUnreachable
from services.fal.client import FalClient
from services.fal.gateway import GenerationOrder, Job
from services.generation.edits import Edits
from services.models.service import ModelService
from services.photos.worker import PhotoWorker
from services.rules import TrainingRules
from services.training.packing import Packing
from services.users.privacy import PrivacyService
from tests.services.fal.local_fal import LocalFal
from tests.services.jobs.paying import assert_paid, pay_for
from tests.services.kit import (
    EDITOR,
    FAST,
    FLUX,
    STRANGER,
    USER,
    Notes,
    begin_draft,
    edit_photo,
    full_album,
    generation_jobs,
    keep_model,
    keep_result,
    paid_context,
    read_training,
    start_training,
    training_jobs,
    wide_ledger,
)

RECEIPT_ID = 500
HERE = Place(USER)
SECRET_PROMPT = "a lighthouse keeper with a broken umbrella"
LATE = TrainingRules(job_deadline_s=-1)


@dataclass
class Told:
    """A deletion announcer that writes down what it shows, and may fail at first."""

    cleared: list[int] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)

    async def clear(self, message: DeletedMessage, language: Language) -> None:
        assert language is Language.EN
        self._fail_at_first()
        self.cleared.append(message.message_id)

    async def show_receipt(self, deletion: Deletion, receipt: Receipt) -> None:
        assert deletion.chat_id == USER
        self._fail_at_first()
        self.receipts.append(receipt)

    def _fail_at_first(self) -> None:
        if self.troubles:
            raise self.troubles.pop(0)


class Setup:
    """Both ways of deleting, and what is done behind them."""

    def __init__(self, database: Database, fal: FalClient) -> None:
        self.database = database
        self.fal = fal
        self.told = Told()
        self.ordered: list[str] = []
        ledger = wide_ledger()
        self.privacy = PrivacyService(database, ledger, self.ordered.append)
        self.models = ModelService(database, ledger, self.ordered.append)

    async def step(self, rules: TrainingRules | None = None) -> float | None:
        """One step of the newest deletion, by a process that knows only the rows."""
        steps = DeletionSteps(self.database, rules or TrainingRules(), self.fal, self.told)
        return await steps.step(self.ordered[-1])

    async def finish(self, rules: TrainingRules | None = None) -> None:
        for _ in range(50):
            if await self.step(rules) is None:
                return
        pytest.fail("the deletion does not end")

    async def unfinished(self) -> list[str]:
        async with self.database.transaction() as tx:
            return list(await tx.deletions.unfinished())

    async def submitted(self, model: Model) -> Job:
        order = GenerationOrder(
            f"{model.trigger_word}, a king", "https://lora", seed=1_000_000_007
        )
        return await self.fal.submit_generation(FLUX, order)

    async def running(self, model: Model) -> Job:
        """Have fal work for a picture of a model, and keep its row."""
        job = await self.submitted(model)
        await self.generation(
            model,
            state=GenerationState.RUNNING,
            request_id=job.request_id,
            status_url=job.status_url,
            response_url=job.response_url,
            cancel_url=job.cancel_url,
        )
        return job

    async def generation(self, model: Model, **changes: object) -> str:
        values = {"seed": 1_000_000_007, "submit_started_at": now(), **changes}
        return (await keep_result(self.database, model, prompt="a king", **values)).id


@pytest.fixture
def setup(database: Database, fal: FalClient) -> Setup:
    return Setup(database, fal)


async def rows_of(database: Database, user_id: int) -> dict[str, int]:
    """Count the rows that name a user, but for the charges, which outlive them for a day."""
    counts = {}
    async with database.engine.connect() as connection:
        for name, table in Table.metadata.tables.items():
            column = table.c.get("id" if name == "users" else "user_id")
            if column is not None and name not in {"charges", "admins"}:
                rows = await connection.execute(table.select().where(column == user_id))
                counts[name] = len(rows.all())
    return counts


async def read_counts(setup: Setup) -> tuple[int, int, int]:
    """Return how many models, different photos and requests at fal the user has."""
    async with setup.database.transaction() as tx:
        trainings = await tx.trainings.all_of(USER)
        draft = await tx.drafts.of(USER)
        assert draft is not None
        photos = {
            photo.file_unique_id
            for set_id in [draft.id, *(training.id for training in trainings)]
            for photo in await tx.photos.all_of(set_id)
        }
        models = await tx.models.all_of(USER)
    assert models
    assert photos
    requests = [training for training in trainings if training.request_id]
    assert requests
    return len(models), len(photos), len(requests)


async def test_forgetting_a_user_leaves_nothing_here_and_stops_their_job(
    setup: Setup, local_fal: LocalFal, worker: PhotoWorker
) -> None:
    local_fal.goes_wrong(stall=True)
    await keep_model(setup.database, "https://lora")
    theirs = await keep_model(setup.database, "https://lora", STRANGER)
    training = await start_training(setup.database, progress_message_id=41)
    draft = await begin_draft(setup.database)
    async with setup.database.transaction() as tx:
        await tx.photos.set_counter_message(training.id, 40)
        await tx.photos.set_counter_message(draft.id, 39)
    context = paid_context(setup.database, setup.fal, TrainingRules())
    steps = training_jobs(context, Packing(full_album(), worker), Notes())
    while (await read_training(setup.database, training.id)).state is not TrainingState.TRAINING:
        await steps.step(training.id)
    shown = await read_counts(setup)
    deletion, receipt = await setup.privacy.forget(USER, HERE, RECEIPT_ID)
    assert receipt == Receipt(under_way=1)
    assert (deletion.models, deletion.photos, deletion.requests) == shown
    async with setup.database.transaction() as tx:
        assert await tx.deletions.get(deletion.id) == deletion
    assert {name for name, count in (await rows_of(setup.database, USER)).items() if count} == {
        "deletions"
    }
    await setup.finish()
    assert local_fal.jobs[0].cancel_requested
    assert setup.told.cleared == [41, 40, 39]
    assert setup.told.receipts == [Receipt()]
    assert set((await rows_of(setup.database, USER)).values()) == {0}
    assert (await rows_of(setup.database, STRANGER))["models"] == 1
    assert await steps.step(training.id) is None
    async with setup.database.transaction() as tx:
        assert await tx.models.get(theirs.id) is not None


async def test_a_cancel_that_fal_does_not_take_is_repeated(
    setup: Setup, local_fal: LocalFal
) -> None:
    local_fal.takes(polls=10_000)
    local_fal.goes_wrong(queue_ahead=18)
    model = await keep_model(setup.database, "https://lora")
    await setup.running(model)
    local_fal.fault("", kind="status", status=500, times=0)
    assert (await setup.privacy.forget(USER, HERE, RECEIPT_ID))[1] == Receipt(under_way=1)
    for _ in range(3):
        assert await setup.step() is not None
    assert not local_fal.jobs[0].cancel_requested
    assert setup.told.receipts == []
    local_fal.sandbox.state.wire.faults.remove()
    await setup.finish()
    assert local_fal.jobs[0].cancel_requested
    assert setup.told.receipts == [Receipt()]
    assert await setup.unfinished() == []


async def test_what_could_not_be_stopped_is_told(setup: Setup, local_fal: LocalFal) -> None:
    local_fal.fault("", kind="status", status=500, times=0)
    model = await keep_model(setup.database, "https://lora")
    await setup.generation(model, state=GenerationState.QUEUED, request_id="r", cancel_url="x")
    await setup.privacy.forget(USER, HERE, RECEIPT_ID)
    await setup.finish(LATE)
    assert setup.told.receipts == [Receipt(not_stopped=1)]
    assert await setup.unfinished() == []


@pytest.mark.parametrize("state", [GenerationState.SUBMITTING, GenerationState.UNCONFIRMED])
async def test_a_lost_submit_is_seen_to_when_it_turns_up(
    setup: Setup, local_fal: LocalFal, state: GenerationState
) -> None:
    model = await keep_model(setup.database, "https://lora")
    await setup.generation(model, state=state)
    _, _, receipt = await setup.models.delete(USER, model.id, HERE)
    assert receipt == Receipt(under_way=1)
    for _ in range(3):
        assert await setup.step() is not None
    # fal's history lists a job when it has ended.
    job = await setup.submitted(model)
    await local_fal.until(lambda: local_fal.jobs[0].outcome is not None)
    assert job.request_id == local_fal.jobs[0].request_id
    await setup.finish()
    assert await setup.unfinished() == []


async def test_a_deleted_job_is_not_taken_for_one_that_another_row_has(
    setup: Setup, local_fal: LocalFal
) -> None:
    model = await keep_model(setup.database, "https://lora")
    await setup.generation(model, state=GenerationState.UNCONFIRMED)
    await setup.models.delete(USER, model.id, HERE)
    # The same person's picture with the same seed and words, as a borrower may have asked for it.
    other = await keep_model(setup.database, "https://lora", STRANGER)
    borrowed = await setup.submitted(model)
    await setup.generation(
        other, state=GenerationState.QUEUED, request_id=borrowed.request_id, seed=7
    )
    # fal's history lists a job when it has ended.
    await local_fal.until(lambda: local_fal.jobs[0].outcome is not None)
    for _ in range(3):
        assert await setup.step() is not None
    async with setup.database.transaction() as tx:
        (job,) = await tx.deletions.open_jobs(setup.ordered[-1])
    assert job.request_id is None
    await setup.submitted(model)
    await local_fal.until(lambda: local_fal.jobs[1].outcome is not None)
    await setup.finish()
    assert await setup.unfinished() == []


@pytest.mark.parametrize("trainers", [(), (FAST,)], ids=["plain", "with a class word"])
async def test_a_deleted_job_is_looked_for_by_the_prompt_that_was_sent(
    setup: Setup, trainers: tuple[str, ...]
) -> None:
    rules = TrainingRules(class_word_trainers=trainers)
    for model_id in (None, "own"):
        model = await keep_model(setup.database, "https://lora")
        await setup.generation(model, state=GenerationState.UNCONFIRMED)
        await setup.generation(model, state=GenerationState.QUEUED, request_id=f"r {model_id}")
        carry, ledger = setup.ordered.append, wide_ledger()
        if model_id is None:
            await PrivacyService(setup.database, ledger, carry, rules=rules).forget(
                USER, HERE, None
            )
        else:
            models = ModelService(setup.database, ledger, carry, rules=rules)
            await models.delete(USER, model.id, HERE)
        async with setup.database.transaction() as tx:
            jobs = await tx.deletions.open_jobs(setup.ordered[-1])
        sent = f'"prompt": "{rules.opening(model)}a king"'
        lost = [model.trigger_word, sent, '"seed": 1000000007']
        # What is found already need not be known by its words.
        assert {job.request_id: job.marks for job in jobs} == {None: lost, f"r {model_id}": []}


@pytest.mark.parametrize("is_found", [True, False])
async def test_an_edit_of_a_photo_under_way_is_stopped_and_its_price_given_back(
    setup: Setup, local_fal: LocalFal, worker: PhotoWorker, *, is_found: bool
) -> None:
    if is_found:
        local_fal.takes(polls=10_000)
        local_fal.goes_wrong(queue_ahead=18)
    else:
        local_fal.fault("POST /fal/queue/fal-ai/flux-2/edit", kind="drop_after", times=1)
    asked = await edit_photo(setup.database)
    await pay_for(setup.database, asked.id)
    context = paid_context(setup.database, setup.fal, TrainingRules())
    edits = Edits(setup.database, setup.fal, TrainingRules(), full_album(1), worker)
    jobs = generation_jobs(context, Notes(), edits=edits)
    while not local_fal.inputs(EDITOR):
        await jobs.step(asked.id)
    if not is_found:
        # fal's history lists a job when it has ended.
        await local_fal.until(lambda: local_fal.jobs[-1].outcome is not None)
    assert (await setup.privacy.forget(USER, HERE, RECEIPT_ID))[1] == Receipt(under_way=1)
    assert await jobs.step(asked.id) is None
    await assert_paid(setup.database, asked.id, delivered=0)
    await setup.finish()
    assert await setup.unfinished() == []
    assert setup.told.receipts == [Receipt()]
    assert not is_found or local_fal.jobs[-1].cancel_requested


async def test_an_answer_that_comes_after_the_deletion_is_stopped(
    setup: Setup, local_fal: LocalFal
) -> None:
    local_fal.takes(polls=10_000)
    local_fal.goes_wrong(queue_ahead=18)
    model = await keep_model(setup.database, "https://lora")
    row_id = await setup.generation(model, state=GenerationState.SUBMITTING)
    await setup.models.delete(USER, model.id, HERE)
    job = await setup.submitted(model)
    local_fal.fault("", kind="status", status=500, times=0)
    context = paid_context(setup.database, setup.fal, TrainingRules())
    await generation_jobs(context, Notes())._submission.adopt(row_id, job)
    assert not local_fal.jobs[0].cancel_requested
    async with setup.database.transaction() as tx:
        (known,) = await tx.deletions.open_jobs(setup.ordered[-1])
    assert known.request_id == job.request_id
    local_fal.sandbox.state.wire.faults.remove()
    await setup.finish()
    assert local_fal.jobs[0].cancel_requested


async def test_a_message_that_telegram_does_not_take_is_cleared_later(setup: Setup) -> None:
    model = await keep_model(setup.database, "https://lora")
    for message_id in (7, 8):
        await setup.generation(model, status_message_id=message_id)
    await setup.models.delete(USER, model.id, HERE)
    setup.told.troubles = [DeliveryFailed("flood"), UserUnreachable("blocked")]
    with pytest.raises(DeliveryFailed):
        await setup.step()
    await setup.finish()
    # Where the chat is closed, nothing can be cleared.
    assert setup.told.cleared == [7]


async def test_deleting_one_model_clears_nothing_of_another(setup: Setup) -> None:
    kept = await keep_model(setup.database, "https://lora", active=False)
    model = await keep_model(setup.database, "https://lora")
    await setup.generation(kept, status_message_id=7)
    await setup.generation(model, status_message_id=8)
    await setup.models.delete(USER, model.id, HERE)
    await setup.finish()
    assert setup.told.cleared == [8]
    assert setup.told.receipts == []


async def test_what_was_written_is_not_in_the_file_any_more(setup: Setup) -> None:
    model = await keep_model(setup.database, "https://lora")
    await keep_result(setup.database, model, "https://picture", prompt=SECRET_PROMPT)
    path = Path(make_url(setup.database.url).database or "")

    def is_kept() -> bool:
        files = [file.read_bytes() for file in path.parent.glob(f"{path.name}*")]
        return any(SECRET_PROMPT.encode() in data for data in files)

    assert is_kept()
    await setup.privacy.forget(USER, HERE, RECEIPT_ID)
    await setup.finish()
    assert not is_kept()


async def test_forgetting_twice_is_no_worse(setup: Setup) -> None:
    await keep_model(setup.database, "https://lora")
    await setup.privacy.forget(USER, HERE, RECEIPT_ID)
    async with setup.database.transaction() as tx:
        await tx.users.meet(USER, Language.EN)
    assert (await setup.privacy.forget(USER, HERE, RECEIPT_ID))[1] == Receipt()
    for deletion_id in tuple(setup.ordered):
        setup.ordered.append(deletion_id)
        await setup.finish()
    assert set((await rows_of(setup.database, USER)).values()) == {0}


async def test_forgetting_gives_back_only_the_charges_of_what_fal_never_got(setup: Setup) -> None:
    unsent = await start_training(setup.database)
    asking = await start_training(setup.database, state=TrainingState.ASKING)
    sent = await start_training(
        setup.database, state=TrainingState.SUBMITTING, submit_started_at=now()
    )
    ended = await start_training(
        setup.database, state=TrainingState.QUEUED, request_id="r", finished_at=now()
    )
    await setup.privacy.forget(USER, HERE, RECEIPT_ID)
    async with setup.database.transaction() as tx:
        charges = [await tx.charges.get(row.id) for row in (unsent, asking, sent, ended)]
    released = [charge is not None and charge.released_at is not None for charge in charges]
    assert released == [True, True, False, False]
