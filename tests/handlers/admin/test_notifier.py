"""Every admin is told in their language; one who cannot be told stops nothing."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode

from db.database import Database
from handlers.admin.notifier import TelegramAdminNotifier
from sandbox.server import RunningSandbox, SandboxConfig, running_sandbox
from services.domain.vocabulary import Language
from services.users.access import Access
from services.users.service import UserService
from tests.hang_up import hang_up
from tests.sandbox.telegram.clients import Person
from texts.reader import Texts

ADMINS = (3001, 3002, 3003)
NEVER_STARTED = 3000


@pytest.fixture
async def sandbox() -> AsyncIterator[RunningSandbox]:
    async with running_sandbox(SandboxConfig(port=0)) as running:
        yield running


@pytest.fixture
async def person(sandbox: RunningSandbox) -> AsyncIterator[Person]:
    async with aiohttp.ClientSession() as http:
        yield Person(http, sandbox.url)


@pytest.fixture
async def notifier(
    sandbox: RunningSandbox, person: Person, database: Database
) -> AsyncIterator[TelegramAdminNotifier]:
    """A notifier of three admins who have started the bot and one who has not."""

    async def nothing() -> None:
        return

    users = UserService(database, nothing)
    for admin in ADMINS:
        user = {"id": admin, "first_name": "Admin", "language_code": "en"}
        await person.ask("POST", "users", 201, json=user)
        await person.write("/start", admin)
        await users.meet(admin, "ru" if admin == ADMINS[0] else "en", "dialogue")
    session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.telegram_url))
    html = DefaultBotProperties(parse_mode=ParseMode.HTML)
    bot = Bot(sandbox.config.telegram.token, session=session, default=html)
    access = Access(database, is_open=False, admins=frozenset({NEVER_STARTED, *ADMINS}))
    yield TelegramAdminNotifier(bot, users, access)
    await hang_up(bot.session)


async def told(person: Person, admin: int) -> list[str]:
    messages: list[dict[str, Any]] = await person.messages(admin)
    return [message["text"] for message in messages if message["from"]["is_bot"]]


async def test_every_admin_is_told_in_their_language(
    notifier: TelegramAdminNotifier, person: Person
) -> None:
    await notifier.tell_admins("admin-account-accepted")
    russian, english, other = [await told(person, admin) for admin in ADMINS]
    assert russian == [Texts(Language.RU)("admin-account-accepted")]
    assert english == other == [Texts(Language.EN)("admin-account-accepted")]


async def test_an_admin_who_blocked_the_bot_or_never_started_it_does_not_stop_the_others(
    notifier: TelegramAdminNotifier, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    await person.ask("PATCH", f"users/{ADMINS[0]}", json={"blocked": True})
    await notifier.tell_admins("admin-account-accepted")
    assert [len(await told(person, admin)) for admin in ADMINS] == [0, 1, 1]
    assert caplog.messages == [
        f"admin {NEVER_STARTED} cannot be told: TelegramBadRequest",
        f"admin {ADMINS[0]} cannot be told: TelegramForbiddenError",
    ]


async def test_a_broken_wire_to_one_admin_does_not_stop_the_others(
    notifier: TelegramAdminNotifier, person: Person
) -> None:
    # The first call is for the one who never started, the second for the first admin.
    for kind in ("html", "drop_before"):
        await person.fault(service="telegram", match="/sendMessage", kind=kind)
    await notifier.tell_admins("admin-account-accepted")
    assert [len(await told(person, admin)) for admin in ADMINS] == [0, 1, 1]


async def test_what_fal_says_is_text_and_never_markup(
    notifier: TelegramAdminNotifier, person: Person
) -> None:
    words = '<b>locked</b> & <a href="x">{ $words }'
    await notifier.tell_admins("admin-account-refused", words=words)
    (sentence,) = await told(person, ADMINS[1])
    assert words in sentence
