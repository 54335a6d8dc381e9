"""Inline mode: what the bot is asked, and what it may offer."""

import io

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramServerError
from aiogram.types import (
    BufferedInputFile,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InlineQueryResultsButton,
    InlineQueryResultUnion,
    InputTextMessageContent,
)
from PIL import Image

from tests.sandbox.telegram.clients import USER, Drain, Json, Person

BUTTON = InlineQueryResultsButton(text="None", start_parameter="favourites")


async def switch_on(person: Person) -> None:
    await person.ask("PUT", "telegram/scenario", json={"inline": True})


async def asked(person: Person, **body: str) -> str:
    return str((await person.ask("POST", f"chats/{USER}/inline", 201, json=body))["id"])


async def offered(person: Person, query_id: str) -> Json:
    return await person.ask("GET", f"inline/{query_id}")


async def a_photo(bot: Bot, chat: int) -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(buffer, "JPEG")
    message = await bot.send_photo(chat, BufferedInputFile(buffer.getvalue(), "a.jpg"))
    assert message.photo is not None
    return message.photo[-1].file_id


async def test_nobody_asks_where_it_is_off(bot: Bot, person: Person) -> None:
    assert (await bot.get_me()).supports_inline_queries is False
    await person.ask("POST", f"chats/{USER}/inline", 409, json={})
    await switch_on(person)
    assert (await bot.get_me()).supports_inline_queries is True


async def test_what_is_offered_is_seen(bot: Bot, chat: int, person: Person, drain: Drain) -> None:
    await switch_on(person)
    photo = await a_photo(bot, chat)
    query_id = await asked(person, query="sea", offset="5")
    (update,) = [one for one in await drain(bot) if one.inline_query is not None]
    assert (update.inline_query.id, update.inline_query.query) == (query_id, "sea")
    assert update.inline_query.offset == "5"
    assert not (await offered(person, query_id))["answered"]
    result = InlineQueryResultCachedPhoto(id="1", photo_file_id=photo)
    await bot.answer_inline_query(
        query_id, [result], cache_time=0, is_personal=True, next_offset="6", button=BUTTON
    )
    answer = await offered(person, query_id)
    assert [one["photo_file_id"] for one in answer["results"]] == [photo]
    assert (answer["next_offset"], answer["is_personal"], answer["cache_time"]) == ("6", True, 0)
    assert answer["button"]["start_parameter"] == "favourites"
    await person.ask("GET", "inline/other", 404)


async def test_what_is_no_answer_is_refused(bot: Bot, chat: int, person: Person) -> None:
    await switch_on(person)
    photo = await a_photo(bot, chat)
    query_id = await asked(person)
    text = InputTextMessageContent(message_text="x")
    article = InlineQueryResultArticle(id="1", title="x", input_message_content=text)
    one = InlineQueryResultCachedPhoto(id="1", photo_file_id=photo)
    unknown = InlineQueryResultCachedPhoto(id="1", photo_file_id="unknown")
    many = [
        InlineQueryResultCachedPhoto(id=str(number), photo_file_id=photo) for number in range(51)
    ]
    refused: list[list[InlineQueryResultUnion]] = [[one, one], [unknown], [*many]]
    for results in refused:
        with pytest.raises(TelegramBadRequest):
            await bot.answer_inline_query(query_id, results)
    with pytest.raises(TelegramServerError, match="does not imitate"):
        await bot.answer_inline_query(query_id, [article])
    wrong = InlineQueryResultsButton(text="x", start_parameter="two words")
    with pytest.raises(TelegramBadRequest, match="START_PARAM_INVALID"):
        await bot.answer_inline_query(query_id, [], button=wrong)
    with pytest.raises(TelegramBadRequest, match="NEXT_OFFSET_INVALID"):
        await bot.answer_inline_query(query_id, [], next_offset="x" * 65)
    await person.ask("POST", "time", json={"advance_s": 31})
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_inline_query(query_id, [])
