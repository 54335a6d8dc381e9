"""People, presses, blocking, groups, commands, profile."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeUnion,
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
)

from tests.sandbox.telegram.clients import Drain, Person, RawApi

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text="Yes", callback_data="yes")],
        [
            InlineKeyboardButton(text="No", callback_data="no"),
            InlineKeyboardButton(text="Site", url="https://fal.ai"),
        ],
    ]
)


@pytest.mark.parametrize("what", [{"data": "no"}, {"text": "No"}, {"row": 1, "column": 0}])
async def test_a_press_is_answered(
    bot: Bot, chat: int, person: Person, drain: Drain, what: dict[str, Any]
) -> None:
    message = await bot.send_message(chat, "Sure?", reply_markup=KEYBOARD)
    pressed = (await person.click(message.message_id, **what))["callback_query_id"]
    query = (await drain(bot))[0].callback_query
    assert (query.id, query.data, query.from_user.id) == (pressed, "no", chat)
    assert isinstance(query.message, Message)
    assert isinstance(query.chat_instance, str)
    assert (await person.ask("GET", f"callbacks/{pressed}"))["answered"] is False
    await bot.answer_callback_query(query.id, text="Done", show_alert=True)
    answer = await person.ask("GET", f"callbacks/{pressed}")
    assert (answer["answered"], answer["text"], answer["show_alert"]) == (True, "Done", True)
    assert await bot.answer_callback_query(query.id) is True


async def test_buttons_that_are_not_there_cannot_be_pressed_unless_forged(
    bot: Bot, chat: int, person: Person, drain: Drain
) -> None:
    message = await bot.send_message(chat, "Sure?", reply_markup=KEYBOARD)
    place = message.message_id
    await person.click(place, 404, data="other")
    await person.click(place, 404, row=5, column=0)
    await person.click(place, 400, text="Site")
    await person.click(place, data="train:1; DROP", forged=True)
    await bot.delete_message(chat, place)
    await person.click(place, 404, data="yes")
    await person.click(place, data="yes", forged=True)
    forged, late = await drain(bot)
    assert forged.callback_query.data == "train:1; DROP"
    assert isinstance(late.callback_query.message, InaccessibleMessage)


async def test_old_and_unknown_presses_cannot_be_answered(
    bot: Bot, raw: RawApi, chat: int, person: Person
) -> None:
    message = await bot.send_message(chat, "Sure?", reply_markup=KEYBOARD)
    pressed = (await person.click(message.message_id, data="yes"))["callback_query_id"]
    too_long = await raw.refusal("answerCallbackQuery", callback_query_id=pressed, text="x" * 201)
    assert too_long == "Bad Request: MESSAGE_TOO_LONG"
    await person.later(151)
    for query_id in (pressed, "123", ""):
        said = await raw.refusal("answerCallbackQuery", callback_query_id=query_id)
        assert said == (
            "Bad Request: query is too old and response timeout expired or query ID is invalid"
        )


async def test_a_blocked_bot_is_told_and_can_do_nothing(
    bot: Bot, chat: int, person: Person, drain: Drain
) -> None:
    message = await bot.send_message(chat, "x")
    await person.ask("PATCH", f"users/{chat}", json={"blocked": True})
    update = (await drain(bot))[0].my_chat_member
    assert (update.old_chat_member.status, update.new_chat_member.status) == ("member", "kicked")
    for act in (
        bot.send_message(chat, "x"),
        bot.edit_message_text("y", chat_id=chat, message_id=message.message_id),
        bot.send_chat_action(chat, "typing"),
    ):
        with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
            await act
    await person.ask("POST", f"chats/{chat}/text", 409, json={"text": "hello?"})
    await person.ask("PATCH", f"users/{chat}", json={"blocked": False})
    assert (await drain(bot))[0].my_chat_member.new_chat_member.status == "member"
    await bot.send_message(chat, "welcome back")


async def test_users_are_made_and_changed(bot: Bot, person: Person, drain: Drain) -> None:
    made = await person.ask(
        "POST", "users", 201, json={"first_name": "Оля", "language_code": "ru"}
    )
    assert made == {
        "id": 1002,
        "first_name": "Оля",
        "username": None,
        "language_code": "ru",
        "blocked": False,
        "stars": 2500,
    }
    await person.ask("POST", "users", 409, json={"first_name": "X", "id": 1002})
    await person.ask("POST", "users", 400, json={})
    await person.write("привет", user=1002)
    await person.ask("PATCH", "users/1002", json={"language_code": ""})
    await person.write("снова", user=1002)
    first, second = [update.message.from_user for update in await drain(bot)]
    assert (first.language_code, second.language_code) == ("ru", None)
    ids = [message["message_id"] for message in await person.messages(1002)]
    assert ids == [1, 2]
    assert await person.messages(1001) == []


async def test_the_bot_cannot_write_first(bot: Bot, person: Person) -> None:
    await person.ask("POST", "groups", 201, json={"title": "Friends"})
    with pytest.raises(TelegramForbiddenError, match="bot can't initiate conversation"):
        await bot.send_message(1001, "hi")


async def test_in_a_group_the_bot_sees_commands_and_replies_only(
    bot: Bot, person: Person, drain: Drain
) -> None:
    group = await person.ask("POST", "groups", 201, json={"title": "Friends"})
    joined, service = await drain(bot)
    assert joined.my_chat_member.new_chat_member.status == "member"
    assert service.message.new_chat_members[0].id == bot.id
    path = f"groups/{group['id']}/text"
    mine, others = "/start@neurophoto_sandbox_bot", "/start@other_bot"
    for text in ("just talking", "/start", mine, others, "@neurophoto_sandbox_bot hello"):
        await person.ask("POST", path, json={"user": 1001, "text": text})
    (seen,) = await drain(bot)
    assert seen.message.text == mine
    assert seen.message.chat.type == "supergroup"
    answer = await bot.send_message(group["id"], "In private chats only.")
    await person.ask(
        "POST", path, json={"user": 1001, "text": "why?", "reply_to": answer.message_id}
    )
    await person.ask("POST", path, json={"user": 1001, "text": "/start"})
    about = {"user": 1001, "text": "so do I", "reply_to": seen.message.message_id}
    await person.ask("POST", path, json=about)
    reply, command, about_mine = await drain(bot)
    assert reply.message.reply_to_message.text == "In private chats only."
    assert command.message.text == "/start"
    assert about_mine.message.reply_to_message.text == mine
    shown = await person.ask("GET", f"groups/{group['id']}/messages")
    assert len(shown["messages"]) == 10


async def test_commands_resolve_by_scope_and_language(bot: Bot, chat: int, person: Person) -> None:
    async def seen() -> list[str]:
        answer = await person.ask("GET", f"chats/{chat}/commands")
        return [command["description"] for command in answer["commands"]]

    async def register(
        description: str, scope: BotCommandScopeUnion | None = None, code: str | None = None
    ) -> None:
        command = BotCommand(command="/start", description=description)
        await bot.set_my_commands([command], scope=scope, language_code=code)

    private = BotCommandScopeAllPrivateChats()
    await register("default")
    await register("default ru", code="ru")
    assert await seen() == ["default"]
    await person.ask("PATCH", f"users/{chat}", json={"language_code": "ru-RU"})
    assert await seen() == ["default ru"]
    await register("private", private)
    assert await seen() == ["private"]
    await register("chat", BotCommandScopeChat(chat_id=chat))
    assert await seen() == ["chat"]
    assert await bot.get_my_commands(scope=private, language_code="ru") == []
    (command,) = await bot.get_my_commands(scope=private)
    assert command.command == "start"
    await bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=chat))
    assert await seen() == ["private"]


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"commands": "{"}, "can't parse commands JSON object"),
        ({"commands": "{}"}, "expected an Array of BotCommand"),
        (
            {"commands": '[{"command": "", "description": "x"}]'},
            "command must be non-empty",
        ),
        (
            {"commands": '[{"command": "Start", "description": "x"}]'},
            "BOT_COMMAND_INVALID",
        ),
        (
            {"commands": '[{"command": "%s", "description": "x"}]' % ("a" * 33)},
            "command length must not exceed 32",
        ),
        (
            {"commands": '[{"command": "a", "description": "%s"}]' % ("x" * 257)},
            "command description length must not exceed 256",
        ),
        ({"commands": "[]", "language_code": "english"}, "invalid language code specified"),
        (
            {"commands": "[]", "scope": '{"type": "chat", "chat_id": 77}'},
            "chat not found",
        ),
    ],
)
async def test_bad_commands_are_refused(raw: RawApi, params: dict[str, str], refusal: str) -> None:
    assert await raw.refusal("setMyCommands", **params) == f"Bad Request: {refusal}"


async def test_profile_texts_fall_back_to_the_common_language(bot: Bot, raw: RawApi) -> None:
    await bot.set_my_description("Common")
    await bot.set_my_description("По-русски", language_code="ru")
    await bot.set_my_short_description("Short")
    await bot.set_my_name("Photo")
    assert (await bot.get_my_description(language_code="ru")).description == "По-русски"
    assert (await bot.get_my_description(language_code="de")).description == "Common"
    assert (await bot.get_my_short_description()).short_description == "Short"
    assert (await bot.get_my_name()).name == "Photo"
    assert (await bot.get_me()).first_name == "Photo"
    await raw.refusal("setMyName", name="x" * 65)


async def test_chat_actions_are_checked(bot: Bot, raw: RawApi, chat: int) -> None:
    assert await bot.send_chat_action(chat, "upload_photo") is True
    said = await raw.refusal("sendChatAction", chat_id=chat, action="dancing")
    assert said == "Bad Request: wrong parameter action in request"
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_chat_action(555, "typing")


async def test_pretended_people_have_no_profile_photos(bot: Bot, raw: RawApi, chat: int) -> None:
    assert (await bot.get_user_profile_photos(chat)).total_count == 0
    assert await raw.refusal("getUserProfilePhotos", user_id=5) == "Bad Request: user not found"
