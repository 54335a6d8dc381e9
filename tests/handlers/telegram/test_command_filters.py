"""A command is a text; the words under a photo are none."""

from datetime import UTC, datetime

import pytest
from aiogram import Bot
from aiogram.types import Chat, Message, PhotoSize

from handlers.telegram.command_filters import TextCommand, TextCommandStart

BOT = Bot("42:TEST")
CHAT = Chat(id=1, type="private")
PHOTO = [PhotoSize(file_id="p", file_unique_id="u", width=1, height=1)]


def message(**said: object) -> Message:
    return Message.model_validate(
        {"message_id": 1, "date": datetime.now(UTC), "chat": CHAT, **said}
    )


@pytest.mark.parametrize("command", ["train", "start"])
async def test_a_text_is_a_command_and_a_caption_is_not(command: str) -> None:
    wanted = TextCommandStart() if command == "start" else TextCommand(command)
    assert await wanted(message(text=f"/{command}"), BOT)
    assert not await wanted(message(photo=PHOTO, caption=f"/{command}"), BOT)
    assert not await wanted(message(photo=PHOTO), BOT)
