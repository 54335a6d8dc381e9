"""In a group only calls are answered: with one picture, or with one sentence."""

from typing import Any

import pytest
from aiogram.types import Message, User

from handlers.groups.calls import words_of_call
from services.domain.vocabulary import Language
from tests.handlers.chat import Chat
from tests.handlers.groups.conftest import NAME, Group, allow
from texts.reader import Texts

ME = User(id=7, is_bot=True, first_name="Bot", username="Neuro_Bot")
OTHER = {"id": 8, "is_bot": True, "first_name": "Other", "username": "other_bot"}
PERSON = {"id": 9, "is_bot": False, "first_name": "Ann"}
CHAT = {"id": -1001, "title": "Friends", "type": "supergroup"}
OWN: dict[str, Any] = {
    "message_id": 1,
    "date": 1,
    "chat": CHAT,
    "from": ME.model_dump(exclude_none=True),
}


def entity(kind: str, length: int, offset: int = 0) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length}


def message(text: str, *entities: dict[str, Any], **more: Any) -> Message:  # noqa: ANN401
    given = {"message_id": 5, "date": 2, "chat": CHAT, "from": PERSON, "text": text, **more}
    return Message.model_validate({**given, "entities": list(entities)})


@pytest.mark.parametrize(
    ("text", "entities", "words"),
    [
        ("/generate@neuro_bot a hat", [entity("bot_command", 19)], "a hat"),
        ("/generate a hat", [entity("bot_command", 9)], "a hat"),
        ("/GENERATE@NEURO_BOT  a\nhat ", [entity("bot_command", 19)], "a\nhat"),
        ("/generate@neuro_bot", [entity("bot_command", 19)], ""),
        ("@Neuro_Bot a hat", [entity("mention", 10)], "a hat"),
        ("@neuro_bot", [entity("mention", 10)], ""),
        ("\U0001f984 @neuro_bot", [entity("mention", 10, 3)], None),
        ("/generate@other_bot a hat", [entity("bot_command", 19)], None),
        ("/generated a hat", [entity("bot_command", 10)], None),
        ("/start@neuro_bot", [entity("bot_command", 16)], None),
        ("/ generate a hat", [], None),
        ("@other_bot a hat", [entity("mention", 10)], None),
        ("/generate a hat", [entity("bold", 15), entity("bot_command", 9)], "a hat"),
        ("@neuro_bot a hat", [entity("italic", 16), entity("mention", 10)], "a hat"),
        ("a hat", [entity("bold", 1)], None),
        ("a hat", [], None),
        ("ask @neuro_bot", [entity("mention", 10, 4)], None),
    ],
)
def test_what_is_a_call(text: str, entities: list[dict[str, Any]], words: str | None) -> None:
    assert words_of_call(message(text, *entities), ME) == words


@pytest.mark.parametrize(
    ("text", "entities", "words"),
    [
        ("what a hat!", [], None),
        ("@ann look", [entity("mention", 4)], None),
        ("/generate a hat", [entity("bot_command", 9)], "a hat"),
        ("@Neuro_Bot a hat", [entity("mention", 10)], "a hat"),
    ],
)
def test_what_is_said_about_a_picture_of_the_bot_is_no_call(
    text: str, entities: list[dict[str, Any]], words: str | None
) -> None:
    given = message(text, *entities, reply_to_message={**OWN, "text": "x"})
    assert words_of_call(given, ME) == words


@pytest.mark.parametrize(
    "more",
    [
        {"forward_origin": {"type": "user", "date": 1, "sender_user": PERSON}},
        {"via_bot": OTHER},
        {"sender_chat": CHAT},
    ],
)
def test_what_is_not_ones_own_is_no_call(more: dict[str, Any]) -> None:
    given = message("/generate a hat", entity("bot_command", 9), **more)
    assert words_of_call(given, ME) is None


def test_a_caption_is_no_call() -> None:
    photo = Message.model_validate({**OWN, "from": PERSON, "photo": [], "caption": "/generate x"})
    assert words_of_call(photo, ME) is None


async def test_a_call_brings_one_picture_to_the_group(chat: Chat, group: Group) -> None:
    await allow(chat)
    before = len(chat.messages)
    called = await group.write(chat, f"/generate@{NAME} portrait <b>&amp;")
    await group_gets(chat, group, 1)
    (picture,) = group.said
    assert picture.reply_to is not None
    assert picture.reply_to.message_id == called
    assert picture.inline_keyboard is None
    assert picture.body["caption"] == chat.words(
        "group-caption", name="Ann", prompt="portrait <b>&amp;"
    ).replace("&amp;amp;", "&amp;")
    assert len(chat.messages) == before


async def group_gets(chat: Chat, group: Group, count: int) -> None:
    """Wait until the group has got so many messages."""
    events = chat.product.sandbox.state.events
    last = events.last
    if len(group.said) >= count:
        return
    async for _ in events.follow(last, group.id):
        if len(group.said) >= count:
            return


async def test_without_consent_a_call_leads_to_the_private_chat(chat: Chat, group: Group) -> None:
    await group.write(chat, f"/generate@{NAME} a hat")
    (said,) = group.said
    assert said.body["text"] == chat.words("group-refused-allow")
    (row,) = (said.inline_keyboard or {})["inline_keyboard"]
    assert row == [
        {"text": chat.words("group-to-private"), "url": f"https://t.me/{NAME}?start=groups"}
    ]
    await chat.say("/start groups")
    await chat.press("groups:allow")
    await group.write(chat, f"/generate@{NAME} a hat", reply_to=said.message_id)
    await group_gets(chat, group, 2)
    assert group.said[-1].body["caption"] == chat.words(
        "group-caption", name="Ann", prompt="a hat"
    )


async def test_a_stranger_is_answered_in_their_language_and_not_met(
    chat: Chat, group: Group
) -> None:
    stranger = chat.product.newcomer("ru")
    group.groups.join(group.id, stranger.id)
    await group.write(stranger, f"/generate@{NAME} шляпа")
    assert group.texts == [stranger.words("group-refused-allow")]
    async with chat.product.database.transaction() as tx:
        assert await tx.users.get(stranger.id) is None


@pytest.mark.parametrize("text", [f"/generate@{NAME}", f"/generate@{NAME} hat --size vast"])
async def test_words_that_cannot_be_drawn_are_answered(
    chat: Chat, group: Group, text: str
) -> None:
    await allow(chat)
    await group.write(chat, text)
    assert group.texts == [chat.words("group-refused-words", bot=NAME)]


async def test_a_call_is_answered_where_its_group_is_a_supergroup_by_now(
    chat: Chat, group: Group, caplog: pytest.LogCaptureFixture
) -> None:
    old = group.groups.make("Old friends", chat.id, is_super=False)
    group.groups.write(old.id, chat.id, f"/generate@{NAME} a hat")
    group.id = group.groups.upgrade(old.id, chat.id).id
    await chat.product.handle()
    assert group.texts == [chat.words("group-refused-allow")]
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_nothing_else_is_answered(chat: Chat, group: Group) -> None:
    telegram = chat.product.sandbox.state.telegram
    telegram.scenario = telegram.scenario.model_copy(update={"privacy": False})
    for text in ("hello", f"/start@{NAME}", f"/settings@{NAME}", "/help", f"I like @{NAME}"):
        await group.write(chat, text)
    body = telegram.messages(group.id)[-1].as_api()
    telegram.queue("edited_message", {**body, "text": f"/generate@{NAME} a hat"})
    await chat.product.handle()
    assert group.said == []


@pytest.mark.parametrize("status", [400, 403, 429])
async def test_a_group_that_takes_nothing_is_left_in_peace(
    chat: Chat, group: Group, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    refused: dict[str, Any] = {"ok": False, "error_code": status, "description": "No"}
    if status == 429:
        refused["parameters"] = {"retry_after": 30}
    fault = {"service": "telegram", "match": "sendMessage", "kind": "status", "status": status}
    chat.product.sandbox.state.wire.faults.add({**fault, "body": refused, "times": 1})
    await group.write(chat, f"/generate@{NAME} a hat")
    assert group.said == []
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_every_refusal_is_short_and_says_nothing_of_money() -> None:
    for language in Language:
        t = Texts(language)
        for end in ("allow", "again", "model", "private", "later"):
            words = t(f"group-refused-{end}", bot=NAME)
            assert len(words) < 130
            assert "⭐" not in words
