"""Ways of answering, where Telegram does not take the plain one."""

from aiogram.types import CallbackQuery, Update

from handlers.telegram.replies import release, remove_buttons, replace
from tests.handlers.chat import Chat

GONE = 10**8


async def a_press(chat: Chat, message_id: int) -> CallbackQuery:
    """Return a press that no handler has seen."""
    emulator = chat.product.sandbox.state.telegram
    chat.product.people.press(chat.id, message_id, "x", forged=True)
    (update,) = emulator.updates.after(chat.product._seen)
    chat.product._seen = update.update_id
    parsed = Update.model_validate(update.body, context={"bot": chat.product.bot})
    assert parsed.callback_query is not None
    return parsed.callback_query


async def test_replace_turns_the_message_into_another(chat: Chat) -> None:
    await chat.say("/start")
    before = len(chat.messages)
    await replace(await a_press(chat, chat.last.message_id), "changed")
    assert (chat.last.text, len(chat.messages)) == ("changed", before)


async def test_replace_sends_what_cannot_be_put_in_place(chat: Chat) -> None:
    await chat.say("/start")
    before = len(chat.messages)
    await replace(await a_press(chat, GONE), "changed")
    assert (chat.last.text, len(chat.messages)) == ("changed", before + 1)


async def test_replace_by_the_same_sends_nothing(chat: Chat) -> None:
    await chat.say("/start")
    press = await a_press(chat, chat.last.message_id)
    await replace(press, "changed")
    before = len(chat.messages)
    await replace(await a_press(chat, chat.last.message_id), "changed")
    assert len(chat.messages) == before


async def test_a_press_that_is_too_old_is_released_without_harm(chat: Chat) -> None:
    await chat.say("/start")
    press = await a_press(chat, chat.last.message_id)
    chat.product.sandbox.state.telegram.callbacks.pop(press.id)
    await release(press, "late")
    assert chat.last.text != "late"


async def test_buttons_of_a_message_that_is_gone_need_no_removal(chat: Chat) -> None:
    await chat.say("/start")
    await remove_buttons(await a_press(chat, GONE))
    assert chat.last.buttons
    await remove_buttons(await a_press(chat, chat.last.message_id))
    assert not chat.last.buttons
