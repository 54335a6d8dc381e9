"""What the screens read, and what is forgotten on request."""

from datetime import timedelta

import pytest

from db.database import Database
from db.tables import Table
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.vocabulary import Language, PhotoState
from services.fal.client import FalClient
from services.photos.worker import PhotoWorker
from services.rules import TrainingRules
from services.training.packing import Packing
from services.users.privacy import PrivacyService
from services.views import COUNTER_CLOSED, SentMessage, Views
from tests.services.fal.local_fal import LocalFal
from tests.services.kit import (
    STRANGER,
    USER,
    Notes,
    full_album,
    keep_model,
    paid_context,
    photo_values,
    read_training,
    start_training,
    training_jobs,
    wide_ledger,
)


@pytest.fixture
def views(database: Database) -> Views:
    return Views(database)


async def test_a_photo_view_counts_by_state_in_the_order_sent(
    database: Database, views: Views
) -> None:
    draft = await start_training(database, 2, state=TrainingState.DRAFT)
    async with database.transaction() as tx:
        refused = {"state": PhotoState.REFUSED, "refusal": "gif", "sha256": None, "repeats": 2}
        await tx.photos.record(photo_values(draft.id, 0, **refused))
        pending = {"state": PhotoState.PENDING, "sha256": None}
        await tx.photos.record(photo_values(draft.id, 9, **pending))
    view = await views.photos(draft.id)
    assert view is not None
    assert [photo.message_id for photo in view.photos] == [0, 1, 2, 9]
    assert {state: view.count(state) for state in PhotoState} == {
        PhotoState.PENDING: 1,
        PhotoState.ACCEPTED: 2,
        PhotoState.REFUSED: 1,
    }
    assert (view.repeats, view.language) == (2, Language.EN)


async def test_a_training_view_guesses_the_time_left_from_the_rate(
    database: Database, views: Views
) -> None:
    started = now() - timedelta(seconds=60)
    training = await start_training(
        database, state=TrainingState.TRAINING, percent=50, training_started_at=started
    )
    view = await views.training(training.id)
    assert view is not None
    assert (view.photo_count, view.model) == (5, None)
    assert view.seconds_left == pytest.approx(60, abs=5)


async def test_a_training_view_has_the_model_it_made(database: Database, views: Views) -> None:
    model = await keep_model(database, "https://lora")
    view = await views.training(model.training_id)
    assert view is not None
    assert view.model is not None
    assert (view.model.id, view.seconds_left) == (model.id, None)


async def test_what_is_not_there_has_no_view(views: Views) -> None:
    assert await views.photos("none") is None
    assert await views.training("none") is None
    assert await views.generation("none") is None
    await views.set_counter_message("none", 1)
    await views.set_progress_message("none", 1)
    await views.set_status_message("none", 1)
    await views.set_unreachable(1)


async def test_messages_are_remembered_and_forgotten(database: Database, views: Views) -> None:
    training = await start_training(database)
    await views.set_counter_message(training.id, 5)
    await views.set_progress_message(training.id, 6)
    row = await read_training(database, training.id)
    assert (row.counter_message_id, row.progress_message_id) == (5, 6)
    await views.set_counter_message(training.id, None)
    assert (await read_training(database, training.id)).counter_message_id is None


async def rows_of(database: Database, user_id: int) -> dict[str, int]:
    """Count the rows that name a user, but for the charges, which outlive them for a day."""
    counts = {}
    async with database.engine.connect() as connection:
        for name, table in Table.metadata.tables.items():
            column = table.c.get("id" if name == "users" else "user_id")
            if column is not None and name != "charges":
                rows = await connection.execute(table.select().where(column == user_id))
                counts[name] = len(rows.all())
    return counts


async def test_forgetting_a_user_leaves_nothing_here_and_stops_their_job(
    database: Database, fal: FalClient, local_fal: LocalFal, worker: PhotoWorker
) -> None:
    local_fal.goes_wrong(stall=True)
    await keep_model(database, "https://lora")
    theirs = await keep_model(database, "https://lora", STRANGER)
    training = await start_training(database)
    packing = Packing(full_album(), worker)
    steps = training_jobs(paid_context(database, fal, TrainingRules()), packing, Notes())
    while (await read_training(database, training.id)).state is not TrainingState.TRAINING:
        await steps.step(training.id)
    await PrivacyService(database, fal, wide_ledger()).forget(USER)
    assert set((await rows_of(database, USER)).values()) == {0}
    assert (await rows_of(database, STRANGER))["models"] == 1
    assert local_fal.jobs[0].cancel_requested
    assert await steps.step(training.id) is None
    async with database.transaction() as tx:
        assert await tx.models.get(theirs.id) is not None


async def test_forgetting_gives_back_only_the_charges_of_what_fal_never_got(
    database: Database, fal: FalClient
) -> None:
    unsent = await start_training(database)
    sent = await start_training(database, state=TrainingState.SUBMITTING, submit_started_at=now())
    ended = await start_training(
        database, state=TrainingState.QUEUED, request_id="r", finished_at=now()
    )
    await PrivacyService(database, fal, wide_ledger()).forget(USER)
    async with database.transaction() as tx:
        charges = [await tx.charges.get(row.id) for row in (unsent, sent, ended)]
    released = [charge is not None and charge.released_at is not None for charge in charges]
    assert released == [True, False, False]


async def test_forgetting_goes_through_although_fal_is_down(
    database: Database, fal: FalClient, local_fal: LocalFal
) -> None:
    local_fal.fault("", kind="status", status=500, times=0)
    await start_training(
        database,
        state=TrainingState.QUEUED,
        request_id="r",
        cancel_url=f"{local_fal.sandbox.fal_url}/queue/a/b/requests/r/cancel",
    )
    await PrivacyService(database, fal, wide_ledger()).forget(USER)
    await PrivacyService(database, fal, wide_ledger()).forget(USER)
    assert set((await rows_of(database, USER)).values()) == {0}


async def test_the_counter_message_is_forgotten_unless_its_step_is_left(
    database: Database, views: Views
) -> None:
    draft = await start_training(database, 1, state=TrainingState.DRAFT)
    assert await views.forget_counter_message(draft.id) is None
    await views.set_counter_message(draft.id, 77)
    assert await views.forget_counter_message(draft.id) == SentMessage(USER, 77)
    assert (await read_training(database, draft.id)).counter_message_id is None
    await views.set_counter_message(draft.id, COUNTER_CLOSED)
    assert await views.forget_counter_message(draft.id) is None
    assert (await read_training(database, draft.id)).counter_message_id == COUNTER_CLOSED
    assert await views.forget_counter_message("no such id") is None
