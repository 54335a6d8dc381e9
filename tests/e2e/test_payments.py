"""A bot whose users pay: what is ordered is paid for, and what does not arrive comes back."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from db.database import Database
from tests.e2e.driver import Json, Person, Sandbox, eventually, text_of
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot

PRICES = """
[training."fal-ai/flux-lora-fast-training"]
economy = 60
[pictures."fal-ai/flux-lora"]
standard = 12
"""


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture
def place(place: Path) -> Path:
    """Where the bot runs, with a price list."""
    (place / "prices.toml").write_text(PRICES)
    return place


@pytest.fixture
def bot(server: str, place: Path) -> Iterator[Process]:
    settings = {"PAYMENTS": "stars", "STAR_PACKS": "100+10", "PRICES_FILE": "prices.toml"}
    bot = bot_process(server, place, PROMPT_MODEL="off", **settings)
    start_bot(bot)
    yield bot
    bot.stop()
    printed = bot.printed()
    assert not complaints_in(printed), printed


@pytest.fixture(autouse=True)
async def telegram_works_again(sandbox: Sandbox) -> AsyncIterator[None]:
    yield
    await sandbox.ask("DELETE", "telegram/scenario")


async def ledger_is_in_order(place: Path) -> dict[str, int]:
    """Return what is in all wallets together, by pot."""
    database = Database(f"sqlite+aiosqlite:///{place / 'bot.db'}")
    async with database.transaction() as tx:
        assert await tx.invariants.broken() == {}
    await database.close()
    with closing(sqlite3.connect(place / "bot.db")) as connection:
        row = connection.execute("SELECT SUM(paid), SUM(bonus), SUM(held) FROM wallets").fetchone()
    return dict(zip(("paid", "bonus", "held"), row, strict=True))


async def settled(place: Path, **wanted: int) -> None:
    async def look() -> bool | None:
        return await ledger_is_in_order(place) == wanted or None

    await eventually(look, f"wallets with {wanted}")


async def pay(person: Person, after: int = 0) -> Json:
    """Press Pay on the newest invoice."""
    bill = await person.wait(lambda message: "invoice" in message, "an invoice", after)
    body = {"message_id": bill["message_id"]}
    await person.sandbox.ask("POST", f"chats/{person.id}/pay", json=body)
    return bill


async def test_a_training_and_a_picture_are_paid_for_as_they_are_ordered(
    person: Person, place: Path
) -> None:
    await person.to_mode()
    await person.press_action("mode:", "economy")
    assert "60" in (await person.sees_button("paystart:"))["text"]
    await person.press("paystart:")
    bill = await pay(person)
    assert bill["invoice"]["total_amount"] == 60
    await person.told_ready()
    await settled(place, paid=0, bonus=0, held=0)
    said = await person.say("/generate portrait photo")
    bill = await pay(person, after=said)
    assert bill["invoice"]["total_amount"] == 12
    await person.reads("order-starts", after=said)
    await person.gets_picture(after=said)
    await settled(place, paid=0, bonus=0, held=0)
    said = await person.say("/receipts")
    await person.reads("receipt-capture-pictures", after=said)


async def test_what_fails_is_given_back_and_said(
    sandbox: Sandbox, person: Person, place: Path
) -> None:
    said = await person.say("/buy")
    await person.press("pack-buy:100", after=said)
    await pay(person, after=said)
    await person.reads("paid", after=said, stars=100, bonus=10)
    await sandbox.scenario(fail_training="internal_server_error")
    await person.to_mode()
    await person.press_action("mode:", "economy")
    said = await person.last_id()
    await person.press("paystart:")
    await person.reads("stars-back", after=said, stars=60)
    await settled(place, paid=100, bonus=10, held=0)


async def test_a_payment_that_a_dead_bot_was_not_told_of_goes_on_after_its_start(
    sandbox: Sandbox, bot: Process, person: Person, place: Path
) -> None:
    await person.to_mode()
    await person.press_action("mode:", "economy")
    await person.press("paystart:")
    await sandbox.ask("PUT", "telegram/scenario", json={"payment_notice": "lost"})
    bill = await pay(person)
    await eventually(lambda: paid_for(person, bill), "the payment")
    bot.kill()
    await asyncio.to_thread(start_bot, bot)
    await person.reads("paid-found", after=bill["message_id"], stars=60, bonus=0)
    await person.told_ready()
    await settled(place, paid=0, bonus=0, held=0)


@pytest.mark.parametrize("moment", ["hang", "hang_after"])
async def test_what_a_killed_bot_has_booked_is_told_after_its_start(
    sandbox: Sandbox, bot: Process, person: Person, place: Path, moment: str
) -> None:
    said = await person.say("/buy")
    await person.press("pack-buy:100", after=said)
    await sandbox.fault("telegram", "/sendMessage", moment, seconds=60, times=1)
    await pay(person, after=said)
    await settled(place, paid=100, bonus=10, held=0)
    await eventually(lambda: is_asked(sandbox), "the message")
    bot.kill()
    await sandbox.calm()
    await asyncio.to_thread(start_bot, bot)
    # Telegram has no key against repeats: what it took without saying so comes again.
    wanted = 1 if moment == "hang" else 2
    told = person.words("paid", stars=100, bonus=10)

    async def times() -> int:
        return [text_of(message) for message in await person.from_bot(after=said)].count(told)

    async def are_told() -> bool:
        return await times() >= wanted

    await eventually(are_told, f"{wanted} times", tell=person.story)
    asked = await person.say("/balance")
    await person.reads("balance", after=asked, stars=110)
    assert await times() == wanted
    await settled(place, paid=100, bonus=10, held=0)


async def test_a_gift_that_a_killed_bot_has_booked_is_told_after_its_start(
    sandbox: Sandbox, bot: Process, person: Person, place: Path
) -> None:
    said = await person.say("/gift")
    await person.press("gift:100", after=said)
    await pay(person, after=said)
    made = await person.wait(lambda message: "?start=gift_" in text_of(message), "a gift", said)
    code = text_of(made).partition("?start=")[2].split()[0]
    friend = await sandbox.newcomer()
    await friend.say("/start")
    await friend.answers(0)
    await sandbox.fault("telegram", "/sendMessage", "hang", seconds=60, times=1)
    said = await friend.say(f"/redeem {code}")
    await settled(place, paid=0, bonus=100, held=0)
    await eventually(lambda: is_asked(sandbox), "the message")
    bot.kill()
    await sandbox.calm()
    await asyncio.to_thread(start_bot, bot)
    await friend.reads("code-redeemed", after=said, stars=100)


async def is_asked(sandbox: Sandbox) -> bool | None:
    return not await sandbox.faults() or None


async def test_a_flooded_bot_tells_of_a_payment_later_and_once(
    sandbox: Sandbox, person: Person, place: Path
) -> None:
    said = await person.say("/buy")
    await person.press("pack-buy:100", after=said)
    await sandbox.fault("telegram", "/sendMessage", "flood", seconds=1, times=2)
    await pay(person, after=said)
    told = person.words("paid", stars=100, bonus=10)
    await person.sees(told, after=said)
    texts = [text_of(message) for message in await person.from_bot(after=said)]
    assert texts.count(told) == 1
    await settled(place, paid=100, bonus=10, held=0)


async def paid_for(person: Person, bill: Json) -> bool | None:
    messages = await person.messages()
    found = [one for one in messages if one["message_id"] == bill["message_id"]]
    return any("receipt_message_id" in one for one in found) or None
