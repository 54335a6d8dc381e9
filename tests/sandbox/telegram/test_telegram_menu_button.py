"""The menu button: kept by person, checked as tdlib and telegram-bot-api do."""

import json

import pytest
from aiogram import Bot
from aiogram.types import (
    MenuButtonCommands,
    MenuButtonDefault,
    MenuButtonWebApp,
    TelegramObject,
    WebAppInfo,
)

from tests.sandbox.telegram.clients import Person, RawApi

PAGE = "https://bot.example.org/app/"
UNPARSED = "Bad Request: can't parse menu button"


def page(url: str = PAGE, text: str = "App") -> MenuButtonWebApp:
    return MenuButtonWebApp(text=text, web_app=WebAppInfo(url=url))


def dumped(button: TelegramObject) -> object:
    # The objects themselves differ: what was received is bound to the bot.
    return button.model_dump()


async def test_menu_buttons_are_kept_by_chat(bot: Bot, chat: int) -> None:
    assert (await bot.get_chat_menu_button()).type == "default"
    await bot.set_chat_menu_button(menu_button=page())
    assert dumped(await bot.get_chat_menu_button()) == dumped(page())
    assert (await bot.get_chat_menu_button(chat_id=chat)).type == "default"
    await bot.set_chat_menu_button(chat, MenuButtonCommands())
    assert (await bot.get_chat_menu_button(chat_id=chat)).type == "commands"
    assert dumped(await bot.get_chat_menu_button()) == dumped(page())
    await bot.set_chat_menu_button()
    assert (await bot.get_chat_menu_button()).type == "default"


async def test_an_address_is_kept_as_telegram_writes_it(bot: Bot) -> None:
    await bot.set_chat_menu_button(menu_button=page("HTTPS://bot.example.org"))
    button = await bot.get_chat_menu_button()
    assert isinstance(button, MenuButtonWebApp)
    assert button.web_app.url == "https://bot.example.org/"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8443/app/", "http://[::1]:8443/app/"])
async def test_loopback_may_be_http_as_on_the_test_servers(bot: Bot, url: str) -> None:
    await bot.set_chat_menu_button(menu_button=page(url))
    assert dumped(await bot.get_chat_menu_button()) == dumped(page(url))


@pytest.mark.parametrize(
    ("button", "refusal"),
    [
        ("[]", f"{UNPARSED}: MenuButton must be an Object"),
        ({}, f'{UNPARSED}: Can\'t find field "type"'),
        ({"type": "rocket"}, f"{UNPARSED}: MenuButton has unsupported type"),
        ({"type": "web_app"}, f'{UNPARSED}: Can\'t find field "text"'),
        ({"type": "web_app", "text": "A"}, f'{UNPARSED}: Can\'t find field "web_app"'),
        (
            {"type": "web_app", "text": "A", "web_app": {}},
            f'{UNPARSED}: Can\'t find field "url"',
        ),
        (
            {"type": "web_app", "text": "", "web_app": {"url": PAGE}},
            "Bad Request: menu button text must be non-empty",
        ),
        (
            {"type": "web_app", "text": "A", "web_app": {"url": "http://bot.example.org"}},
            "Bad Request: menu button Web App URL 'http://bot.example.org' is invalid: "
            "Only HTTPS links are allowed",
        ),
        (
            {"type": "web_app", "text": "A", "web_app": {"url": "https://localhost/"}},
            "Bad Request: menu button Web App URL 'https://localhost/' is invalid: Wrong HTTP URL",
        ),
    ],
)
async def test_bad_menu_buttons_are_refused(raw: RawApi, button: object, refusal: str) -> None:
    given = button if isinstance(button, str) else json.dumps(button)
    assert await raw.refusal("setChatMenuButton", menu_button=given) == refusal


async def test_the_button_of_a_stranger_or_a_group_is_not_set(
    bot: Bot, raw: RawApi, person: Person
) -> None:
    given = json.dumps({"type": "commands"})
    said = await raw.refusal("setChatMenuButton", chat_id=5, menu_button=given)
    assert said == "Bad Request: user not found"
    group = (await person.ask("POST", "groups", 201, json={"title": "Friends"}))["id"]
    said = await raw.refusal("setChatMenuButton", chat_id=group, menu_button=given)
    assert said == "Bad Request: invalid user_id specified"
    await bot.set_chat_menu_button(menu_button=MenuButtonDefault())
