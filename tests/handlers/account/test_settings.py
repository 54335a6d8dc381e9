"""/settings: what a tap switches."""

import pytest

from services.domain.values import User
from tests.handlers.chat import Chat


async def user_of(chat: Chat) -> User:
    async with chat.product.database.transaction() as tx:
        user = await tx.users.get(chat.id)
    assert user is not None
    return user


@pytest.mark.parametrize("wish", ["preview", "reminders"])
async def test_a_wish_is_switched_off_and_on_in_place(chat: Chat, wish: str) -> None:
    await chat.say("/settings")
    shown = chat.last.message_id
    for is_on in (False, True):
        await chat.press(f"want:{wish}:")
        user = await user_of(chat)
        assert {"preview": user.wants_preview, "reminders": user.wants_reminders}[wish] is is_on
        assert {"preview": user.wants_reminders, "reminders": user.wants_preview}[wish]
        assert chat.last.message_id == shown


async def test_a_second_tap_of_the_same_button_changes_nothing(chat: Chat) -> None:
    await chat.say("/settings")
    for _ in range(2):
        await chat.forge("want:preview:0")
        assert not (await user_of(chat)).wants_preview


async def test_settings_leave_a_dialogue_as_it_is(chat: Chat) -> None:
    await chat.say("/train")
    before = await chat.state()
    await chat.say("/settings")
    await chat.press("want:preview:")
    assert await chat.state() == before
