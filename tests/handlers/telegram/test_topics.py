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
    await chat.until(lambda: len(chat.messages) > before)
    assert (len(chat.messages), topics_of(chat)) == (before + 1, {topic})


async def photos_are_counted(chat: Chat) -> int:
    """Have the person send a photo for a training, in a new topic; return the topic."""
    topic = await chat.open_topic()
    await chat.say("/train")
    await chat.press("draft:agree")
    await chat.say("Ann")
    await chat.press("subj:")
    await chat.send(kit.jpeg())
    await chat.until(lambda: any(said.has("photos:") for said in chat.messages))
    return topic


async def test_the_photo_counter_comes_to_the_topic_of_the_consent(chat: Chat) -> None:
    topic = await photos_are_counted(chat)
    assert topics_of(chat) == {topic}


async def test_a_draft_that_is_gone_on_with_in_another_topic_moves_there(chat: Chat) -> None:
    await photos_are_counted(chat)
    other = await chat.open_topic()
    before = chat.last.message_id
    await chat.say("/train")
    await chat.press("draft-left:continue")
    await chat.send(kit.jpeg(9))
    await chat.until(lambda: chat.last.has("photos:") and chat.last.message_id > before)
    assert topics_of(chat, before) == {other}


async def test_a_contact_sheet_comes_to_the_topic_of_its_button(chat: Chat) -> None:
    topic = await photos_are_counted(chat)
    await chat.press("photos:", ":show")
    await chat.until(lambda: any(said.is_picture for said in chat.messages))
    (sheet,) = [said for said in chat.messages if said.is_picture]
    assert sheet.topic == topic


async def a_model_is_trained(chat: Chat) -> int:
    """Have the person train a model in a new topic; return the topic."""
    topic = await photos_are_counted(chat)
    await chat.send(*(kit.jpeg(number) for number in range(1, 6)))
    await chat.until(lambda: any(data.endswith(":done") for data in chat.last.data))
    await chat.press("photos:", ":done")
    await chat.until(lambda: chat.last.has("mode:"))
    await chat.press("mode:", ":economy")
    await chat.press("start:")
    await chat.until(lambda: any(said.has("use:") for said in chat.messages))
    # The first picture comes below; the examples of the photo step are a picture, too.
    await chat.until(lambda: chat.last.has("res:"))
    return topic


async def generation_is_shown(chat: Chat, since: int) -> None:
    """Wait until pictures and their buttons have come."""
    await chat.until(lambda: chat.last.has("res:") and chat.last.message_id > since)


async def test_all_of_a_training_and_its_pictures_come_to_the_topic_it_was_begun_in(
    chat: Chat,
) -> None:
    topic = await a_model_is_trained(chat)
    before = chat.last.message_id
    await chat.say("/generate in Paris -n 2")
    await generation_is_shown(chat, before)
    assert [said.is_picture for said in chat.messages[-3:]] == [True, True, False]
    before = chat.last.message_id
    await chat.open_topic()
    await chat.press("res:again:")
    await generation_is_shown(chat, before)
    assert topics_of(chat) == {topic}


async def test_pictures_for_a_topic_that_was_deleted_come_to_the_chat_once(chat: Chat) -> None:
    chat.delete_topic(await a_model_is_trained(chat))
    before = chat.last.message_id
    await chat.press("res:again:")
    await generation_is_shown(chat, before)
    await chat.until(lambda: len([m for m in chat.messages if m.message_id > before]) == 1)
    assert topics_of(chat, before) == {0}


async def test_a_failure_is_told_in_the_topic_of_the_prompt(chat: Chat) -> None:
    await chat.has_model()
    topic = await chat.open_topic()
    # The model's file is nowhere.
    await chat.say("/generate in Paris")
    await chat.until(lambda: any(said.has("res:again:") for said in chat.messages))
    assert topics_of(chat) == {topic}


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


@pytest.mark.parametrize(
    "words", ["TOPIC_CLOSED", "TOPIC_DELETED", "TOPIC_ID_INVALID", "the chat is not a forum"]
)
async def test_whatever_telegram_calls_the_loss_of_a_topic_the_message_comes_to_the_chat(
    chat: Chat, words: str
) -> None:
    topic = await chat.open_topic()
    chat.product.sandbox.state.wire.faults.add(
        {
            "service": "telegram",
            "kind": "status",
            "match": "sendMessage",
            "status": 400,
            "body": {"ok": False, "error_code": 400, "description": f"Bad Request: {words}"},
        }
    )
    await chat.product.bot.send_message(chat.id, "text", message_thread_id=topic)
    assert [said.topic for said in chat.messages] == [0]


async def test_a_refusal_for_another_reason_is_not_tried_without_the_topic(chat: Chat) -> None:
    topic = await chat.open_topic()
    with pytest.raises(TelegramBadRequest, match="empty"):
        await chat.product.bot.send_message(chat.id, " ", message_thread_id=topic)
    assert chat.messages == []
