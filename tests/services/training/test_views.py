"""What the screens read of drafts and trainings, and the messages that show them."""

from datetime import timedelta

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.values import SentMessage
from services.domain.vocabulary import Language, PhotoState
from services.training.views import COUNTER_CLOSED, TrainingViews
from tests.services.kit import (
    USER,
    begin_draft,
    counter_of,
    keep_model,
    photo_values,
    read_training,
    start_training,
)


@pytest.fixture
def views(database: Database) -> TrainingViews:
    return TrainingViews(database)


async def test_a_photo_view_counts_by_state_in_the_order_sent(
    database: Database, views: TrainingViews
) -> None:
    draft = await begin_draft(database, 2)
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
    database: Database, views: TrainingViews
) -> None:
    started = now() - timedelta(seconds=60)
    training = await start_training(
        database, state=TrainingState.TRAINING, percent=50, training_started_at=started
    )
    view = await views.training(training.id)
    assert view is not None
    assert (view.progress.photos, view.model) == (5, None)
    assert view.progress.left_s == pytest.approx(60, abs=5)


async def test_a_training_view_has_the_model_it_made(
    database: Database, views: TrainingViews
) -> None:
    model = await keep_model(database, "https://lora")
    view = await views.training(model.training_id)
    assert view is not None
    assert view.model is not None
    assert (view.model.id, view.progress.left_s) == (model.id, None)


async def test_what_is_not_there_has_no_view(views: TrainingViews) -> None:
    assert await views.photos("none") is None
    assert await views.training("none") is None
    await views.set_counter_message("none", 1)
    await views.set_progress_message("none", 1)
    assert not await views.replace_counter_message("none", 0, 1)
    assert not await views.replace_progress_message("none", None, 1)


async def test_messages_are_remembered_and_forgotten(
    database: Database, views: TrainingViews
) -> None:
    training = await start_training(database)
    await views.set_counter_message(training.id, 5)
    await views.set_progress_message(training.id, 6)
    row = await read_training(database, training.id)
    assert (await counter_of(database, training.id), row.progress_message_id) == (5, 6)
    await views.set_counter_message(training.id, None)
    assert await counter_of(database, training.id) is None


async def test_the_counter_message_is_forgotten_unless_its_step_is_left(
    database: Database, views: TrainingViews
) -> None:
    draft = await begin_draft(database, 1)
    assert await views.forget_counter_message(draft.id) is None
    await views.set_counter_message(draft.id, 77)
    assert await views.forget_counter_message(draft.id) == SentMessage(USER, 77)
    assert await counter_of(database, draft.id) is None
    await views.set_counter_message(draft.id, COUNTER_CLOSED)
    assert await views.forget_counter_message(draft.id) is None
    assert await counter_of(database, draft.id) == COUNTER_CLOSED
    assert await views.forget_counter_message("no such id") is None


async def test_of_two_who_send_a_message_at_once_one_has_it_remembered(
    database: Database, views: TrainingViews
) -> None:
    draft, training = await begin_draft(database, 1), await start_training(database)
    assert await views.replace_counter_message(draft.id, None, 5)
    assert not await views.replace_counter_message(draft.id, None, 6)
    assert await views.replace_counter_message(draft.id, 5, 7)
    assert await counter_of(database, draft.id) == 7
    await views.set_counter_message(draft.id, COUNTER_CLOSED)
    assert not await views.replace_counter_message(draft.id, 7, 8)
    assert await counter_of(database, draft.id) == COUNTER_CLOSED
    assert await views.replace_progress_message(training.id, None, 5)
    assert not await views.replace_progress_message(training.id, None, 6)
    assert (await read_training(database, training.id)).progress_message_id == 5
