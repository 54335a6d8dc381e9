"""An update that was taken is handled, whatever happens to the process or to another one."""

import asyncio
from dataclasses import replace

import pytest
from aiogram import Bot

from bot.incoming import dumped
from db.database import Database
from tests.bot.intake_kit import (
    OTHER,
    QUICK,
    Listener,
    a_message,
    a_press,
    an_invoice_answer,
    hang,
    left,
)

LONG = "word " * 700


async def test_updates_of_one_user_are_handled_in_order_and_one_at_a_time(
    database: Database, bot: Bot
) -> None:
    at_work: list[str] = []

    async def then(text: str) -> None:
        at_work.append(text)
        await asyncio.sleep(0)
        assert at_work == [text]
        at_work.remove(text)

    texts = [str(number) for number in range(20)]
    listener = Listener(database, bot, then)
    async with listener.intake as intake:
        await intake.take([a_message(number, str(number)) for number in reversed(range(20))])
        await listener.ends(*texts)
    assert listener.ended == texts
    assert await left(database) == []


async def test_nobody_waits_for_the_handlers_of_another(database: Database, bot: Bot) -> None:
    async def then(text: str) -> None:
        if text == "slow":
            await hang(text)

    listener = Listener(database, bot, then)
    async with listener.intake as intake:
        await intake.take([a_message(1, "slow"), a_message(2, "behind it")])
        await intake.take([a_message(3, "other", OTHER)])
        await listener.ends("other")
    assert listener.heard == ["slow", "other"]
    assert await left(database) == [1, 2]


async def test_what_was_cut_off_and_what_waited_is_handled_by_the_next_process(
    database: Database, bot: Bot
) -> None:
    killed = Listener(database, bot, hang)
    await killed.intake.__aenter__()
    await killed.intake.take([a_message(1, "one"), a_message(2, "two"), a_press(3, "three")])
    await killed.hears("one")
    await killed.die()
    assert killed.heard == ["one"]
    next_one = Listener(database, bot)
    async with next_one.intake:
        await next_one.ends("one", "two", "three")
    assert next_one.heard == ["one", "two", "three"]
    assert await left(database) == []


async def test_a_repeat_is_not_handled_again_whether_it_waits_or_is_done_with(
    database: Database, bot: Bot
) -> None:
    first = Listener(database, bot)
    async with first.intake as intake:
        await intake.take([a_message(1, "one"), a_message(1, "one")])
        await first.ends("one")
        await intake.take([a_message(1, "one"), a_message(2, "two")])
        await first.ends("two")
    second = Listener(database, bot)
    async with second.intake as intake:
        await intake.take([a_message(1, "one"), a_message(2, "two"), a_message(3, "three")])
        await second.ends("three")
    assert first.heard + second.heard == ["one", "two", "three"]


async def test_a_stop_lets_handlers_end_and_starts_no_other(database: Database, bot: Bot) -> None:
    may_end = asyncio.Event()

    async def then(_text: str) -> None:
        await may_end.wait()

    listener = Listener(database, bot, then, replace(QUICK, stop_s=30))
    async with listener.intake as intake:
        await intake.take([a_message(1, "one"), a_message(2, "two")])
        await listener.hears("one")
        asyncio.get_running_loop().call_soon(may_end.set)
    assert listener.ended == ["one"]
    assert await left(database) == [2]


async def test_a_handler_that_is_stuck_is_let_go_and_its_user_goes_on(
    database: Database, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    async def then(text: str) -> None:
        if text == "stuck":
            await hang(text)

    listener = Listener(database, bot, then, replace(QUICK, longest_s=0.1))
    async with listener.intake as intake:
        await intake.take([a_message(1, "stuck"), a_message(2, "next")])
        await listener.ends("next")
    assert listener.heard == ["stuck", "next"]
    assert sum("let go" in line for line in caplog.messages) == 1
    assert await left(database) == []


async def test_a_handler_that_fails_is_logged_and_its_update_is_done_with(
    database: Database, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    async def then(text: str) -> None:
        if text == "bad":
            raise ValueError

    listener = Listener(database, bot, then)
    async with listener.intake as intake:
        await intake.take([a_message(1, "bad"), a_message(2, "good")])
        await listener.ends("good")
    assert listener.heard == ["bad", "good"]
    assert sum("could not be handled" in line for line in caplog.messages) == 1
    assert await left(database) == []


async def test_an_update_of_unknown_form_is_skipped(
    database: Database, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    strange = {"update_id": 2, "message": {"message_id": "many", "text": "a secret of theirs"}}
    listener = Listener(database, bot)
    async with listener.intake as intake:
        await intake.take([a_message(1, "before"), strange, a_message(3, "after")])
        await listener.ends("before", "after")
    assert "update 2 has an unknown form and is skipped" in caplog.messages
    assert "a secret of theirs" not in caplog.text
    assert await left(database) == []


async def test_an_update_with_an_unknown_part_is_handled_and_kept_as_it_came(
    database: Database, bot: Bot
) -> None:
    update = a_message(2, "forwarded")
    update["message"]["forward_origin"] = {"type": "of_the_future", "date": 1}
    kept: list[str | None] = []

    async def then(_text: str) -> None:
        async with database.transaction() as tx:
            kept.append(await tx.inbox.payload(2))

    listener = Listener(database, bot, then)
    async with listener.intake as intake:
        await intake.take([update])
        await listener.ends("forwarded")
    assert kept == [dumped(update)]
    assert await left(database) == []


async def test_a_payment_is_answered_while_its_user_is_busy(database: Database, bot: Bot) -> None:
    async def then(text: str) -> None:
        if text == "slow":
            await hang(text)

    listener = Listener(database, bot, then)
    async with listener.intake as intake:
        await intake.take([a_message(1, "slow"), an_invoice_answer(2, "invoice")])
        await listener.ends("invoice")


async def test_no_more_is_at_work_than_the_machine_bears_and_presses_come_first(
    database: Database, bot: Bot
) -> None:
    may_end = asyncio.Event()

    async def then(_text: str) -> None:
        await may_end.wait()

    listener = Listener(database, bot, then, replace(QUICK, at_once=2))
    async with listener.intake as intake:
        await intake.take([a_message(number, str(number), 100 + number) for number in range(5)])
        await intake.take([a_press(9, "press", OTHER)])
        await listener.hears("0", "1")
        assert listener.heard == ["0", "1"]
        may_end.set()
        await listener.ends("press", *"01234")
    assert listener.heard[2] == "press"


async def test_no_more_is_taken_than_can_be_kept(database: Database, bot: Bot) -> None:
    may_end = asyncio.Event()

    async def then(_text: str) -> None:
        await may_end.wait()

    listener = Listener(database, bot, then, replace(QUICK, waiting=2))
    async with listener.intake as intake:
        await intake.room()
        await intake.take([a_message(number, str(number)) for number in range(4)])
        asking = asyncio.ensure_future(intake.room())  # noqa: TID251  # a test's own
        await listener.hears("0")
        assert not asking.done()
        may_end.set()
        await listener.ends(*"0123")
        await asking


async def test_what_is_not_held_in_memory_is_read_when_it_is_its_turn(
    database: Database, bot: Bot
) -> None:
    listener = Listener(database, bot, bounds=replace(QUICK, payloads=1))
    async with listener.intake as intake:
        await intake.take([a_message(number, str(number)) for number in range(4)])
        await listener.ends(*"0123")
    assert listener.heard == list("0123")


async def test_of_the_same_command_sent_again_and_again_only_the_newest_is_answered(
    database: Database, bot: Bot
) -> None:
    texts = ["first", "/help", "/help", "/help", "a name", "/help", "/help me", "/status"]
    listener = Listener(database, bot)
    async with listener.intake as intake:
        await intake.take([a_message(number, text) for number, text in enumerate(texts)])
        await listener.ends("/status")
    assert listener.heard == ["first", "/help", "a name", "/help", "/help me", "/status"]
    assert await left(database) == []


async def test_parts_of_a_text_that_arrive_together_are_one(database: Database, bot: Bot) -> None:
    listener = Listener(database, bot)
    async with listener.intake as intake:
        await intake.take([a_message(1, "/generate " + LONG.strip())])
        await intake.take([a_message(2, LONG.strip()), a_message(3, "the end")])
        await intake.take([a_message(4, "something else")])
        await listener.until(lambda: len(listener.ended) == 2)
    assert listener.heard == [f"/generate {LONG}{LONG}the end", "something else"]
    assert await left(database) == []


async def test_a_long_text_alone_is_handled_as_it_is(database: Database, bot: Bot) -> None:
    listener = Listener(database, bot)
    async with listener.intake as intake:
        await intake.take([a_message(1, LONG), a_message(2, "/help"), a_message(3, "later")])
        await listener.ends("later")
    assert listener.heard == [LONG, "/help", "later"]
