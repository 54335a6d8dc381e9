"""Users who block the bot, and come back."""

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
