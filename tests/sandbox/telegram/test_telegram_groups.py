"""Groups: who is in them, what the bot is there, and what it may send."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
)
from aiogram.types import BufferedInputFile

from sandbox.telegram import FloodLimits
from sandbox.telegram.flood import FloodGate
from tests.sandbox.telegram.clients import Drain, Person, Picture

NAME = "neurophoto_sandbox_bot"


async def made(person: Person, kind: str = "supergroup") -> int:
    group = await person.ask("POST", "groups", 201, json={"title": "Friends", "type": kind})
    return int(group["id"])


async def said(person: Person, group: int, text: str, user: int = 1001) -> Any:  # noqa: ANN401  # JSON
    body = {"user": user, "text": text}
    return (await person.ask("POST", f"groups/{group}/text", json=body))["messages"][0]


async def test_without_privacy_mode_the_bot_gets_all(
    bot: Bot, person: Person, drain: Drain
) -> None:
    assert (await bot.me()).can_read_all_group_messages is False
    await person.ask("PUT", "telegram/scenario", json={"privacy": False})
    assert (await bot.get_me()).can_read_all_group_messages
    group = await made(person)
    await drain(bot)
    await said(person, group, f"@{NAME} hello")
    await said(person, group, "just talking")
    mention, talk = await drain(bot)
    assert [(one.type, one.length) for one in mention.message.entities] == [("mention", 23)]
    assert talk.message.text == "just talking"


async def test_only_members_write(person: Person, bot: Bot, drain: Drain) -> None:
    group = await made(person)
    await person.ask("POST", "users", 201, json={"first_name": "Ben"})
    await person.ask("POST", f"groups/{group}/text", 409, json={"user": 1002, "text": "hi"})
    await drain(bot)
    await person.ask("POST", f"groups/{group}/members", json={"user": 1002})
    (joined,) = await drain(bot)
    assert joined.message.new_chat_members[0].first_name == "Ben"
    await said(person, group, "hi", 1002)


async def test_a_bot_that_is_kicked_gets_and_sends_nothing(
    bot: Bot, person: Person, drain: Drain
) -> None:
    group = await made(person)
    await drain(bot)
    await person.ask("PUT", f"groups/{group}/bot", json={"is": "kicked"})
    (told,) = await drain(bot)
    assert told.my_chat_member.new_chat_member.status == "kicked"
    await said(person, group, f"/generate@{NAME} a hat")
    assert await drain(bot) == []
    with pytest.raises(TelegramForbiddenError, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group, "hi")
    with pytest.raises(TelegramForbiddenError):
        await bot.send_chat_action(group, "typing")


async def test_a_bot_that_is_muted_may_send_nothing(
    bot: Bot, person: Person, picture: Picture
) -> None:
    group = await made(person)
    await person.ask("PUT", f"groups/{group}/bot", json={"is": "muted"})
    with pytest.raises(TelegramBadRequest, match="not enough rights to send photos to the chat"):
        await bot.send_photo(group, BufferedInputFile(picture(), "a.jpg"))
    with pytest.raises(TelegramBadRequest, match="not enough rights to send text messages"):
        await bot.send_message(group, "hi")
    await person.ask("PUT", f"groups/{group}/bot", json={"is": "member"})
    await bot.send_message(group, "hi")


async def test_a_group_becomes_a_supergroup(bot: Bot, person: Person, drain: Drain) -> None:
    group = await made(person, "group")
    await drain(bot)
    new = await person.ask("POST", f"groups/{group}/upgrade", 201, json={})
    old_told, new_told = await drain(bot)
    assert old_told.message.chat.type == "group"
    assert old_told.message.migrate_to_chat_id == new["id"] == new_told.message.chat.id
    assert new_told.message.migrate_from_chat_id == group
    with pytest.raises(TelegramMigrateToChat) as caught:
        await bot.send_message(group, "hi")
    assert caught.value.migrate_to_chat_id == new["id"]
    await bot.send_message(new["id"], "hi")
    await said(person, new["id"], "hi")
    await person.ask("POST", f"groups/{group}/text", 409, json={"text": "x"})
    await person.ask("POST", f"groups/{new['id']}/upgrade", 409, json={})


async def test_a_group_takes_twenty_messages_in_any_minute() -> None:
    gate = FloodGate(FloodLimits())
    for second in range(20):
        gate.spend(-1001, 100.0 + second)
    with pytest.raises(Exception, match="retry after 40"):
        gate.spend(-1001, 120.0)
    gate.spend(-1002, 120.0)
    gate.spend(1001, 120.0)
    gate.spend(-1001, 160.0)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "groups", {"title": "Friends", "type": "channel"}),
        ("POST", "groups", {"title": " "}),
        ("PUT", "groups/{group}/bot", {"is": "owner"}),
    ],
)
async def test_a_bad_request_is_refused_in_a_sentence(
    person: Person, method: str, path: str, body: dict[str, str]
) -> None:
    group = await made(person)
    await person.ask(method, path.format(group=group), 400, json=body)


async def test_a_group_that_is_not_there_is_404(person: Person) -> None:
    for path in ("groups/-5/upgrade", "groups/x/upgrade"):
        await person.ask("POST", path, 404, json={})
