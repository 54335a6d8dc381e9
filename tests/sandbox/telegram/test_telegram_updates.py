"""getUpdates: confirmation, waiting, conflicts, allowed types, expiry."""

import asyncio
import json

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError

from sandbox.server import RunningSandbox
from sandbox.telegram.updates import UpdateQueue
from tests.sandbox.telegram.clients import Drain, Person, RawApi


async def test_updates_stay_until_an_offset_confirms_them(bot: Bot, person: Person) -> None:
    for text in ("a", "b", "c"):
        await person.write(text)
    first = await bot.get_updates(timeout=0)
    assert [u.message.text for u in first if u.message] == ["a", "b", "c"]
    assert [u.update_id - first[0].update_id for u in first] == [0, 1, 2]
    again = await bot.get_updates(timeout=0)
    assert [u.update_id for u in again] == [u.update_id for u in first]
    rest = await bot.get_updates(offset=first[1].update_id, timeout=0)
    assert [u.update_id for u in rest] == [u.update_id for u in first[1:]]
    assert len(await bot.get_updates(offset=-1, timeout=0)) == 1
    assert len(await bot.get_updates(timeout=0)) == 1


async def test_limits_are_clamped(bot: Bot, raw: RawApi, person: Person) -> None:
    for text in ("a", "b"):
        await person.write(text)
    assert len(await bot.get_updates(limit=1, timeout=0)) == 1
    assert len((await raw("getUpdates", limit=100500, timeout=0))["result"]) == 2
    assert len((await raw("getUpdates", limit=-3, timeout=0))["result"]) == 1


async def test_a_waiting_poll_returns_with_the_first_update(bot: Bot, person: Person) -> None:
    async with asyncio.timeout(25), asyncio.TaskGroup() as tasks:
        poll = tasks.create_task(bot.get_updates(timeout=30))
        await person.ask("GET", "state")
        await person.write("now")
        (update,) = await poll
    assert update.message is not None


async def until_polling(person: Person, sandbox: RunningSandbox) -> None:
    async with asyncio.timeout(30):
        while sandbox.state.telegram.updates._poll is None:
            await person.ask("GET", "state")


async def test_a_newer_poll_ends_the_older_with_a_conflict(
    bot: Bot, person: Person, sandbox: RunningSandbox
) -> None:
    async with asyncio.TaskGroup() as tasks:
        older = tasks.create_task(_conflict(bot))
        await until_polling(person, sandbox)
        newer = tasks.create_task(bot.get_updates(timeout=30))
        refusal = await older
        await person.write("for the newer one")
        assert len(await newer) == 1
    assert "terminated by other getUpdates request" in refusal


async def _conflict(bot: Bot) -> str:
    with pytest.raises(TelegramConflictError) as caught:
        await bot.get_updates(timeout=30)
    return str(caught.value)


async def test_a_webhook_left_by_someone_blocks_polling(bot: Bot, person: Person) -> None:
    await person.ask("POST", "webhook", json={"url": "https://example.com/hook"})
    assert (await bot.get_webhook_info()).url == "https://example.com/hook"
    with pytest.raises(TelegramConflictError, match="while webhook is active"):
        await bot.get_updates(timeout=0)
    await person.write("x")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates(timeout=0) == []
    assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_allowed_updates_last_and_apply_when_an_update_is_made(
    bot: Bot, raw: RawApi, person: Person, drain: Drain
) -> None:
    await bot.get_updates(timeout=0, allowed_updates=["callback_query"])
    await person.write("lost for good")
    assert await drain(bot) == []
    assert (await bot.get_webhook_info()).allowed_updates == ["callback_query"]
    await raw("getUpdates", timeout=0, allowed_updates="not json")
    await person.write("lost too")
    await raw("getUpdates", timeout=0, allowed_updates="[]")
    assert (await bot.get_webhook_info()).allowed_updates is None
    await person.write("kept")
    (update,) = await drain(bot)
    assert update.message.text == "kept"


async def test_what_was_not_confirmed_is_redelivered_to_the_next_process(
    bot: Bot, person: Person, raw: RawApi
) -> None:
    await person.write("/start")
    (first,) = await bot.get_updates(timeout=0)
    (again,) = (await raw("getUpdates", timeout=0))["result"]
    assert again["update_id"] == first.update_id


async def test_presses_expire_after_150_seconds_and_messages_after_a_day(
    bot: Bot, chat: int, person: Person
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    message = await bot.send_message(chat, "x", reply_markup=keyboard)  # type: ignore[arg-type]
    await person.click(message.message_id, data="a")
    await person.write("hello")
    await person.later(151)
    (update,) = await bot.get_updates(timeout=0)
    assert update.message is not None
    await person.later(24 * 3600)
    assert await bot.get_updates(timeout=0) == []


async def test_an_offset_from_the_future_confirms_nothing(raw: RawApi, person: Person) -> None:
    await person.write("x")
    answer = await raw("getUpdates", offset=2**31 - 5, timeout=0)
    assert len(answer["result"]) == 1


async def test_a_busy_loop_is_slowed_down() -> None:
    queue = UpdateQueue(busy_loop_guard=True)
    queue.add("message", {"text": "a"}, 0)
    queue.add("message", {"text": "b"}, 0)
    assert len(await queue.get(0, 100, 0, 0)) == 2
    # Asked the same within half a second: one update only, and an empty queue waits.
    assert len(await queue.get(0, 100, 0, 0)) == 1
    queue.clear()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await queue.get(0, 100, 0, 0)
    # Another offset is another question.
    assert await queue.get(-1, 100, 0, 0) == []


async def test_edits_of_a_person_arrive_as_edited_message(
    bot: Bot, person: Person, drain: Drain
) -> None:
    message = await person.write("first")
    edit = {"message_id": message["message_id"], "text": "second"}
    await person.ask("POST", "chats/1001/edit", json=edit)
    await person.ask("POST", "chats/1001/edit", json=edit)
    _, update = await drain(bot)
    assert update.edited_message.text == "second"
    assert json.loads(update.model_dump_json(exclude_none=True))["edited_message"]["edit_date"]
