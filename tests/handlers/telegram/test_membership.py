"""Users who block the bot, and come back."""

from sandbox.telegram.groups import Groups
from sandbox.telegram.model import BotIs
from tests.handlers.chat import Chat


async def test_somebody_who_comes_back_is_answered_with_silence(chat: Chat) -> None:
    await chat.say("/start")
    before = chat.messages
    await chat.block(blocked=True)
    await chat.block(blocked=False)
    assert chat.messages == before
    await chat.say("/cancel")
    assert chat.last.text == chat.words("nothing-to-leave")


async def test_somebody_who_comes_back_is_reachable_again(chat: Chat) -> None:
    await chat.say("/start")
    database = chat.product.database
    async with database.transaction() as tx:
        await tx.users.note_unreachable(chat.id)
    await chat.block(blocked=True)
    await chat.block(blocked=False)
    async with database.transaction() as tx:
        user = await tx.users.get(chat.id)
    assert user is not None
    assert user.unreachable_since is None


async def test_who_has_blocked_the_bot_is_known_before_anything_is_sent(chat: Chat) -> None:
    await chat.say("/start")
    await chat.block(blocked=True)
    async with chat.product.database.transaction() as tx:
        user = await tx.users.get(chat.id)
    assert user is not None
    assert user.unreachable_since is not None


async def test_a_stranger_is_not_met_by_blocking_the_bot(chat: Chat) -> None:
    await chat.block(blocked=True)
    async with chat.product.database.transaction() as tx:
        assert await tx.users.get(chat.id) is None


async def test_who_removes_the_bot_from_a_group_has_not_blocked_it(chat: Chat) -> None:
    await chat.say("/start")
    groups = Groups(chat.product.sandbox.state.telegram, chat.product.people)
    group = groups.make("Friends", chat.id)
    groups.set_bot(group.id, chat.id, BotIs.KICKED)
    await chat.product.handle()
    async with chat.product.database.transaction() as tx:
        user = await tx.users.get(chat.id)
    assert user is not None
    assert user.unreachable_since is None
