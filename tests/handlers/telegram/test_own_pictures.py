"""Pictures of ours: uploaded once, sent by file id from then on."""

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InputMediaPhoto

from handlers.telegram.own_pictures import OwnPicture
from sandbox.faults import Service
from services.pictures.own import FileIds, OwnFile
from tests.handlers.chat import Chat
from tests.services import kit


def a_file(name: str) -> OwnFile:
    """Return a picture that no other test sends."""
    return OwnFile(f"{name}.jpg", kit.jpeg(), name)


def uploads(chat: Chat, file: OwnFile) -> int:
    """Count how often a file was uploaded."""
    calls = chat.product.sandbox.state.wire.journal.after(0, Service.TELEGRAM)
    return sum(f"<{file.name}: " in str(call.request) for call in calls)


async def send(chat: Chat, file: OwnFile, caption: str = "") -> int:
    """Send a picture of ours, and return the id of its message."""
    picture = OwnPicture(file)
    return (await chat.product.bot.send_photo(chat.id, picture, caption=caption)).message_id


async def test_a_picture_is_uploaded_once_and_sent_by_file_id_then(chat: Chat) -> None:
    await chat.say("/start")
    file = a_file("once")
    sent = [await send(chat, file) for _ in range(3)]
    assert uploads(chat, file) == 1
    pictures = [said.is_picture for said in chat.messages if said.message_id in sent]
    assert pictures == [True] * 3


async def test_a_message_is_turned_into_a_picture_by_file_id_too(chat: Chat) -> None:
    await chat.say("/start")
    first, second = a_file("first"), a_file("second")
    message_id = await send(chat, first)
    for file in (second, first, second):
        media = InputMediaPhoto(media=OwnPicture(file), caption=file.name)
        await chat.product.bot.edit_message_media(media, chat_id=chat.id, message_id=message_id)
    assert (uploads(chat, first), uploads(chat, second)) == (1, 1)
    assert chat.last.text == second.name


async def test_a_file_id_that_no_longer_holds_is_replaced(chat: Chat) -> None:
    await chat.say("/start")
    file, kept = a_file("lost"), FileIds(chat.product.database, chat.product.bot.id)
    await kept.note(file, "AgACgone")
    await send(chat, file)
    await send(chat, file)
    assert uploads(chat, file) == 1
    assert await kept.of(file) not in {None, "AgACgone"}


async def test_another_bot_has_file_ids_of_its_own(chat: Chat) -> None:
    await chat.say("/start")
    file = a_file("other")
    await send(chat, file)
    assert await FileIds(chat.product.database, 1).of(file) is None


async def test_what_telegram_refuses_for_another_reason_is_not_sent_again(chat: Chat) -> None:
    await chat.say("/start")
    file = a_file("refused")
    await send(chat, file)
    with pytest.raises(TelegramBadRequest, match="caption is too long"):
        await send(chat, file, "x" * 1025)
    assert uploads(chat, file) == 1
