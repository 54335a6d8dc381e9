"""Prepared messages: what the bot may prepare, and what their person does with them."""

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramServerError
from aiogram.types import (
    BufferedInputFile,
    InlineQueryResultArticle,
    InlineQueryResultCachedDocument,
    InlineQueryResultCachedPhoto,
    InputTextMessageContent,
)

from tests.sandbox.telegram.clients import Person
from tests.sandbox.telegram.test_telegram_inline import a_photo


async def test_its_person_sends_it_while_it_lasts(bot: Bot, chat: int, person: Person) -> None:
    photo = InlineQueryResultCachedPhoto(id="1", photo_file_id=await a_photo(bot, chat))
    made = await bot.save_prepared_inline_message(
        chat, photo, allow_user_chats=True, allow_group_chats=True
    )
    path = f"chats/{chat}/prepared/{made.id}"
    shown = await person.ask("GET", path)
    assert shown["result"]["photo_file_id"] == photo.photo_file_id
    assert (shown["chats"], shown["shared_with"]) == (["user", "group"], [])
    shared = await person.ask("POST", path, 201, json={"with": "Nina"})
    assert shared["shared_with"] == ["Nina"]
    await person.ask("GET", f"chats/{chat}/prepared/none", 404)
    await person.ask("POST", "users", 201, json={"id": 1900, "first_name": "Else"})
    await person.ask("GET", f"chats/1900/prepared/{made.id}", 404)
    await person.ask("POST", "time", json={"advance_s": 25 * 3600})
    await person.ask("POST", path, 410, json={"with": "Nina"})


async def test_a_file_has_a_title(bot: Bot, chat: int) -> None:
    sent = await bot.send_document(chat, BufferedInputFile(b"abc", "a.bin"))
    assert sent.document is not None
    for title, is_taken in (("A", True), ("", False)):
        one = InlineQueryResultCachedDocument(
            id="1", title=title, document_file_id=sent.document.file_id
        )
        if is_taken:
            assert await bot.save_prepared_inline_message(chat, one, allow_user_chats=True)
            continue
        with pytest.raises(TelegramBadRequest, match="title"):
            await bot.save_prepared_inline_message(chat, one, allow_user_chats=True)


async def test_what_telegram_would_refuse_is_refused(bot: Bot, chat: int) -> None:
    photo = InlineQueryResultCachedPhoto(id="1", photo_file_id=await a_photo(bot, chat))
    with pytest.raises(TelegramBadRequest, match="at least one chat type"):
        await bot.save_prepared_inline_message(chat, photo)
    with pytest.raises(TelegramBadRequest, match="USER_ID_INVALID"):
        await bot.save_prepared_inline_message(77, photo, allow_user_chats=True)
    for odd, words in (
        (photo.model_copy(update={"id": "x" * 65}), "RESULT_ID_INVALID"),
        (photo.model_copy(update={"photo_file_id": "none"}), "file"),
    ):
        with pytest.raises(TelegramBadRequest, match=words):
            await bot.save_prepared_inline_message(chat, odd, allow_user_chats=True)
    text = InputTextMessageContent(message_text="a")
    article = InlineQueryResultArticle(id="1", title="A", input_message_content=text)
    with pytest.raises(TelegramServerError):
        await bot.save_prepared_inline_message(chat, article, allow_user_chats=True)
