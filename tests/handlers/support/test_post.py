"""Messages of threads as Telegram takes them: long words, lost files, those who are away."""

import pytest

from handlers.support.post import WORDS_ROOM, TelegramSupportPost
from handlers.telegram.outgoing import Outgoing
from services.domain.support import Attachment, SupportMessage, SupportThread
from services.errors import UserUnreachable
from services.health import Health
from services.jobs.nursery import Nursery
from services.support.service import MAX_UNITS
from services.users.reach import Reach
from services.users.service import UserService
from tests.handlers.chat import Chat
from tests.services.kit import jpeg


async def nobody_waits() -> None:
    raise AssertionError("nobody was away")


def the_post(chat: Chat) -> TelegramSupportPost:
    database = chat.product.database
    outgoing = Outgoing(chat.product.bot, Reach(database), Nursery(), Health("Telegram"))
    return TelegramSupportPost(outgoing, UserService(database, nobody_waits))


def thread(chat: Chat) -> SupportThread:
    return SupportThread(id="t", user_id=chat.id, chat_id=chat.id)


def message(text: str | None = None, **more: object) -> SupportMessage:
    return SupportMessage(id="m", thread_id="t", origin="o", text=text, **more)  # type: ignore[arg-type]


async def photo_id(chat: Chat) -> str:
    await chat.say("/start")
    await chat.send(jpeg(1))
    found = chat.product.sandbox.state.telegram.messages(chat.id)
    body = next(one.body for one in found if "photo" in one.body)
    return str(body["photo"][-1]["file_id"])


async def test_the_longest_words_fit_with_all_that_is_said_of_them(chat: Chat) -> None:
    await chat.say("/start")
    longest = message("&" * MAX_UNITS, code="c0ffee")
    sent = await the_post(chat).to_admin(chat.id, thread(chat), longest)
    assert sent is not None
    assert "&" * MAX_UNITS in chat.last.text
    assert "c0ffee" in chat.last.text
    assert chat.last.has("thread:t")


async def test_long_words_below_a_photo_are_cut(chat: Chat) -> None:
    long = message("W" * 1024, attachment=Attachment.PHOTO, file_id=await photo_id(chat))
    await the_post(chat).to_user(thread(chat), long)
    assert chat.last.is_picture
    assert chat.last.text.endswith("W" * (WORDS_ROOM - 1) + "…")


async def test_of_a_lost_file_the_words_are_sent(chat: Chat) -> None:
    await chat.say("/start")
    lost = message("look", attachment=Attachment.DOCUMENT, file_id="gone")
    sent = await the_post(chat).to_user(thread(chat), lost)
    assert sent is not None
    assert chat.last.text.endswith("look")


async def test_somebody_who_has_blocked_the_bot_is_waited_for(chat: Chat) -> None:
    await chat.say("/start")
    await chat.block(blocked=True)
    for attached in (message("hi"), message(attachment=Attachment.PHOTO, file_id="any")):
        with pytest.raises(UserUnreachable):
            await the_post(chat).to_user(thread(chat), attached)


async def test_what_was_sent_can_be_taken_back(chat: Chat) -> None:
    await chat.say("/start")
    sent = await the_post(chat).to_user(thread(chat), message("never mind"))
    assert sent is not None
    await the_post(chat).take_back(sent)
    await the_post(chat).take_back(sent)
    assert not any("never mind" in text for text in chat.texts)
