"""A request has the same values as JSON as it has in aiogram's form."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import (
    BanChatMember,
    EditMessageMedia,
    GetMe,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    LinkPreviewOptions,
    ReplyParameters,
)
from aiohttp import FormData
from aiohttp.payload import BytesPayload

from bot.telegram_session import JsonSession

BUTTON = InlineKeyboardButton(text="Готово & «да»", callback_data="go:done")
KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[BUTTON]])
FILE = BufferedInputFile(b"picture", "picture.png")
CALLS: list[TelegramMethod[Any]] = [
    GetMe(),
    SendMessage(chat_id=-5, text='<b>Привет</b> 👋 & "it\'s"\n\t\x00', reply_markup=KEYBOARD),
    SendMessage(
        chat_id=5,
        text="",
        disable_notification=False,
        protect_content=True,
        link_preview_options=LinkPreviewOptions(is_disabled=False),
        reply_parameters=ReplyParameters(message_id=7),
    ),
    BanChatMember(chat_id="@group", user_id=1 << 51),
    SendPhoto(chat_id=5, photo="https://fal.media/a.png?b=c&d=e"),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__api_method__)
async def test_json_has_what_a_form_has(bot: Bot, call: TelegramMethod[Any]) -> None:
    form = AiohttpSession().build_form_data(bot, call)()
    body = JsonSession().build_form_data(bot, call)
    assert isinstance(body, BytesPayload)
    assert body.content_type == "application/json"
    given = json.loads(body.decode())
    expected = dict(parse_qsl(form.decode(), keep_blank_values=True))
    assert {name: _read(value) for name, value in given.items()} == {
        name: _read(value) for name, value in expected.items()
    }


async def test_a_moment_is_a_number(bot: Bot) -> None:
    call = BanChatMember(chat_id=5, user_id=6, until_date=timedelta(days=1))
    body = JsonSession().build_form_data(bot, call)
    assert isinstance(body, BytesPayload)
    assert json.loads(body.decode())["until_date"].isdecimal()


@pytest.mark.parametrize(
    "call",
    [
        SendPhoto(chat_id=5, photo=FILE),
        EditMessageMedia(chat_id=5, message_id=6, media=InputMediaPhoto(media=FILE)),
    ],
    ids=lambda call: call.__api_method__,
)
async def test_a_file_goes_in_a_form(bot: Bot, call: TelegramMethod[Any]) -> None:
    body = JsonSession().build_form_data(bot, call)
    assert isinstance(body, FormData)
    assert body.is_multipart


def _read(value: str) -> object:
    # Left out of the inner objects is what aiogram's form leaves out, too.
    try:
        return json.loads(value)
    except ValueError:
        return value
