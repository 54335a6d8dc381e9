"""The webhook is set, kept, and takes what Telegram pushes."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot
from aiogram.types import WebhookInfo

from api.door import NoRoom
from bot import webhook
from bot.refusals import Refusals
from bot.webhook import Updates, Webhook, secret_for
from db.database import Database
from services.health import Health
from tests.bot.intake_kit import PATIENCE_S, Listener, a_message
from tests.e2e.driver import eventually
from tests.sandbox.telegram.clients import Person

HERE = "http://127.0.0.1:9"
KINDS = ["message", "callback_query"]


def test_the_secret_is_the_same_in_every_process_and_does_not_show_the_token() -> None:
    token = "123456789:AAH-secret"
    assert secret_for(token) == secret_for(token) != secret_for(token + "x")
    assert token not in secret_for(token)
    # What Telegram takes: 1-256 of these characters.
    assert secret_for(token).isalnum()
    assert len(secret_for(token)) <= 256


@asynccontextmanager
async def kept(
    bot: Bot, url: str = HERE, refusals: Refusals | None = None
) -> AsyncIterator[Webhook]:
    """Keep a webhook meanwhile."""
    stop = asyncio.Event()
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        hook = Webhook(bot, url, "secret", KINDS, refusals or Refusals(Health("Telegram")))
        group.create_task(hook.run(stop))
        yield hook
        stop.set()


async def info_with(bot: Bot, url: str) -> WebhookInfo:
    async def look() -> WebhookInfo | None:
        info = await bot.get_webhook_info()
        return info if info.url == url else None

    return await eventually(look, f"the webhook {url}")


async def test_it_is_set_with_what_the_bot_wants_and_left_at_the_end(bot: Bot) -> None:
    async with kept(bot):
        info = await info_with(bot, f"{HERE}/telegram")
    assert info.allowed_updates == KINDS
    assert info.max_connections == webhook.CONNECTIONS
    assert (await bot.get_webhook_info()).url == f"{HERE}/telegram"


async def test_one_that_somebody_has_changed_is_set_again(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(webhook, "LOOK_EVERY_S", 0.01)
    async with kept(bot):
        await info_with(bot, f"{HERE}/telegram")
        await bot.delete_webhook()
        await info_with(bot, f"{HERE}/telegram")
    assert "somebody else has changed the webhook" in caplog.text


async def test_what_telegram_says_of_a_push_that_fails_is_logged_once(
    bot: Bot,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(webhook, "LOOK_EVERY_S", 0.01)
    looks = 0

    async with kept(bot):
        await info_with(bot, f"{HERE}/telegram")
        await person.write("hello")

        async def told() -> bool:
            nonlocal looks
            looks += "cannot push" in caplog.text
            return looks > 20

        await eventually(told, "it is told, and looked at again and again")
    assert caplog.text.count("cannot push updates") == 1


async def test_an_address_that_telegram_refuses_is_named_once(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(webhook, "FIRST_RETRY_S", 0.01)
    monkeypatch.setattr(webhook, "LAST_RETRY_S", 0.01)
    async with kept(bot, "http://bot.example.org") as hook:

        async def failed_often() -> bool:
            return hook._failures > 3

        await eventually(failed_often, "several refusals")
        assert not hook.is_set
    assert caplog.text.count("PUBLIC_URL: Telegram refuses it") == 1


async def test_an_update_is_kept_before_telegram_is_thanked(database: Database, bot: Bot) -> None:
    listener = Listener(database, bot)
    async with listener.intake as intake:
        await Updates(intake).take(json.dumps(a_message(1, "one")).encode())
        await listener.ends("one")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"message": {}}', b'{"update_id": -1}', b"[" * 100_000]
)
async def test_what_is_no_update_is_passed_over(
    database: Database, bot: Bot, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with Listener(database, bot).intake as intake:
        await Updates(intake).take(body)
    assert "is no update and is skipped" in caplog.text


async def test_a_bot_that_stops_takes_nothing_more(database: Database, bot: Bot) -> None:
    async with Listener(database, bot).intake as intake:
        updates = Updates(intake)
        updates.is_stopping = True
        with pytest.raises(NoRoom):
            await updates.take(json.dumps(a_message(1, "one")).encode())
