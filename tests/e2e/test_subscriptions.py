"""Credits that are bought each month: begun, renewed, lost and found, cancelled, given back."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.driver import Json, Person, Sandbox, eventually
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot
from tests.e2e.test_payments import settled

ADMIN = 900_002
MONTH = timedelta(days=30)


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture
def bot(server: str, place: Path) -> Iterator[Process]:
    settings = {"PAYMENTS": "stars", "SUBSCRIPTION": "250:300", "ADMINS": str(ADMIN)}
    bot = bot_process(server, place, PROMPT_MODEL="off", ACCESS="open", **settings)
    start_bot(bot)
    yield bot
    bot.stop()
    printed = bot.printed()
    assert not complaints_in(printed), printed


@pytest.fixture(autouse=True)
async def telegram_works_again(sandbox: Sandbox) -> AsyncIterator[None]:
    yield
    await sandbox.ask("DELETE", "telegram/scenario")


async def subscribe(person: Person) -> Json:
    """Begin a subscription, and return what Telegram has of it."""
    said = await person.say("/buy")
    await person.press("sub-buy", after=said)
    offer = await person.wait(lambda message: bool(links(message)), "a link", said)
    body = {"link": links(offer)[0]}
    await person.sandbox.ask("POST", f"chats/{person.id}/pay", json=body)
    found = await eventually(lambda: at_telegram(person), "a subscription")
    until = day(found["expires_at"])
    await person.reads("subscription-begun", after=said, stars=250, bonus=50, until=until)
    return found


def links(message: Json) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["url"] for row in rows for button in row if "/$" in button.get("url", "")]


async def at_telegram(person: Person) -> Json | None:
    known = (await person.sandbox.ask("GET", "stars"))["subscriptions"]
    return next((one for one in known if one["user"] == person.id), None)


async def is_at_telegram(person: Person, state: str) -> bool | None:
    found = await at_telegram(person)
    return (found is not None and found["state"] == state) or None


def day(unix_s: int) -> date:
    return datetime.fromtimestamp(unix_s, UTC).date()


async def does(person: Person, action: str) -> Json:
    """Let a person do something about it in Telegram, or a month pass."""
    found = await at_telegram(person)
    assert found is not None
    changed: Json = await person.sandbox.ask(
        "POST", f"subscriptions/{found['charge_id']}", json={"action": action}
    )
    return changed


@pytest.mark.parametrize("ids", ["new", "same"])
async def test_it_is_renewed_cancelled_and_taken_up_again(
    bot: Process, sandbox: Sandbox, person: Person, place: Path, ids: str
) -> None:
    del bot
    await sandbox.ask("PUT", "telegram/scenario", json={"renewal_charge_id": ids})
    await subscribe(person)
    before = await person.last_id()
    until = day((await does(person, "renew"))["expires_at"])
    await person.reads("subscription-renewed", after=before, stars=250, bonus=50, until=until)
    await settled(place, paid=500, bonus=100, held=0)
    said = await person.say("/balance")
    await person.press("sub-cancel:", after=said)
    await person.reads("subscription-cancelled", after=said, date=until)
    assert await is_at_telegram(person, "canceled")
    said = await person.say("/balance")
    await person.press("sub-allow:", after=said)
    await person.reads("subscription-cancelled-there", after=said, date=until)
    await does(person, "restore")
    before = await person.last_id()
    until = day((await does(person, "renew"))["expires_at"])
    await person.reads("subscription-renewed", after=before, stars=250, bonus=50, until=until)
    said = await person.say("/receipts")
    await person.reads("receipt-renewal", after=said)
    await settled(place, paid=750, bonus=150, held=0)


@pytest.mark.parametrize("ids", ["new", "same"])
async def test_a_renewal_that_a_dead_bot_was_not_told_of_is_found(
    bot: Process, sandbox: Sandbox, person: Person, place: Path, ids: str
) -> None:
    await subscribe(person)
    lost = {"renewal_charge_id": ids, "payment_notice": "lost"}
    await sandbox.ask("PUT", "telegram/scenario", json=lost)
    before = await person.last_id()
    await does(person, "renew")
    bot.kill()
    await asyncio.to_thread(start_bot, bot)
    until = (datetime.now(UTC) + MONTH).date()
    await person.reads(
        "subscription-renewed-found", after=before, stars=250, bonus=50, until=until
    )
    await settled(place, paid=500, bonus=100, held=0)


async def test_a_bot_with_a_new_database_leaves_payments_of_another_alone(
    bot: Process, sandbox: Sandbox, person: Person, place: Path, server: str
) -> None:
    await subscribe(person)
    bot.stop()
    # The message is the next bot's, whichever it is.
    await sandbox.ask("PUT", "telegram/scenario", json={"payment_notice": "lost"})
    # So that there is time for a start within the second.
    await asyncio.sleep(1 - time.time() % 1)
    await does(person, "renew")
    folder = place / "another"
    folder.mkdir()
    settings = {"PAYMENTS": "stars", "SUBSCRIPTION": "250:300"}
    another = await asyncio.to_thread(bot_process, server, folder, **settings)
    try:
        await asyncio.to_thread(start_bot, another)
        read, payments = await eventually(lambda: found_in_statement(folder), "a statement read")
        assert read >= 2
        assert payments == 0
    finally:
        another.kill()


async def found_in_statement(place: Path) -> tuple[int, int] | None:
    """Return how many lines a bot has read, and how many payments it knows."""
    with closing(sqlite3.connect(place / "bot.db")) as connection:
        read = connection.execute("SELECT SUM(lines_read) FROM star_statement").fetchone()[0]
        payments: int = connection.execute("SELECT COUNT(*) FROM payments").fetchone()[0]
    return (read, payments) if read else None


async def test_the_operator_gives_a_renewal_back(
    bot: Process, sandbox: Sandbox, person: Person, place: Path
) -> None:
    del bot
    await subscribe(person)
    await does(person, "renew")
    await settled(place, paid=500, bonus=100, held=0)
    body = {"id": ADMIN, "first_name": "Admin"}
    await sandbox.ask("POST", "users", json=body)
    admin = Person(sandbox, ADMIN, person.language)
    payments = (await sandbox.ask("GET", "stars"))["payments"]
    renewal = [one for one in payments if one["user"] == person.id][-1]
    before = await person.last_id()
    await admin.say(f"/refund {renewal['charge_id']} asked for it")
    await person.reads("given-back-admin", after=before, stars=250)
    await settled(place, paid=250, bonus=50, held=0)


async def test_who_deletes_their_data_pays_nothing_more(
    bot: Process, sandbox: Sandbox, person: Person, place: Path
) -> None:
    await subscribe(person)
    said = await person.say("/deletemydata")
    await person.reads("forget-renews", after=said)
    # The bot dies before Telegram has heard of it.
    await sandbox.fault("telegram", "editUserStarSubscription", "hang", seconds=60, times=1)
    await person.press("forget:1", after=said)
    await person.reads("forget-subscription", after=said)
    bot.kill()
    await sandbox.calm()
    await asyncio.to_thread(start_bot, bot)
    await eventually(lambda: is_at_telegram(person, "canceled"), "the subscription's end")
    await settled(place, paid=250, bonus=50, held=0)
