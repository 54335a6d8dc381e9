"""What the bot sends by default are parameters of the Bot API of today."""

import aiogram.methods
import pytest
from aiogram import Bot
from aiogram.client.default import Default
from aiogram.types import ReplyParameters

from tests.sandbox.telegram.clients import USER, Person


@pytest.fixture
async def said(person: Person) -> int:
    """A message that the bot may answer, and edit after."""
    await person.write("/start")
    return int((await person.messages())[-1]["message_id"])


async def test_no_preview_is_asked_for_in_one_parameter(
    bot: Bot, person: Person, said: int
) -> None:
    sent = await bot.send_message(
        USER, "https://fal.ai", reply_parameters=ReplyParameters(message_id=said)
    )
    await bot.edit_message_text("https://fal.ai/", chat_id=USER, message_id=sent.message_id)
    common = {
        "chat_id": str(USER),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    answers = {"message_id": said, "quote_parse_mode": "HTML"}
    sending, editing = [
        call["request"]
        for call in await person.calls(service="telegram")
        if call["path"].endswith(("/sendMessage", "/editMessageText"))
    ]
    assert sending == common | {"text": "https://fal.ai", "reply_parameters": answers}
    assert editing == common | {"text": "https://fal.ai/", "message_id": str(sent.message_id)}


def test_no_default_fills_a_deprecated_parameter(bot: Bot) -> None:
    filled = [
        f"{name}.{field}"
        for name in aiogram.methods.__all__
        for field, about in getattr(getattr(aiogram.methods, name), "model_fields", {}).items()
        if isinstance(about.json_schema_extra, dict)
        and about.json_schema_extra.get("deprecated")
        and isinstance(about.default, Default)
        and bot.default[about.default.name] is not None
    ]
    assert filled == []
