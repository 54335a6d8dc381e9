"""Keyboards: what is taken, what is refused, what edits do to them."""

import json

import pytest
from aiogram import Bot
from aiogram.types import (
    CopyTextButton,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from tests.sandbox.telegram.clients import Person, RawApi


def inline(*buttons: object) -> str:
    return json.dumps({"inline_keyboard": [list(buttons)]})


NO_ACTION = "Text buttons are unallowed in the inline keyboard"
WRONG_BUTTON = "can't parse inline keyboard button"
DATA = {"text": "A", "callback_data": "a"}


@pytest.mark.parametrize(
    ("markup", "refusal"),
    [
        ("{", "can't parse reply keyboard markup JSON object"),
        ("null", "object expected as reply markup"),
        (
            inline({"text": "A"}),
            f"{WRONG_BUTTON}: {NO_ACTION}",
        ),
        (
            inline({"text": "A", "callback_data": ""}),
            f"{WRONG_BUTTON}: {NO_ACTION}",
        ),
        (
            inline({"text": " ", "callback_data": "a"}),
            "inline keyboard button text must be non-empty",
        ),
        (
            inline("A"),
            f"{WRONG_BUTTON}: InlineKeyboardButton must be an Object",
        ),
        (inline({"text": "A", "callback_data": "я" * 33}), "BUTTON_DATA_INVALID"),
        (inline({"text": "A", "copy_text": {"text": "x" * 257}}), "BUTTON_COPY_TEXT_INVALID"),
        (inline({"text": "A", "copy_text": {"text": ""}}), "BUTTON_COPY_TEXT_INVALID"),
        (
            inline({"text": "A", "url": "http://localhost:1/"}),
            "inline keyboard button URL 'http://localhost:1/' is invalid: Wrong HTTP URL",
        ),
        (
            inline({"text": "A", "url": "ftp://a.b"}),
            "inline keyboard button URL 'ftp://a.b' is invalid: Unsupported URL protocol",
        ),
        (
            inline({"text": "A", "web_app": {"url": "http://a.b"}}),
            "inline keyboard button Web App URL 'http://a.b' is invalid: "
            "Only HTTPS links are allowed",
        ),
        (
            inline({**DATA, "style": "rainbow"}),
            "can't parse inline keyboard button: invalid button style specified",
        ),
        (json.dumps({"inline_keyboard": [[DATA]] * 101}), "reply markup is too long"),
        (
            json.dumps({"inline_keyboard": [DATA]}),
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        (json.dumps({"keyboard": ["A"]}), 'field "keyboard" must be an Array of Arrays'),
        (json.dumps({"keyboard": [[{"text": ""}]]}), "keyboard button text must be non-empty"),
    ],
)
async def test_bad_keyboards_are_refused(
    raw: RawApi, chat: int, markup: str, refusal: str
) -> None:
    said = await raw.refusal("sendMessage", chat_id=chat, text="x", reply_markup=markup)
    assert said == f"Bad Request: {refusal}"


async def test_an_inline_keyboard_is_echoed_normalised(bot: Bot, chat: int) -> None:
    markup = InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text="A", callback_data="ю" * 32, style="danger")],
            [InlineKeyboardButton(text="B", url="example.com")],
            [InlineKeyboardButton(text="C", copy_text=CopyTextButton(text="TRIGGER"))],
        ]
    )
    message = await bot.send_message(chat, "x", reply_markup=markup)
    assert message.reply_markup is not None
    rows = message.reply_markup.inline_keyboard
    assert rows[0][0].style == "danger"
    assert rows[1][0].url == "http://example.com/"
    assert rows[2][0].copy_text is not None
    assert rows[2][0].copy_text.text == "TRIGGER"


async def test_reply_keyboards_are_shown_to_people_but_not_echoed(
    bot: Bot, chat: int, person: Person
) -> None:
    markup = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Hello")]], resize_keyboard=True)
    message = await bot.send_message(chat, "x", reply_markup=markup)
    assert message.reply_markup is None
    shown = (await person.messages())[-1]
    assert shown["reply_markup"]["keyboard"] == [[{"text": "Hello"}]]


@pytest.mark.parametrize(
    "markup",
    [
        ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Hello")]]),
        ReplyKeyboardRemove(),
        ForceReply(),
    ],
)
async def test_a_message_with_a_reply_keyboard_cannot_be_edited(
    bot: Bot,
    raw: RawApi,
    chat: int,
    markup: ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply,
) -> None:
    message = await bot.send_message(chat, "x", reply_markup=markup)
    said = await raw.refusal(
        "editMessageText", chat_id=chat, message_id=message.message_id, text="y"
    )
    assert said == "Bad Request: message can't be edited"


async def test_an_edit_takes_inline_keyboards_only(bot: Bot, raw: RawApi, chat: int) -> None:
    message = await bot.send_message(chat, "x")
    markup = json.dumps({"keyboard": [["A"]]})
    said = await raw.refusal(
        "editMessageText",
        chat_id=chat,
        message_id=message.message_id,
        text="y",
        reply_markup=markup,
    )
    assert said == "Bad Request: inline keyboard expected"
