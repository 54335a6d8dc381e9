"""In a private chat with topics, what the bot says stays in the topic."""

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, InputMediaPhoto, MediaUnion

from handlers.telegram.replies import follow
from tests.handlers.chat import Chat
from tests.handlers.telegram.test_replies import GONE, a_press
from tests.services import kit


def topics_of(chat: Chat, since: int = 0) -> set[int]:
    """Return the topics of what the bot has said."""
    return {said.topic for said in chat.messages if said.message_id > since}


@pytest.mark.parametrize(
    "line",
    ["/start", "/help", "/train", "/models", "/gallery", "/presets", "/settings", "/status", "hm"],
)
async def test_an_answer_goes_to_the_topic_it_was_asked_in(chat: Chat, line: str) -> None:
    await chat.has_sent_result(await chat.has_model())
    topic = await chat.open_topic()
    await chat.say(line)
    assert topics_of(chat) == {topic}


@pytest.mark.parametrize(
    ("line", "button"),
    [
        ("/start", "menu:gallery"),
        ("/start", "menu:generate"),
        ("/gallery", "gal:send:"),
        ("/gallery", "gal:search:"),
        ("/train", "draft:agree"),
    ],
)
async def test_a_press_is_answered_in_the_topic_of_its_message(
    chat: Chat, line: str, button: str
) -> None:
    await chat.has_sent_result(await chat.has_model())
    topic = await chat.open_topic()
    await chat.say(line)
    await chat.open_topic()
    await chat.press(button)
    assert topics_of(chat) == {topic}


async def test_full_size_comes_to_the_topic_of_its_button(chat: Chat) -> None:
    result = await chat.has_sent_result(await chat.has_model())
    topic = await chat.open_topic()
    await chat.say("/gallery")
    async with chat.product.database.transaction() as tx:
        (picture,) = await tx.pictures.all_of(result.id)
    before = len(chat.messages)
    await chat.forge(f"pic:full:{picture.id}", chat.last.message_id)
    assert (len(chat.messages), topics_of(chat)) == (before + 1, {topic})


async def test_an_answer_outside_of_all_topics_stays_there(chat: Chat) -> None:
    await chat.open_topic()
    chat.topic = 0
    await chat.say("/start")
    assert topics_of(chat) == {0}


async def test_a_press_under_a_message_that_is_gone_is_answered_in_the_chat(chat: Chat) -> None:
    await chat.open_topic()
    await follow(await a_press(chat, GONE), "here")
    assert (chat.last.text, chat.last.topic) == ("here", 0)


async def test_what_was_for_a_deleted_topic_comes_to_the_chat_once(chat: Chat) -> None:
    topic = await chat.open_topic()
    chat.delete_topic(topic)
    bot = chat.product.bot
    photo = BufferedInputFile(kit.jpeg(), "a.jpg")
    await bot.send_message(chat.id, "text", message_thread_id=topic)
    await bot.send_photo(chat.id, photo, message_thread_id=topic)
    await bot.send_document(chat.id, photo, message_thread_id=topic)
    album: list[MediaUnion] = [InputMediaPhoto(media=photo), InputMediaPhoto(media=photo)]
    await bot.send_media_group(chat.id, album, message_thread_id=topic)
    await bot.send_chat_action(chat.id, "upload_photo", message_thread_id=topic)
    assert [said.topic for said in chat.messages] == [0] * 5


async def test_a_refusal_for_another_reason_is_not_tried_without_the_topic(chat: Chat) -> None:
    topic = await chat.open_topic()
    with pytest.raises(TelegramBadRequest, match="empty"):
        await chat.product.bot.send_message(chat.id, " ", message_thread_id=topic)
    assert chat.messages == []
