"""Look again: whose jobs, and which."""

import pytest

from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.vocabulary import FailureReason
from tests.handlers.chat import ADMIN, Chat, Product


async def given_up(chat: Chat, failure: FailureReason = FailureReason.DEADLINE) -> str:
    at_fal = f"{chat.product.sandbox.fal_url}/queue/fal-ai/flux-lora-fast-training/requests/none"
    training = await chat.has_training(
        state=TrainingState.FAILED,
        failure=failure,
        submit_started_at=now(),
        request_id="none",
        status_url=f"{at_fal}/status",
        response_url=at_fal,
        cancel_url=f"{at_fal}/cancel",
        finished_at=now(),
        announced_at=now(),
    )
    await chat.say("/start")
    return training.id


async def state_of(chat: Chat, training_id: str) -> TrainingState:
    return (await chat.training(training_id)).state


async def test_a_stranger_may_not_look(chat: Chat, stranger: Chat) -> None:
    training_id = await given_up(chat)
    await stranger.say("/start")
    toast = await stranger.forge(f"look:training:{training_id}")
    assert toast == stranger.words("error-not-found")
    assert await state_of(chat, training_id) is TrainingState.FAILED


async def test_the_user_may_look_once(chat: Chat) -> None:
    training_id = await given_up(chat)
    assert await chat.forge(f"look:training:{training_id}") == chat.words("looking-again")
    assert not chat.messages[0].buttons


async def test_an_admin_may_look_for_anybody(product: Product, chat: Chat) -> None:
    training_id = await given_up(chat)
    admin = product.newcomer(user_id=ADMIN)
    await admin.say("/start")
    assert await admin.forge(f"look:training:{training_id}") == admin.words("looking-again")


async def test_what_failed_for_good_is_not_looked_for(chat: Chat) -> None:
    training_id = await given_up(chat, FailureReason.PHOTOS_REJECTED)
    toast = await chat.forge(f"look:training:{training_id}")
    assert toast == chat.words("error-stale-button")


@pytest.mark.parametrize("data", ["look:training:AAAAAAAAAAAA", "look:nothing:AAAAAAAAAAAA"])
async def test_what_is_not_there_is_not_found(chat: Chat, data: str) -> None:
    await chat.say("/start")
    assert await chat.forge(data) == chat.words("error-not-found")
