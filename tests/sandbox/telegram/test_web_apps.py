"""Mini Apps: what is opened from where, and the signed data that the page gets."""

import time
from typing import Any
from urllib.parse import parse_qsl

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonDefault,
    MenuButtonWebApp,
    WebAppInfo,
)
from aiogram.utils.web_app import safe_parse_webapp_init_data

from api.init_data import NotFromTelegram, read_init_data, secret_of
from tests.sandbox.telegram.clients import Person

PAGE = "https://bot.example.org/app/"
KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text="Yes", callback_data="yes")],
        [InlineKeyboardButton(text="Open", web_app=WebAppInfo(url=f"{PAGE}?page=gallery"))],
    ]
)


async def set_button(bot: Bot, chat_id: int | None = None, url: str = PAGE) -> None:
    button = MenuButtonWebApp(text="App", web_app=WebAppInfo(url=url))
    await bot.set_chat_menu_button(chat_id, button)


async def opened(person: Person, chat: int, status: int = 201, **body: Any) -> Any:  # noqa: ANN401
    return await person.ask("POST", f"chats/{chat}/web_app", status, json=body)


async def test_the_page_gets_data_that_is_signed_with_the_token(
    bot: Bot, chat: int, person: Person
) -> None:
    await set_button(bot)
    launch = await opened(person, chat)
    assert launch["url"] == PAGE
    opener = read_init_data(launch["init_data"], secret_of(bot.token), time.time())
    assert (opener.user_id, opener.language_code) == (chat, "en")
    known = safe_parse_webapp_init_data(bot.token, launch["init_data"])
    assert known.user is not None
    assert (known.user.id, known.user.first_name) == (chat, "Alex")
    assert known.query_id
    assert len(dict(parse_qsl(launch["init_data"]))["signature"]) == 86
    with pytest.raises(NotFromTelegram):
        read_init_data(launch["init_data"], secret_of(f"{bot.token}1"), time.time())


async def test_an_inline_button_opens_its_own_page(bot: Bot, chat: int, person: Person) -> None:
    message = await bot.send_message(chat, "Here", reply_markup=KEYBOARD)
    place = {"message_id": message.message_id, "column": 0}
    assert (await opened(person, chat, **place, row=1))["url"] == f"{PAGE}?page=gallery"
    await opened(person, chat, 404, **place, row=0)
    await opened(person, chat, 404, **place, row=7)
    await opened(person, chat, 404, message_id=999, row=0, column=0)


async def test_a_link_carries_its_parameter(bot: Bot, chat: int, person: Person) -> None:
    await set_button(bot, url=f"{PAGE}?v=1")
    launch = await opened(person, chat, start_param="gallery")
    assert launch["url"] == f"{PAGE}?v=1&tgWebAppStartParam=gallery"
    assert safe_parse_webapp_init_data(bot.token, launch["init_data"]).start_param == "gallery"
    for bad in ("a b", "я", "x" * 513):
        await opened(person, chat, 400, start_param=bad)


async def test_people_see_their_own_menu_button_before_everybodys(
    bot: Bot, chat: int, person: Person
) -> None:
    await opened(person, chat, 404)

    async def shown() -> Any:  # noqa: ANN401
        return (await person.ask("GET", f"chats/{chat}/commands"))["menu_button"]

    assert await shown() == {"type": "commands"}
    await set_button(bot)
    await set_button(bot, chat, f"{PAGE}ru")
    assert (await shown())["web_app"]["url"] == f"{PAGE}ru"
    await bot.set_chat_menu_button(chat, MenuButtonDefault())
    assert (await shown())["web_app"]["url"] == PAGE


async def test_groups_take_no_buttons_that_open_a_page(bot: Bot, person: Person) -> None:
    group = await person.ask("POST", "groups", 201, json={"title": "Friends"})
    with pytest.raises(TelegramBadRequest, match="BUTTON_TYPE_INVALID"):
        await bot.send_message(group["id"], "Here", reply_markup=KEYBOARD)
