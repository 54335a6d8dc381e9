"""What becomes of a broadcast to one user."""

import pytest

from handlers.admin.herald import TelegramHerald
from handlers.telegram.outgoing import Outgoing
from services.domain.broadcasts import Broadcast, Outcome
from services.errors import DeliveryFailed
from services.health import Health
from services.jobs.nursery import Nursery
from services.users.reach import Reach
from services.users.service import UserService
from tests.handlers.chat import Chat

NEWS = Broadcast(id="b", admin_id=1, text="<b>News</b> &amp; more")


async def nobody_waits() -> None:
    raise AssertionError("nobody was away")


def the_herald(chat: Chat) -> TelegramHerald:
    database = chat.product.database
    outgoing = Outgoing(chat.product.bot, Reach(database), Nursery(), Health("Telegram"))
    return TelegramHerald(outgoing, UserService(database, nobody_waits))


async def test_it_arrives_with_its_markup(chat: Chat) -> None:
    await chat.say("/start")
    assert await the_herald(chat).send(chat.id, NEWS) is Outcome.DELIVERED
    assert chat.last.text == "News & more"


async def test_who_has_blocked_the_bot_is_noted(chat: Chat) -> None:
    await chat.say("/start")
    await chat.block(blocked=True)
    assert await the_herald(chat).send(chat.id, NEWS) is Outcome.BLOCKED
    async with chat.product.database.transaction() as tx:
        user = await tx.users.get(chat.id)
    assert user is not None
    assert user.unreachable_since is not None


async def test_who_never_started_the_bot_has_no_chat(chat: Chat) -> None:
    assert await the_herald(chat).send(chat.id + 10**9, NEWS) is Outcome.BLOCKED


@pytest.mark.parametrize("kind", ["status", "drop_after"])
async def test_what_nobody_knows_is_a_failure_and_not_sent_again(chat: Chat, kind: str) -> None:
    await chat.say("/start")
    fault = {"service": "telegram", "match": "/sendMessage", "kind": kind, "times": 1}
    chat.product.sandbox.state.wire.faults.add(fault)
    assert await the_herald(chat).send(chat.id, NEWS) is Outcome.FAILED
    assert chat.texts.count("News & more") == (kind == "drop_after")


async def test_words_that_telegram_refuses_fail(chat: Chat) -> None:
    await chat.say("/start")
    broken = Broadcast(id="b", admin_id=1, text="<b>News")
    assert await the_herald(chat).send(chat.id, broken) is Outcome.FAILED


async def test_a_refusal_for_the_moment_is_no_try(chat: Chat) -> None:
    await chat.say("/start")
    fault = {"service": "telegram", "match": "/sendMessage", "kind": "flood", "seconds": 9}
    chat.product.sandbox.state.wire.faults.add(fault | {"times": 1})
    with pytest.raises(DeliveryFailed) as refused:
        await the_herald(chat).send(chat.id, NEWS)
    assert refused.value.retry_after_s == 9
