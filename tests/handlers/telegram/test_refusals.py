"""What Telegram refuses for good is said once; what passes is said again until it works."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import date

import pytest
from aiogram.types import Update

from handlers.generate.delivery import Delivery
from handlers.generate.live import GenerateLive
from handlers.telegram.chat_action import show_upload_action
from handlers.telegram.errors import tell_given_up, tell_kept
from handlers.train.live import TrainLive
from sandbox.faults import Service
from services.domain.clock import now
from services.domain.states import GenerationState, TrainingState
from services.domain.values import Place
from services.domain.vocabulary import FailureReason
from services.errors import DeliveryFailed, UserUnreachable
from services.generation.views import GenerationViews
from tests.handlers.chat import Chat, Product

GONE = {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}
REFUSED = {"ok": False, "error_code": 400, "description": "Bad Request: message is too long"}
PATIENCE_S = 30

Lives = tuple[TrainLive, GenerateLive]
Say = Callable[[Lives, str, str], Awaitable[None]]

SAYINGS: dict[str, Say] = {
    "a training ended": lambda lives, training, _: lives[0].training_ended(training),
    "a training in doubt": lambda lives, training, _: lives[0].training_in_doubt(training),
    "an old draft": lambda lives, training, _: lives[0].draft_ages(training, date(2026, 12, 1)),
    "a picture ended": lambda lives, _, picture: lives[1].generation_ended(picture),
    "a picture in doubt": lambda lives, _, picture: lives[1].generation_in_doubt(picture),
}


class Refusals:
    """Has the Telegram of a product refuse messages until the test is over."""

    def __init__(self, product: Product) -> None:
        wire = product.sandbox.state.wire
        self._faults, self._journal = wire.faults, wire.journal
        self._match, self._began = "", 0

    def begin(self, match: str = "", status: int = 400, **values: object) -> None:
        wanted = {"service": "telegram", "kind": "status", "times": 0, "match": match}
        self._faults.add(wanted | {"status": status} | values)
        self._match = match
        self._began = max((call.seq for call in self._journal.after(0, None)), default=0)

    def of(self, chat: Chat) -> int:
        """Return how often a chat was refused: others of the product may be at work as well."""
        return sum(
            self._match in call.path and str(chat.id) in str(call.request)
            for call in self._journal.after(self._began, Service.TELEGRAM)
        )

    def end(self) -> None:
        self._faults.remove()


@pytest.fixture
def refusals(product: Product) -> Iterator[Refusals]:
    all_of_them = Refusals(product)
    yield all_of_them
    all_of_them.end()


def lives_of(chat: Chat) -> Lives:
    data = chat.product.dispatcher.workflow_data
    train_live = data["train_live"]
    outgoing, views = train_live._outgoing, GenerationViews(chat.product.database)
    delivery = Delivery(outgoing, views, data["pictures"])
    return train_live, GenerateLive(outgoing, views, delivery)


async def unfinished_business(chat: Chat) -> tuple[str, str]:
    """Begin a chat of which a training and a picture have ended in failure, untold."""
    await chat.say("/start")
    training = await chat.has_training(
        state=TrainingState.FAILED, failure=FailureReason.TRAINER_FAILED, finished_at=now()
    )
    generation = await chat.has_result(
        await chat.has_model(),
        count=0,
        state=GenerationState.FAILED,
        failure=FailureReason.GENERATOR_FAILED,
    )
    return training.id, generation.id


@pytest.mark.parametrize("say", SAYINGS.values(), ids=SAYINGS.keys())
async def test_words_that_telegram_will_never_take_count_as_said(
    chat: Chat, refusals: Refusals, say: Say
) -> None:
    ids = await unfinished_business(chat)
    refusals.begin("/sendMessage", body=REFUSED)
    await say(lives_of(chat), *ids)
    assert refusals.of(chat) == 1


@pytest.mark.parametrize("say", SAYINGS.values(), ids=SAYINGS.keys())
@pytest.mark.parametrize("why", ["blocked", "gone"])
async def test_who_cannot_be_reached_is_remembered_and_waited_for(
    chat: Chat, refusals: Refusals, say: Say, why: str
) -> None:
    ids = await unfinished_business(chat)
    if why == "blocked":
        await chat.block(blocked=True)
    else:
        refusals.begin("/sendMessage", body=GONE)
    with pytest.raises(UserUnreachable):
        await say(lives_of(chat), *ids)
    async with chat.product.database.transaction() as tx:
        user = await tx.users.get(chat.id)
    assert user is not None
    assert user.unreachable_since is not None


@pytest.mark.parametrize("say", SAYINGS.values(), ids=SAYINGS.keys())
@pytest.mark.parametrize("status", [500, 502])
async def test_what_may_pass_is_tried_again(
    chat: Chat, refusals: Refusals, say: Say, status: int
) -> None:
    ids = await unfinished_business(chat)
    refusals.begin("/sendMessage", status=status)
    with pytest.raises(DeliveryFailed) as caught:
        await say(lives_of(chat), *ids)
    assert not isinstance(caught.value, UserUnreachable)


@pytest.mark.parametrize("status", [400, 403])
async def test_a_progress_message_that_is_refused_keeps_no_training_from_its_end(
    chat: Chat, refusals: Refusals, status: int
) -> None:
    await chat.say("/start")
    training = await chat.has_training(state=TrainingState.PREPARING)
    train_live, _ = lives_of(chat)
    refusals.begin("Message", status=status)
    async with asyncio.timeout(PATIENCE_S):
        await train_live.training_settled(training.id)
    assert refusals.of(chat) == 1


@pytest.mark.parametrize("status", [400, 403])
async def test_a_counter_that_is_refused_is_tried_once_for_each_change(
    chat: Chat, refusals: Refusals, status: int
) -> None:
    await chat.say("/start")
    draft = await chat.has_draft()
    train_live, _ = lives_of(chat)
    refusals.begin("Message", status=status)
    async with asyncio.timeout(PATIENCE_S):
        assert await train_live._counters.settle(draft.id)
    assert refusals.of(chat) == 1


@pytest.mark.parametrize("status", [400, 403])
async def test_a_refused_chat_action_is_not_sent_again(
    chat: Chat, refusals: Refusals, status: int
) -> None:
    refusals.begin("/sendChatAction", status=status)
    async with asyncio.timeout(PATIENCE_S):
        await show_upload_action(chat.product.bot, Place(chat.id))
    assert refusals.of(chat) == 1


@pytest.mark.parametrize("apology", [tell_kept, tell_given_up])
@pytest.mark.parametrize("status", [400, 403])
async def test_a_refused_apology_is_not_made_again(
    chat: Chat,
    refusals: Refusals,
    apology: Callable[[Update], Awaitable[None]],
    status: int,
) -> None:
    await chat.say("/start")
    (*_, last) = chat.product.sandbox.state.telegram.updates.after(0)
    refusals.begin("/sendMessage", status=status)
    await apology(Update.model_validate(last.body, context={"bot": chat.product.bot}))
    assert refusals.of(chat) == 1


async def test_jobs_whose_end_is_refused_are_done_and_found_by_who_comes_back(
    chat: Chat, refusals: Refusals
) -> None:
    training_id, failed_id = await unfinished_business(chat)
    made = await chat.has_sent_result(await chat.has_model(), 2)
    refusals.begin("Message", body=REFUSED)
    services = chat.product.dispatcher.workflow_data
    services["trainings"]._carry(training_id)
    for generation_id in (failed_id, made.id):
        services["generations"]._carry(generation_id)
    async with asyncio.timeout(PATIENCE_S):
        while await unfinished(chat) & {training_id, failed_id, made.id}:  # noqa: ASYNC110  # rows have no event
            await asyncio.sleep(0.01)
    assert refusals.of(chat)
    refusals.end()
    await chat.say("/status")
    assert "Anna" in chat.last.text
    await chat.say("/models")
    assert "Anna" in chat.last.text
    await chat.say("/gallery")
    assert any(said.is_picture for said in chat.messages[-2:])


async def unfinished(chat: Chat) -> set[str]:
    async with chat.product.database.transaction() as tx:
        return {*await tx.trainings.unfinished(), *await tx.generations.unfinished()}
