"""Threads at the console."""

import pytest_asyncio

from services.domain.console import Deed
from services.support.service import A_PAGE, MAX_UNITS
from tests.handlers.chat import ADMIN, Chat, Product
from tests.services.kit import jpeg


@pytest_asyncio.fixture(loop_scope="session")
async def admin(product: Product) -> Chat:
    admin = product.newcomer(user_id=ADMIN)
    await admin.say("/start")
    return admin


async def thread_id(user: Chat) -> str:
    async with user.product.database.transaction() as tx:
        thread = await tx.support.thread_of(user.id)
    assert thread is not None
    return thread.id


async def deeds(user: Chat) -> list[str]:
    async with user.product.database.transaction() as tx:
        return [action.deed for action in reversed(await tx.actions.newest(9, user.id))]


async def test_a_thread_is_opened_answered_closed_and_opened_again(
    chat: Chat, admin: Chat
) -> None:
    await chat.say("/support Where is it?")
    await admin.until_said("Where is it?")
    row = await thread_id(chat)
    await admin.press(f"thread:{row}")
    opened = admin.last
    assert admin.words("console-thread", id=str(chat.id)) in opened.text
    assert "Where is it?" in opened.text
    await admin.press("thr:reply")
    assert admin.last.text == admin.words("console-ask-answer", id=str(chat.id))
    await admin.say("In the gallery")
    await chat.until_said("In the gallery")
    assert await admin.state() is None
    await admin.forge(f"thr:close:{row}:0", opened.message_id)
    await admin.forge(f"thr:close:{row}:0", opened.message_id)
    assert any("Open again" in dict(said.buttons) for said in admin.messages)
    await admin.forge("thrs:0:0", opened.message_id)
    listed = next(said for said in admin.messages if said.message_id == opened.message_id)
    assert listed.has(f"thread:{row}")
    await admin.forge(f"thr:reopen:{row}:0", opened.message_id)
    assert await deeds(chat) == [Deed.REPLY, Deed.CLOSE, Deed.REOPEN]


async def test_a_new_message_opens_a_closed_thread(chat: Chat, admin: Chat) -> None:
    await chat.say("/support one")
    await admin.until_said("one")
    row = await thread_id(chat)
    await admin.forge(f"thr:close:{row}:0")
    await chat.say("/support two")
    async with chat.product.database.transaction() as tx:
        thread = await tx.support.thread(row)
    assert thread is not None
    assert thread.closed_at is None
    assert thread.is_waiting


async def test_attachments_are_sent_on_request(chat: Chat, admin: Chat) -> None:
    await chat.say("/support")
    await chat.send(jpeg(5))
    await admin.until(lambda: any(said.is_picture for said in admin.messages))
    row = await thread_id(chat)
    await admin.forge(f"thr:files:{row}:0")
    assert admin.last.is_picture
    # What is sent so can be answered, too.
    await admin.answer(admin.last.message_id, "A fine photo")
    await chat.until_said("A fine photo")


async def test_an_answer_that_was_handled_twice_is_sent_once(chat: Chat, admin: Chat) -> None:
    await chat.say("/support hello")
    shown = await admin.until_said("hello")
    await admin.answer(shown.message_id, "Yes?")
    await admin.handle_last_again()
    await chat.until_said("Yes?")
    await chat.say("/support bye")
    await admin.until_said("bye")
    assert sum("Yes?" in text for text in chat.texts) == 1


async def test_an_answer_waits_for_who_has_blocked_the_bot(chat: Chat, admin: Chat) -> None:
    await chat.say("/support hello?")
    shown = await admin.until_said("hello?")
    await chat.block(blocked=True)
    await admin.answer(shown.message_id, "Here I am")
    row = await thread_id(chat)
    await admin.forge(f"thread:{row}:0:1")
    assert admin.words("console-line-waits") in admin.last.text
    await chat.block(blocked=False)
    await chat.say("/start")
    await chat.until_said("Here I am")


async def test_back_leads_from_the_question_to_the_thread(chat: Chat, admin: Chat) -> None:
    await chat.say("/support hm")
    await admin.until_said("hm")
    await admin.forge(f"thr:reply:{await thread_id(chat)}:0")
    await admin.press("go:back")
    assert await admin.state() is None
    assert admin.words("console-thread", id=str(chat.id)) in admin.last.text


async def test_nobody_else_reads_or_answers(chat: Chat, stranger: Chat, admin: Chat) -> None:
    await chat.say("/support secret words")
    await admin.until_said("secret words")
    row = await thread_id(chat)
    await stranger.say("/start")
    for data in (f"thread:{row}:0:0", f"thr:reply:{row}:0", f"thr:close:{row}:0", "thrs:1:0"):
        assert await stranger.forge(data) == stranger.words("error-stale-button")
    assert not any("secret" in text for text in stranger.texts)
    assert await deeds(chat) == []


async def test_the_longest_history_fits(chat: Chat, admin: Chat) -> None:
    for number in range(A_PAGE):
        await chat.say(f"/support {number}{'&' * (MAX_UNITS - 1)}")
    row = await thread_id(chat)
    await admin.forge(f"thread:{row}:0:1")
    assert admin.words("console-thread", id=str(chat.id)) in admin.last.text
    assert "7&&&" in admin.last.text
