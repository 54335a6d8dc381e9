"""/status, and the buttons of a training that has started."""

import pytest

from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.values import Consent
from services.domain.vocabulary import FailureReason
from tests.handlers.chat import Chat


async def test_without_a_training_status_says_so(chat: Chat) -> None:
    await chat.say("/status")
    assert chat.last.text == chat.words("no-training")
    assert chat.last.data == ["menu:train"]


async def test_status_shows_a_training_under_way_once_more(chat: Chat) -> None:
    await chat.has_training(state=TrainingState.PREPARING)
    await chat.say("/status")
    await chat.until(lambda: any(said.has("tr:") for said in chat.messages))
    assert chat.words("no-training") not in chat.texts


async def test_status_names_the_last_training_when_none_is_under_way(chat: Chat) -> None:
    await chat.has_model()
    await chat.say("/status")
    first, second = chat.last.text.splitlines()
    assert first.startswith(chat.words("status-latest", name="Anna", state="")[:-1])
    assert second == chat.words("no-training")


async def test_cancel_asks_first_and_may_be_taken_back(chat: Chat) -> None:
    training = await chat.has_training(state=TrainingState.PREPARING)
    await chat.say("/start")
    await chat.forge(f"tr:{training.id}:cancel")
    assert chat.words("cancel-ask", name="Anna") in chat.last.text
    assert (await chat.training(training.id)).cancel_requested_at is None
    await chat.press("tr:", ":keep")
    assert chat.last.text == chat.words("cancel-kept")
    assert (await chat.training(training.id)).cancel_requested_at is None


async def test_stop_asks_for_the_training_to_be_stopped(chat: Chat) -> None:
    training = await chat.has_training(state=TrainingState.PREPARING)
    await chat.say("/start")
    await chat.forge(f"tr:{training.id}:cancel")
    await chat.press("tr:", ":stop")
    assert chat.words("cancel-asked") in chat.texts
    assert (await chat.training(training.id)).cancel_requested_at is not None


@pytest.mark.parametrize("action", ["cancel", "stop"])
async def test_a_training_that_has_ended_cannot_be_cancelled(chat: Chat, action: str) -> None:
    training = await chat.has_training(
        state=TrainingState.FAILED,
        failure=FailureReason.TRAINER_FAILED,
        finished_at=now(),
        announced_at=now(),
    )
    await chat.say("/start")
    toast = await chat.forge(f"tr:{training.id}:{action}")
    assert toast == chat.words("error-nothing-to-cancel")


@pytest.mark.parametrize("action", ["cancel", "stop", "fewer", "retry", "agree"])
async def test_a_strangers_training_is_not_found(chat: Chat, stranger: Chat, action: str) -> None:
    training = await chat.has_training(state=TrainingState.PREPARING)
    await stranger.say("/start")
    toast = await stranger.forge(f"tr:{training.id}:{action}")
    assert toast == stranger.words("error-not-found")
    assert (await chat.training(training.id)).cancel_requested_at is None


async def test_a_failed_training_asks_for_a_consent_that_has_changed_and_starts_once(
    chat: Chat,
) -> None:
    failed = await chat.has_training(
        state=TrainingState.FAILED,
        failure=FailureReason.TRAINER_FAILED,
        finished_at=now(),
        announced_at=now(),
    )
    async with chat.product.database.transaction() as tx:
        await tx.photos.agree(failed.id, Consent(version="2026-11"))
    await chat.say("/start")
    await chat.forge(f"tr:{failed.id}:retry")
    asked = chat.last
    assert asked.text == f"{chat.words('consent-changed')}\n\n{chat.words('ask-consent', days=7)}"
    await chat.forge(f"tr:{failed.id}:agree")
    assert chat.words("retry-started") in chat.texts
    await chat.forge(f"tr:{failed.id}:agree")
    assert chat.words("already-started") in chat.texts


async def test_a_failed_training_is_tried_again_once(chat: Chat) -> None:
    failed = await chat.has_training(
        state=TrainingState.FAILED,
        failure=FailureReason.TRAINER_FAILED,
        finished_at=now(),
        announced_at=now(),
    )
    await chat.say("/start")
    assert await chat.forge(f"tr:{failed.id}:retry") == chat.words("retry-started")
    assert await chat.forge(f"tr:{failed.id}:retry") == chat.words("already-started")
    # The buttons are gone, so that nobody tries a third time.
    assert not chat.messages[0].buttons


async def test_a_training_that_asks_goes_on_with_the_photos_that_are_left(chat: Chat) -> None:
    training = await chat.has_training(state=TrainingState.ASKING)
    await chat.say("/start")
    toast = await chat.forge(f"tr:{training.id}:fewer")
    assert toast == chat.words("training-started-toast")
    assert (await chat.training(training.id)).state is not TrainingState.ASKING


async def test_a_training_that_is_being_stopped_does_not_go_on_with_fewer(chat: Chat) -> None:
    training = await chat.has_training(state=TrainingState.ASKING, cancel_requested_at=now())
    await chat.say("/start")
    toast = await chat.forge(f"tr:{training.id}:fewer")
    assert toast == chat.words("error-stale-button")
