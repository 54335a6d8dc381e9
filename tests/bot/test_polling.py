"""Updates are handled at least once, whatever happens to the process or to one of them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from aiogram import Bot, Dispatcher
from aiogram.types import Message

from bot.polling import MOST_UNCONFIRMED, Patience, Polling
from sandbox.server import RunningSandbox
from services.health import DOWN_AFTER
from tests.e2e.driver import eventually
from tests.sandbox.telegram.clients import USER, Person

PATIENCE_S = 10.0
IMPATIENCE = Patience(moment_s=0.1, busy_s=0.3, stop_s=0.3)
Handle = Callable[[str], Awaitable[None]]


def a_message(update_id: int, text: str) -> dict[str, Any]:
    person = {"id": USER, "is_bot": False, "first_name": "Ann"}
    chat = {"id": USER, "type": "private", "first_name": "Ann"}
    message = {"message_id": update_id, "date": 1, "from": person, "chat": chat, "text": text}
    return {"update_id": update_id, "message": message}


class Listener:
    """A dispatcher that notes what it hears and then does what the test says."""

    def __init__(
        self, bot: Bot, then: Handle | None = None, patience: Patience = IMPATIENCE
    ) -> None:
        self.heard: list[str] = []
        self.tasks: list[asyncio.Task[Any]] = []
        self.stop = asyncio.Event()
        self._news = asyncio.Event()
        self._then = then
        dispatcher = Dispatcher()
        dispatcher.message.register(self._hear)
        self.polling = Polling(bot, dispatcher, patience)

    async def _hear(self, message: Message) -> None:
        self.heard.append(message.text or "")
        task = asyncio.current_task()
        assert task is not None
        self.tasks.append(task)
        self._news.set()
        if self._then is not None:
            await self._then(message.text or "")

    async def _until(self, enough: Callable[[list[str]], bool]) -> None:
        while not enough(self.heard):
            self._news.clear()
            await self._news.wait()

    async def run(self, until: Callable[[list[str]], bool]) -> None:
        """Poll until enough is heard, then stop as on SIGTERM."""
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
            group.create_task(self.polling.run(self.stop))
            await self._until(until)
            self.stop.set()

    async def run_and_kill(self, until: Callable[[list[str]], bool]) -> None:
        """Poll until enough is heard, then let everything end where it stands."""
        async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
            running = group.create_task(self.polling.run(self.stop))
            await self._until(until)
            running.cancel()
        for task in self.tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def heard(*texts: str) -> Callable[[list[str]], bool]:
    return lambda so_far: set(texts) <= set(so_far)


async def hang(_text: str) -> None:
    await asyncio.Event().wait()


async def waiting(bot: Bot) -> list[str]:
    """What the next process would be given."""
    updates = await bot.get_updates(timeout=0)
    return [(update.message and update.message.text) or "" for update in updates]


async def test_updates_are_handled_and_confirmed(bot: Bot, person: Person) -> None:
    listener = Listener(bot)
    for text in ("one", "two"):
        await person.write(text)
    await listener.run(heard("one", "two"))
    assert sorted(listener.heard) == ["one", "two"]
    assert await waiting(bot) == []


async def test_an_update_whose_handler_was_killed_comes_again(bot: Bot, person: Person) -> None:
    await person.write("one")
    killed = Listener(bot, hang)
    await killed.run_and_kill(heard("one"))
    assert await waiting(bot) == ["one"]
    next_one = Listener(bot)
    await next_one.run(heard("one"))
    assert await waiting(bot) == []


async def test_a_stop_lets_handlers_end_and_leaves_what_came_later(
    bot: Bot, person: Person
) -> None:
    done: list[str] = []

    async def then(text: str) -> None:
        listener.stop.set()
        await person.write("too late")
        done.append(text)

    listener = Listener(bot, then)
    await person.write("one")
    await listener.run(heard("one"))
    assert done == listener.heard == ["one"]
    assert await waiting(bot) == ["too late"]


async def test_a_handler_that_a_stop_cuts_off_gets_its_update_again(
    bot: Bot, person: Person
) -> None:
    async def then(text: str) -> None:
        if text == "slow":
            await hang(text)

    listener = Listener(bot, then)
    for text in ("quick", "slow"):
        await person.write(text)
    await listener.run(heard("quick", "slow"))
    assert listener.tasks[-1].cancelled() or listener.tasks[0].cancelled()
    assert await waiting(bot) == ["slow"]


async def test_a_slow_handler_does_not_hold_up_the_next_batch(bot: Bot, person: Person) -> None:
    async def then(text: str) -> None:
        if text == "slow":
            await person.write("next")
            await hang(text)

    listener = Listener(bot, then)
    await person.write("slow")
    await listener.run(heard("slow", "next"))


async def test_while_a_handler_is_slow_nothing_after_it_is_confirmed_or_handled_twice(
    bot: Bot, person: Person
) -> None:
    later = [f"later {number}" for number in range(5)]

    async def then(text: str) -> None:
        if text == "slow":
            await person.write(later[0])
            await hang(text)
        elif text != later[-1]:
            await person.write(later[later.index(text) + 1])

    killed = Listener(bot, then)
    await person.write("slow")
    await killed.run_and_kill(heard("slow", *later))
    assert killed.heard == ["slow", *later]
    assert await waiting(bot) == ["slow", *later]


async def test_a_slow_handler_that_ends_is_confirmed_with_all_after_it(
    bot: Bot, person: Person
) -> None:
    next_came = asyncio.Event()

    async def then(text: str) -> None:
        if text == "next":
            next_came.set()
            return
        await person.write("next")
        await next_came.wait()

    listener = Listener(bot, then)
    await person.write("slow")
    await listener.run(heard("slow", "next"))
    assert listener.heard == ["slow", "next"]
    assert await waiting(bot) == []


async def test_behind_a_stuck_handler_more_is_handled_than_telegram_gives_at_once(
    bot: Bot, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async def then(text: str) -> None:
        if text == "stuck":
            await hang(text)

    patience = replace(IMPATIENCE, crowded_s=0.5)
    listener = Listener(bot, then, patience)
    texts = ["stuck", *(f"other {number}" for number in range(MOST_UNCONFIRMED + 20))]
    for text in texts:
        await person.write(text)
    await listener.run(heard(*texts))
    assert sorted(listener.heard) == sorted(texts), "nothing is handled twice"
    assert sum("let go" in line for line in caplog.messages) == 1


async def test_a_handler_that_is_stuck_for_long_is_let_go(
    bot: Bot, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async def is_confirmed() -> bool:
        return (await bot.get_webhook_info()).pending_update_count == 0

    listener = Listener(bot, hang, replace(IMPATIENCE, longest_s=0.3))
    await person.write("stuck")
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        group.create_task(listener.polling.run(listener.stop))
        await eventually(is_confirmed, "the update is confirmed")
        assert sum("let go" in line for line in caplog.messages) == 1
        listener.stop.set()


async def test_an_answer_that_was_under_way_when_a_handler_ended_is_not_handled_again(
    bot: Bot, person: Person
) -> None:
    """The offset of that question was still the handler's update."""

    async def is_asking() -> bool:
        return not (await person.ask("GET", "state"))["faults"]

    async def then(text: str) -> None:
        if text == "slow":
            await person.fault(service="telegram", match="/getUpdates", kind="slow", seconds=0.5)
            await person.write("last")
            await eventually(is_asking, "the next question, which takes a while")

    listener = Listener(bot, then)
    await person.write("slow")
    await listener.run(heard("slow", "last"))
    assert listener.heard == ["slow", "last"]


async def test_a_handler_that_fails_ends_nothing_and_its_update_is_done_with(
    bot: Bot, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async def then(text: str) -> None:
        if text == "bad":
            raise ValueError

    listener = Listener(bot, then)
    for text in ("bad", "good"):
        await person.write(text)
    await listener.run(heard("bad", "good"))
    assert await waiting(bot) == []
    assert sum("could not be handled" in line for line in caplog.messages) == 1


async def test_an_update_of_unknown_form_is_skipped_and_the_others_are_handled(
    bot: Bot, sandbox: RunningSandbox, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    strange = {"update_id": 501, "message": {"message_id": "many", "text": "a secret of theirs"}}
    batch = [a_message(500, "before"), strange, a_message(502, "after")]
    body = {"ok": True, "result": batch}
    await person.fault(
        service="telegram", match="/getUpdates", kind="status", status=200, body=body
    )
    listener = Listener(bot)
    await listener.run(heard("before", "after"))
    assert sorted(listener.heard) == ["after", "before"]
    last = sandbox.state.wire.journal.after(0, None)[-1]
    assert "503" in str(last.request), "everything up to the last one is confirmed"
    assert "update 501 has an unknown form and is skipped" in caplog.messages
    assert "a secret of theirs" not in caplog.text


@pytest.mark.parametrize("strange", [{}, {"update_id": "many"}, {"update_id": -5}, "no update"])
async def test_an_update_without_a_number_is_skipped_and_the_others_are_handled(
    bot: Bot, person: Person, strange: object
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
    listener = Listener(bot)
    await listener.run(heard("before", "after", "ordinary"))
    assert sorted(listener.heard) == ["after", "before", "ordinary"]


async def lines_of(bot: Bot, person: Person, caplog: pytest.LogCaptureFixture) -> list[str]:
    """Give the log of getting a message though polling is struck."""
    caplog.set_level("INFO")
    await person.write("one")
    listener = Listener(bot)
    await listener.run(heard("one"))
    ours = ("bot.", "services.", "handlers.")
    return [record.getMessage() for record in caplog.records if record.name.startswith(ours)]


async def test_an_outage_of_telegram_is_logged_once_and_waited_out(
    bot: Bot, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    page = {"kind": "html", "status": 502, "times": DOWN_AFTER}
    await person.fault(service="telegram", match="/getUpdates", **page)
    down, up = await lines_of(bot, person, caplog)
    assert down.startswith("Telegram does not answer well")
    assert up.startswith("Telegram answers again")


async def test_a_refusal_to_give_updates_is_logged_once_with_its_words(
    bot: Bot, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    refusal = {"ok": False, "error_code": 409, "description": "Conflict: another one polls"}
    await person.fault(
        service="telegram", match="/getUpdates", kind="status", status=409, body=refusal, times=2
    )
    refused, given = await lines_of(bot, person, caplog)
    assert refused.startswith("Telegram gives no updates: TelegramConflictError")
    assert "another one polls" in refused
    assert given == "Telegram gives updates again"


async def test_a_confirmation_that_is_lost_is_said_and_the_updates_come_again(
    bot: Bot, person: Person, caplog: pytest.LogCaptureFixture
) -> None:
    async def then(_text: str) -> None:
        listener.stop.set()
        await person.fault(service="telegram", match="/getUpdates", kind="drop_before", times=1)

    listener = Listener(bot, then)
    await person.write("one")
    await listener.run(heard("one"))
    assert any("may come again" in line for line in caplog.messages)
    assert await waiting(bot) == ["one"]
