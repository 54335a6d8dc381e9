"""Telegram is told of an update only when it is kept, and faults of Telegram are waited out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot

from bot.polling import Polling
from bot.refusals import Refusals
from db.database import Database
from sandbox.server import RunningSandbox
from services.domain.trouble import DatabaseUnavailable
from services.health import DOWN_AFTER, Health
from tests.bot.intake_kit import PATIENCE_S, Listener, a_message, hang, left
from tests.e2e.driver import eventually
from tests.sandbox.telegram.clients import Person

KINDS = ["message", "callback_query"]


async def at_once() -> None:
    """It is always the turn of the one process that there is."""


@asynccontextmanager
async def polling(listener: Listener) -> AsyncIterator[asyncio.Event]:
    """Poll meanwhile; then stop as on SIGTERM."""
    stop = asyncio.Event()
    async with (
        asyncio.timeout(PATIENCE_S),
        listener.intake as intake,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(
            Polling(listener.bot, intake, KINDS, at_once, Refusals(Health("Telegram"))).run(stop)
        )
        yield stop
        stop.set()


async def waiting(bot: Bot) -> list[str]:
    """What Telegram would return the next process."""
    updates = await bot.get_updates(timeout=0)
    return [(update.message and update.message.text) or "" for update in updates]


async def test_updates_are_handled_and_confirmed(
    database: Database, bot: Bot, person: Person
) -> None:
    listener = Listener(database, bot)
    for text in ("one", "two"):
        await person.write(text)
    async with polling(listener):
        await listener.ends("one", "two")
    assert listener.heard == ["one", "two"]
    assert await waiting(bot) == []


async def test_updates_are_confirmed_while_their_handlers_are_at_work(
    database: Database, bot: Bot, person: Person
) -> None:
    async def is_confirmed() -> bool:
        return (await bot.get_webhook_info()).pending_update_count == 0

    listener = Listener(database, bot, hang)
    await person.write("slow")
    async with polling(listener):
        await listener.hears("slow")
        await eventually(is_confirmed, "the update is confirmed")
    assert len(await left(database)) == 1


async def test_what_the_inbox_cannot_keep_is_not_confirmed_and_comes_again(
    database: Database, bot: Bot, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    listener = Listener(database, bot)
    take, failures = listener.intake.take, [DatabaseUnavailable("full"), DatabaseUnavailable()]

    async def fail_twice(updates: list[dict[str, object]]) -> None:
        if failures:
            raise failures.pop()
        assert await waiting(bot) == ["one"]
        await take(updates)

    listener.intake.take = fail_twice  # type: ignore[method-assign, assignment]
    await person.write("one")
    async with polling(listener):
        await listener.ends("one")
    assert sum("cannot be kept" in line for line in caplog.messages) == 1
    assert listener.heard == ["one"]


async def test_a_batch_of_which_one_has_an_unknown_form_is_taken_whole(
    database: Database, bot: Bot, sandbox: RunningSandbox, person: Person
) -> None:
    strange = {"update_id": 501, "message": {"message_id": "many", "text": "a secret of theirs"}}
    batch = [a_message(500, "before"), strange, a_message(502, "after")]
    body = {"ok": True, "result": batch}
    await person.fault(
        service="telegram", match="/getUpdates", kind="status", status=200, body=body
    )
    listener = Listener(database, bot)
    async with polling(listener):
        await listener.ends("before", "after")
    last = sandbox.state.wire.journal.after(0, None)[-1]
    assert "503" in str(last.request), "everything up to the last one is confirmed"


@pytest.mark.parametrize("strange", [{}, {"update_id": "many"}, {"update_id": -5}, "no update"])
async def test_an_update_without_a_number_is_skipped_and_the_others_are_handled(
    database: Database, bot: Bot, person: Person, strange: object
) -> None:
    for batch in ([strange], [a_message(500, "before"), strange, a_message(502, "after")]):
        await person.fault(
            service="telegram",
            match="/getUpdates",
            kind="status",
            status=200,
            body={"ok": True, "result": batch},
        )
    await person.write("ordinary")
    listener = Listener(database, bot)
    async with polling(listener):
        await listener.ends("before", "after", "ordinary")
    assert sorted(listener.heard) == ["after", "before", "ordinary"]


async def lines_of(
    database: Database, bot: Bot, person: Person, caplog: pytest.LogCaptureFixture
) -> list[str]:
    """Return the log of getting a message though polling meets a fault."""
    caplog.set_level("INFO")
    await person.write("one")
    listener = Listener(database, bot)
    async with polling(listener):
        await listener.ends("one")
    ours = ("bot.", "services.", "handlers.")
    return [record.getMessage() for record in caplog.records if record.name.startswith(ours)]


async def test_an_outage_of_telegram_is_logged_once_and_waited_out(
    database: Database, bot: Bot, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    page = {"kind": "html", "status": 502, "times": DOWN_AFTER}
    await person.fault(service="telegram", match="/getUpdates", **page)
    down, up = await lines_of(database, bot, person, caplog)
    assert down.startswith("Telegram does not answer well")
    assert up.startswith("Telegram answers again")


async def test_a_refusal_to_give_updates_is_logged_once_with_its_words(
    database: Database, bot: Bot, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    refusal = {"ok": False, "error_code": 409, "description": "Conflict: another one polls"}
    await person.fault(
        service="telegram", match="/getUpdates", kind="status", status=409, body=refusal, times=2
    )
    refused, given = await lines_of(database, bot, person, caplog)
    assert refused.startswith("Telegram gives no updates: TelegramConflictError")
    assert "another one polls" in refused
    assert given == "updates are taken again"


async def test_a_confirmation_that_is_lost_is_said_and_the_repeat_is_not_handled(
    database: Database, bot: Bot, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async def take_and_stop(updates: list[dict[str, object]]) -> None:
        await take(updates)
        await person.fault(service="telegram", match="/getUpdates", kind="drop_before", times=1)
        stop.set()

    listener = Listener(database, bot)
    take = listener.intake.take
    listener.intake.take = take_and_stop  # type: ignore[method-assign, assignment]
    await person.write("one")
    async with polling(listener) as stop:
        await listener.ends("one")
    assert any("will come again" in line for line in caplog.messages)
    assert await waiting(bot) == ["one"]
    next_one = Listener(database, bot)
    await person.write("two")
    async with polling(next_one):
        await next_one.ends("two")
    assert next_one.heard == ["two"]


async def test_a_failure_that_nobody_has_foreseen_is_logged_once_and_ends_nothing(
    database: Database,
    bot: Bot,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("bot.polling.FIRST_RETRY_S", 0.01)
    listener = Listener(database, bot)
    take, failures = listener.intake.take, [RuntimeError("two"), RuntimeError("one")]

    async def fail_twice(updates: list[dict[str, object]]) -> None:
        if failures:
            raise failures.pop()
        await take(updates)

    listener.intake.take = fail_twice  # type: ignore[method-assign, assignment]
    await person.write("one")
    async with polling(listener):
        await listener.ends("one")
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [record.getMessage() for record in errors] == ["updates cannot be taken"]
