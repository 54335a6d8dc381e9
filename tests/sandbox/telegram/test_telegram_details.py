"""Small habits of the real server that a bot runs into one day."""

import json

import aiogram.methods
import pytest
from aiogram import Bot
from aiogram.enums import ChatAction
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    InputMediaPhoto,
    LinkPreviewOptions,
    MediaUnion,
    Message,
)

from sandbox.telegram.not_imitated import NOT_IMITATED
from sandbox.telegram.routes import METHODS
from tests.sandbox.telegram.clients import USER, Drain, Json, Person, Picture, RawApi

pytestmark = pytest.mark.usefixtures("chat")


def keyboard(*rows: list[str]) -> str:
    return json.dumps(
        {"inline_keyboard": [[{"text": text, "callback_data": "x"} for text in r] for r in rows]}
    )


def test_every_method_that_aiogram_knows_is_imitated_or_refused_by_name() -> None:
    methods = (getattr(aiogram.methods, name) for name in aiogram.methods.__all__)
    names = {getattr(method, "__api_method__", None) for method in methods}
    known = {name for name in names if isinstance(name, str)}
    assert known - {*METHODS, *NOT_IMITATED} == set()
    assert not NOT_IMITATED & set(METHODS)


async def test_what_is_not_imitated_is_told_as_the_sandboxs_own_lack(raw: RawApi) -> None:
    answer = await raw("sendpoll", 501)
    assert answer["description"] == "Not Implemented: the sandbox does not imitate sendPoll"


@pytest.mark.parametrize(
    ("ids", "refusal"),
    [
        ("", "message identifiers are not specified"),
        ("[]", "message identifiers are not specified"),
        ("[true]", "message identifier must be a Number"),
        ("[[1]]", "message identifier must be a Number"),
        ('["a"]', "can't parse message identifier as a Number"),
        ("[0]", "invalid message identifier specified"),
    ],
)
async def test_ids_that_name_nothing_are_refused(raw: RawApi, ids: str, refusal: str) -> None:
    said = await raw.refusal("deleteMessages", chat_id=USER, message_ids=ids)
    assert said == f"Bad Request: {refusal}"


@pytest.mark.parametrize(
    "action", [*ChatAction, "cancel", "record_audio", "upload_audio", "pick_up_location", "TYPING"]
)
async def test_every_chat_action_is_taken(raw: RawApi, action: str) -> None:
    assert (await raw("sendChatAction", chat_id=USER, action=action))["result"] is True


async def test_an_unknown_chat_action_is_refused(raw: RawApi) -> None:
    said = await raw.refusal("sendChatAction", chat_id=USER, action="dance")
    assert said == "Bad Request: wrong parameter action in request"


async def test_buttons_without_a_text_and_those_past_twelve_in_a_row_vanish(raw: RawApi) -> None:
    markup = keyboard(["a", ""], [""], [str(n) for n in range(14)])
    sent = await raw("sendMessage", chat_id=USER, text="x", reply_markup=markup)
    rows = sent["result"]["reply_markup"]["inline_keyboard"]
    assert [[button["text"] for button in row] for row in rows] == [
        ["a"],
        [str(n) for n in range(12)],
    ]
    bare = await raw("sendMessage", chat_id=USER, text="x", reply_markup=keyboard([""]))
    assert "reply_markup" not in bare["result"]


async def test_a_part_that_was_not_sent_is_no_file(raw: RawApi) -> None:
    said = await raw.refusal("sendPhoto", chat_id=USER, photo="attach://nothing")
    assert said == "Bad Request: there is no photo in the request"
    media = json.dumps([{"type": "photo", "media": "attach://nothing"}] * 2)
    said = await raw.refusal("sendMediaGroup", chat_id=USER, media=media)
    assert said == "Bad Request: can't parse InputMedia: media not found"


@pytest.mark.parametrize(
    ("html", "text", "entity"),
    [
        ("a\r\n<b>b</b>", "a\nb", (2, 1)),
        ("<b>a\rb</b>c", "abc", (0, 2)),
        ("x\u2028\u202e<b>y</b>", "xy", (1, 1)),
        ("\U0001f600\t<b>z\u0333</b>", "\U0001f600 z", (3, 1)),
        ("<b>a</b>\u200e\u200f\u200eb", "a\u200c\u200c\u200eb", (0, 1)),
    ],
)
async def test_characters_that_disturb_are_cleaned_and_entities_move_along(
    raw: RawApi, html: str, text: str, entity: tuple[int, int]
) -> None:
    sent = await raw("sendMessage", chat_id=USER, text=html, parse_mode="HTML")
    assert sent["result"]["text"] == text
    (bold,) = sent["result"]["entities"]
    assert (bold["offset"], bold["length"]) == entity


async def test_link_previews_are_told_as_they_were_asked(bot: Bot, raw: RawApi) -> None:
    options = {"prefer_large_media": True, "show_above_text": False, "url": "https://a.b"}
    sent = await raw(
        "sendMessage",
        chat_id=USER,
        text="x",
        link_preview_options=json.dumps(options),
    )
    assert sent["result"]["link_preview_options"] == {
        "url": "https://a.b",
        "prefer_large_media": True,
    }
    edited = await bot.edit_message_text(
        "y",
        chat_id=USER,
        message_id=sent["result"]["message_id"],
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    assert not isinstance(edited, bool)
    assert edited.link_preview_options is not None
    assert edited.link_preview_options.is_disabled is True
    said = await raw.refusal("sendMessage", chat_id=USER, text="x", link_preview_options="[]")
    assert said == "Bad Request: object expected as link preview options"


async def test_several_messages_stay_pinned(bot: Bot) -> None:
    first, second = [await bot.send_message(USER, text) for text in "ab"]

    async def pinned() -> int | None:
        found = (await bot.get_chat(USER)).pinned_message
        return None if found is None else found.message_id

    for message in (first, second):
        await bot.pin_chat_message(USER, message.message_id)
    assert await pinned() == second.message_id
    await bot.unpin_chat_message(USER, message_id=second.message_id)
    assert await pinned() == first.message_id
    with pytest.raises(TelegramBadRequest, match="message to unpin not found"):
        await bot.unpin_chat_message(USER, message_id=second.message_id)
    await bot.pin_chat_message(USER, second.message_id)
    await bot.delete_message(USER, second.message_id)
    assert await pinned() == first.message_id
    await bot.unpin_all_chat_messages(USER)
    assert await pinned() is None


async def test_a_long_paste_arrives_in_parts_as_clients_cut_it(
    bot: Bot, person: Person, drain: Drain
) -> None:
    text = " ".join(["слово"] * 1500)
    await person.write(text)
    parts = [update.message.text for update in await drain(bot)]
    assert len(parts) == 3
    assert max(map(len, parts)) <= 4096
    assert " ".join(parts) == text


async def test_an_edited_caption_is_an_update(
    bot: Bot, person: Person, drain: Drain, photo: Json
) -> None:
    edit = {"message_id": photo["message_id"], "text": "/train me"}
    await person.ask("POST", f"chats/{USER}/edit", json=edit)
    (update,) = await drain(bot)
    assert update.edited_message.caption == "/train me"
    assert update.edited_message.caption_entities[0].type == "bot_command"
    await person.ask("POST", f"chats/{USER}/edit", json=edit | {"text": ""})
    (update,) = await drain(bot)
    assert update.edited_message.caption is None


@pytest.fixture
async def photo(bot: Bot, person: Person, drain: Drain, picture: Picture) -> Json:
    (message,) = await person.send(picture(), caption="before")
    await drain(bot)
    return message


@pytest.mark.parametrize(
    "kind", ["chat_background_set", "message_auto_delete_timer_changed", "write_access_allowed"]
)
async def test_service_messages_arrive(bot: Bot, person: Person, drain: Drain, kind: str) -> None:
    await person.ask("POST", f"chats/{USER}/service", json={"kind": kind})
    (update,) = await drain(bot)
    assert getattr(update.message, kind) is not None
    await person.ask("POST", f"chats/{USER}/service", 400, json={"kind": "party"})


async def test_reactions_are_told_to_a_bot_that_asked_for_them(
    bot: Bot, person: Person, drain: Drain
) -> None:
    sent = await bot.send_message(USER, "x")
    reaction = {"message_id": sent.message_id, "emoji": "👍"}
    await person.ask("POST", f"chats/{USER}/reaction", json=reaction)
    assert await drain(bot) == []
    await bot.get_updates(timeout=0, allowed_updates=["message_reaction"])
    await person.ask("POST", f"chats/{USER}/reaction", json=reaction | {"emoji": ""})
    (update,) = await drain(bot)
    assert update.message_reaction.old_reaction[0].emoji == "👍"
    assert update.message_reaction.new_reaction == []


async def test_messages_in_a_topic_stay_in_it(
    bot: Bot, raw: RawApi, person: Person, drain: Drain
) -> None:
    await person.ask("POST", f"chats/{USER}/topics", 400, json={"name": "Trips"})
    await person.ask("PUT", "telegram/scenario", json={"topics": True})
    assert (await bot.get_me()).has_topics_enabled is True
    opened = await person.ask("POST", f"chats/{USER}/topics", 201, json={"name": "Trips"})
    topic = opened["topic"]
    await person.ask("POST", f"chats/{USER}/text", json={"text": "hi", "topic": topic})
    created, written = [update.message for update in await drain(bot)]
    assert created.forum_topic_created.name == "Trips"
    assert (written.message_thread_id, written.is_topic_message) == (topic, True)
    answer = await written.answer("hello")
    assert answer.message_thread_id == topic
    said = await raw.refusal("sendMessage", chat_id=USER, text="x", message_thread_id=topic + 99)
    assert said == "Bad Request: message thread not found"
    await person.ask("POST", f"chats/{USER}/text", 404, json={"text": "hi", "topic": topic + 99})


async def test_everything_that_is_sent_can_go_into_a_topic(
    bot: Bot, raw: RawApi, person: Person, picture: Picture
) -> None:
    await person.ask("PUT", "telegram/scenario", json={"topics": True})
    opened = await person.ask("POST", f"chats/{USER}/topics", 201, json={"name": "Trips"})
    topic = opened["topic"]
    sample = {"count": 2, "topic": topic}
    drawn = (await person.ask("POST", f"chats/{USER}/sample", json=sample))["messages"]
    assert [message["message_thread_id"] for message in drawn] == [topic, topic]
    photo = drawn[0]["photo"][-1]["file_id"]
    file = BufferedInputFile(picture(), "a.jpg")
    album: list[MediaUnion] = [InputMediaPhoto(media=photo), InputMediaPhoto(media=photo)]
    sent = [
        await bot.send_photo(USER, photo, message_thread_id=topic),
        await bot.send_document(USER, file, message_thread_id=topic),
        *await bot.send_media_group(USER, album, message_thread_id=topic),
        await bot.forward_message(USER, USER, drawn[0]["message_id"], message_thread_id=topic),
    ]
    assert [(m.message_thread_id, m.is_topic_message) for m in sent] == [(topic, True)] * 5
    copied = await bot.copy_message(USER, USER, drawn[1]["message_id"], message_thread_id=topic)
    shown = (await person.messages())[-1]
    assert (shown["message_id"], shown["message_thread_id"]) == (copied.message_id, topic)
    markup = keyboard(["A"])
    asked = await raw(
        "sendMessage", chat_id=USER, text="x", reply_markup=markup, message_thread_id=topic
    )
    await person.click(asked["result"]["message_id"], data="x")
    press = (await bot.get_updates(timeout=0))[-1].callback_query
    assert press is not None
    assert isinstance(press.message, Message)
    assert press.message.message_thread_id == topic
    said = await raw.refusal("sendPhoto", chat_id=USER, photo=photo, message_thread_id=topic + 99)
    assert said == "Bad Request: message thread not found"
    assert (await raw("createForumTopic", 501))["error_code"] == 501
