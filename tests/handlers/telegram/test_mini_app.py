"""The ways to the Mini App: there where Telegram takes its address, in the user's language."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import (
    InlineKeyboardMarkup,
    MenuButtonCommands,
    MenuButtonDefault,
    MenuButtonWebApp,
    WebAppInfo,
)

from handlers.telegram.keyboards import train_button
from handlers.telegram.mini_app import MiniApp
from sandbox.server import RunningSandbox, SandboxConfig, running_sandbox
from sandbox.telegram.people import People
from tests.conftest import sqlite_template
from tests.handlers.chat import Chat, Product, running_product
from tests.handlers.samples import EN, RU
from tests.handlers.telegram.test_registration import Calls
from tests.hang_up import hang_up

HTTPS = "https://bot.example.org"
LOOPBACK = "http://127.0.0.1:8443"
USER = 1001


@pytest.fixture
async def sandbox() -> AsyncIterator[RunningSandbox]:
    async with running_sandbox(SandboxConfig(port=0)) as sandbox:
        People(sandbox.state.telegram).write(USER, "/start")
        yield sandbox


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
async def bot(sandbox: RunningSandbox, calls: Calls) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.telegram_url))
    session.middleware(calls)
    yield Bot(sandbox.config.telegram.token, session=session)
    await hang_up(session)


async def shown(bot: Bot, chat_id: int | None = None) -> tuple[str, str]:
    """Text and address of a menu button; its kind where it opens no page."""
    button = await bot.get_chat_menu_button(chat_id=chat_id)
    if isinstance(button, MenuButtonWebApp):
        return button.text, button.web_app.url
    return button.type, ""


def opens(mini_app: MiniApp) -> list[str]:
    """The addresses that the buttons of a keyboard open."""
    keyboard = mini_app.with_button(EN, train_button(EN))
    assert isinstance(keyboard, InlineKeyboardMarkup)
    buttons = [button for row in keyboard.inline_keyboard for button in row]
    return [button.web_app.url for button in buttons if button.web_app is not None]


@pytest.mark.parametrize("address", [HTTPS, LOOPBACK])
async def test_the_menu_button_is_set_once(bot: Bot, calls: Calls, address: str) -> None:
    mini_app = MiniApp(bot, address)
    await mini_app.register()
    await MiniApp(bot, address).register()
    assert await shown(bot) == (EN.plain("app-menu-button"), f"{address}/app/")
    assert calls.changes == ["setChatMenuButton"]
    assert opens(mini_app) == [f"{address}/app/"]


async def test_without_an_address_nothing_is_set_and_no_button_leads_there(
    bot: Bot, calls: Calls
) -> None:
    mini_app = MiniApp(bot, "")
    await mini_app.register()
    await mini_app.renew(USER, RU)
    assert calls.changes == []
    assert opens(mini_app) == []


async def test_the_button_goes_with_the_address(bot: Bot) -> None:
    before = MiniApp(bot, HTTPS)
    await before.register()
    await before.renew(USER, RU)
    now = MiniApp(bot, "")
    await now.register()
    await now.renew(USER, RU)
    assert await shown(bot) == ("commands", "")
    assert await shown(bot, USER) == ("default", "")


async def test_another_page_of_the_operators_stays(bot: Bot) -> None:
    shop = WebAppInfo(url="https://shop.example.org/")
    await bot.set_chat_menu_button(menu_button=MenuButtonWebApp(text="Shop", web_app=shop))
    await MiniApp(bot, "").register()
    assert await shown(bot) == ("Shop", shop.url)


async def test_an_address_that_telegram_refuses_has_no_button(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    mini_app = MiniApp(bot, "http://10.0.0.7:8080")
    assert opens(mini_app) == []
    await mini_app.register()
    await mini_app.renew(USER, RU)
    assert "PUBLIC_URL: there is no Mini App" in caplog.text
    assert "Only HTTPS links are allowed" in caplog.text
    assert opens(mini_app) == []
    assert await shown(bot) == ("default", "")


async def test_a_chat_has_a_button_of_its_own_only_in_another_language(
    bot: Bot, calls: Calls
) -> None:
    mini_app = MiniApp(bot, HTTPS)
    await mini_app.register()
    await mini_app.renew(USER, EN)
    assert await shown(bot, USER) == ("default", "")
    for _ in range(2):
        await mini_app.renew(USER, RU)
    assert await shown(bot, USER) == (RU.plain("app-menu-button"), f"{HTTPS}/app/")
    await mini_app.renew(USER, EN)
    assert (await shown(bot, USER))[0] == EN.plain("app-menu-button")
    assert calls.changes == ["setChatMenuButton"] * 3


async def test_a_chat_is_not_disturbed_when_telegram_refuses(bot: Bot) -> None:
    mini_app = MiniApp(bot, HTTPS)
    await mini_app.register()
    await mini_app.renew(5, RU)
    assert (await shown(bot))[0] == EN.plain("app-menu-button")


async def test_commands_of_a_chat_become_the_page(bot: Bot) -> None:
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    await bot.set_chat_menu_button(USER, MenuButtonDefault())
    mini_app = MiniApp(bot, HTTPS)
    await mini_app.register()
    assert (await shown(bot))[1] == f"{HTTPS}/app/"


async def test_start_and_help_open_the_page_and_so_does_the_menu_button(
    tmp_path: Path,
) -> None:
    path = tmp_path / "bot.db"
    path.write_bytes(sqlite_template())
    async with running_product(
        f"sqlite+aiosqlite:///{path}", public_url=HTTPS, http_port=8443
    ) as product:
        chat = product.newcomer("ru")
        menu_buttons = product.sandbox.state.telegram.settings.menu_buttons
        for words in ("/start", "/help"):
            await chat.say(words)
            assert page_of(product, chat) == (RU.plain("app-open"), f"{HTTPS}/app/")
        assert menu_buttons[chat.id]["text"] == RU.plain("app-menu-button")
        await chat.say("/language")
        await chat.press("lang:", "en")
        assert page_of(product, chat) == (EN.plain("app-open"), f"{HTTPS}/app/")
        assert menu_buttons[chat.id]["text"] == EN.plain("app-menu-button")


def page_of(product: Product, chat: Chat) -> tuple[str, str]:
    """What the first button of the last message says, and the page that it opens."""
    markup = product.sandbox.state.telegram.messages(chat.id)[-1].markup
    assert markup is not None
    first = markup.json["inline_keyboard"][0][0]
    return first["text"], first["web_app"]["url"]
