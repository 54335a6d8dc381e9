"""Edits, deletions, pins and reactions."""

from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
    ReactionTypeEmoji,
)

from tests.sandbox.telegram.clients import Person, Picture, RawApi

KEYBOARD = InlineKeyboardMarkup(
    inline_keyboard=[[InlineKeyboardButton(text="Cancel", callback_data="cancel")]]
)


def edited(result: object) -> Message:
    assert isinstance(result, Message)
    return result


async def test_an_edit_without_a_keyboard_drops_it(bot: Bot, chat: int, person: Person) -> None:
    message = await bot.send_message(chat, "1", reply_markup=KEYBOARD)
    place: dict[str, Any] = {"chat_id": chat, "message_id": message.message_id}
    kept = edited(await bot.edit_message_text("2", reply_markup=KEYBOARD, **place))
    assert kept.reply_markup is not None
    dropped = edited(await bot.edit_message_text("3", **place))
    assert dropped.reply_markup is None
    assert dropped.edit_date is not None
    assert "reply_markup" not in (await person.messages())[-1]


async def test_the_same_content_is_not_modified(bot: Bot, chat: int) -> None:
    message = await bot.send_message(chat, "<b>x</b>", parse_mode="HTML", reply_markup=KEYBOARD)
    place: dict[str, Any] = {
        "chat_id": chat,
        "message_id": message.message_id,
        "parse_mode": "HTML",
    }
    with pytest.raises(TelegramBadRequest, match="message is not modified: specified new message"):
        await bot.edit_message_text("<b>x</b> ", reply_markup=KEYBOARD, **place)
    await bot.edit_message_text("<i>x</i>", reply_markup=KEYBOARD, **place)
    await bot.edit_message_text("<i>x</i>", **place)
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_reply_markup(chat_id=chat, message_id=message.message_id)


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("editMessageText", {"text": "x"}),
        ("editMessageCaption", {"caption": "x"}),
        ("editMessageReplyMarkup", {}),
    ],
)
async def test_a_message_that_is_gone_is_not_found(
    raw: RawApi, chat: int, method: str, params: dict[str, str]
) -> None:
    said = await raw.refusal(method, chat_id=chat, message_id=12345, **params)
    assert said == "Bad Request: message to edit not found"


async def test_texts_and_captions_are_edited_by_their_own_methods(
    bot: Bot, raw: RawApi, chat: int, picture: Picture
) -> None:
    text = await bot.send_message(chat, "x")
    photo = await bot.send_photo(chat, BufferedInputFile(picture(), "a.jpg"), caption="1")
    place: dict[str, Any] = {"chat_id": chat, "message_id": photo.message_id}
    said = await raw.refusal("editMessageText", text="y", **place)
    assert said == "Bad Request: there is no text in the message to edit"
    said = await raw.refusal(
        "editMessageCaption", chat_id=chat, message_id=text.message_id, caption="y"
    )
    assert said == "Bad Request: there is no caption in the message to edit"
    changed = edited(await bot.edit_message_caption(caption="2", **place))
    assert (changed.caption, len(changed.photo or [])) == ("2", 3)
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_caption(caption="2", **place)


async def test_media_replaces_media_and_text(bot: Bot, chat: int, picture: Picture) -> None:
    message = await bot.send_message(chat, "x")
    place: dict[str, Any] = {"chat_id": chat, "message_id": message.message_id}
    media = InputMediaPhoto(media=BufferedInputFile(picture(), "a.jpg"), caption="c")
    shown = edited(await bot.edit_message_media(media, **place))
    assert (shown.text, shown.caption) == (None, "c")
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_media(media, **place)
    other = InputMediaPhoto(media=BufferedInputFile(picture(color="red"), "a.jpg"))
    assert edited(await bot.edit_message_media(other, **place)).caption is None


async def test_a_persons_message_cannot_be_edited_by_the_bot(
    raw: RawApi, chat: int, person: Person
) -> None:
    message = await person.write("mine")
    said = await raw.refusal(
        "editMessageText", chat_id=chat, message_id=message["message_id"], text="yours"
    )
    assert said == "Bad Request: message can't be edited"


async def test_an_edit_needs_an_identifier(raw: RawApi) -> None:
    said = await raw.refusal("editMessageText", text="x")
    assert said == "Bad Request: message identifier is not specified"


async def test_deleting_twice_is_not_found(
    bot: Bot, raw: RawApi, chat: int, person: Person
) -> None:
    message = await bot.send_message(chat, "x")
    assert await bot.delete_message(chat, message.message_id) is True
    assert len(await person.messages()) == 1
    said = await raw.refusal("deleteMessage", chat_id=chat, message_id=message.message_id)
    assert said == "Bad Request: message to delete not found"


async def test_the_bot_deletes_a_persons_message_but_nothing_after_48_hours(
    bot: Bot, raw: RawApi, chat: int, person: Person
) -> None:
    theirs = await person.write("hello")
    assert await bot.delete_message(chat, theirs["message_id"]) is True
    own = await bot.send_message(chat, "x")
    await person.later(48 * 3600 + 5)
    said = await raw.refusal("deleteMessage", chat_id=chat, message_id=own.message_id)
    assert said == "Bad Request: message can't be deleted for everyone"
    await bot.edit_message_text("still editable", chat_id=chat, message_id=own.message_id)


async def test_delete_messages_skips_what_is_gone(bot: Bot, raw: RawApi, chat: int) -> None:
    message = await bot.send_message(chat, "x")
    assert await bot.delete_messages(chat, [message.message_id, 4444]) is True
    said = await raw.refusal("deleteMessages", chat_id=chat, message_ids="[" + "1," * 100 + "1]")
    assert said == "Bad Request: too many message identifiers specified"


async def test_the_edited_message_has_no_reply(bot: Bot, chat: int, person: Person) -> None:
    theirs = await person.write("question")
    answer = await bot.send_message(chat, "answer", reply_to_message_id=theirs["message_id"])
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.text == "question"
    changed = await bot.edit_message_text("other", chat_id=chat, message_id=answer.message_id)
    assert edited(changed).reply_to_message is None


async def test_a_reply_to_nothing_is_refused_unless_allowed(
    bot: Bot, raw: RawApi, chat: int
) -> None:
    said = await raw.refusal(
        "sendMessage", chat_id=chat, text="x", reply_parameters='{"message_id": 999}'
    )
    assert said == "Bad Request: message to be replied not found"
    sent = await bot.send_message(
        chat, "x", reply_to_message_id=999, allow_sending_without_reply=True
    )
    assert sent.reply_to_message is None


async def test_copies_and_forwards(bot: Bot, raw: RawApi, chat: int, picture: Picture) -> None:
    photo = await bot.send_photo(chat, BufferedInputFile(picture(), "a.jpg"), caption="1")
    await bot.copy_message(chat, chat, photo.message_id, caption="2")
    forwarded = await bot.forward_message(chat, chat, photo.message_id)
    assert forwarded.forward_origin is not None
    assert forwarded.caption == "1"
    said = await raw.refusal("copyMessage", chat_id=chat, from_chat_id=chat, message_id=999)
    assert said == "Bad Request: message to copy not found"
    secret = await bot.send_message(chat, "x", protect_content=True)
    with pytest.raises(TelegramBadRequest, match="protected content"):
        await bot.forward_message(chat, chat, secret.message_id)


async def test_pins_and_reactions(bot: Bot, chat: int, person: Person) -> None:
    message = await bot.send_message(chat, "x")
    await bot.pin_chat_message(chat, message.message_id)
    full = await bot.get_chat(chat)
    assert full.pinned_message is not None
    await bot.unpin_chat_message(chat)
    with pytest.raises(TelegramBadRequest, match="message to unpin not found"):
        await bot.unpin_chat_message(chat)
    theirs = await person.write("nice")
    await bot.set_message_reaction(chat, theirs["message_id"], [ReactionTypeEmoji(emoji="👍")])
    assert (await person.messages())[-1]["reactions"][0]["emoji"] == "👍"
