"""The gate that every message passes, with a real aiogram method and a counted clock."""

import asyncio
import time
from typing import Any

import pytest
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageMedia,
    EditMessageText,
    SendChatAction,
    SendMediaGroup,
    SendMessage,
    TelegramMethod,
)
from aiogram.types import InputMediaPhoto

from handlers.telegram.limiter import (
    ChatClosed,
    OutgoingLimiter,
    Rates,
    StaleEdit,
    background,
    brief,
)


class Line:
    """Stands where the network is: remembers when each request left."""

    def __init__(self, refusals: list[TelegramRetryAfter] | None = None) -> None:
        self.left: list[tuple[float, TelegramMethod[Any]]] = []
        self._refusals = refusals or []

    async def __call__(self, _bot: object, method: TelegramMethod[Any]) -> None:
        if self._refusals:
            raise self._refusals.pop()
        self.left.append((time.monotonic(), method))


def message(chat_id: int = 1) -> SendMessage:
    return SendMessage(chat_id=chat_id, text="a")


def edit(chat_id: int = 1) -> EditMessageText:
    return EditMessageText(chat_id=chat_id, message_id=1, text="a")


async def send(limiter: OutgoingLimiter, line: Line, method: TelegramMethod[Any]) -> None:
    await limiter(line, None, method)  # type: ignore[arg-type]


async def test_a_burst_leaves_at_once_and_the_rest_at_the_rate_of_the_chat() -> None:
    limiter, line = OutgoingLimiter(Rates(chat_burst=3, chat_per_s=0.001)), Line()
    async with asyncio.timeout(30):
        await asyncio.gather(*(send(limiter, line, message()) for _ in range(3)))
    limiter, line = OutgoingLimiter(Rates(chat_burst=3, chat_per_s=20)), Line()
    began = time.monotonic()
    await asyncio.gather(*(send(limiter, line, message()) for _ in range(7)))
    assert len(line.left) == 7
    assert line.left[6][0] - began >= 4 / 20


async def test_other_chats_do_not_wait_for_a_busy_one() -> None:
    limiter, line = OutgoingLimiter(Rates(chat_burst=1, chat_per_s=0.01)), Line()
    await send(limiter, line, message(chat_id=1))
    async with asyncio.timeout(30):
        await send(limiter, line, message(chat_id=2))
    assert len(line.left) == 2


async def test_all_chats_together_stay_below_the_overall_rate() -> None:
    limiter, line = OutgoingLimiter(Rates(overall_per_s=10)), Line()
    began = time.monotonic()
    await asyncio.gather(*(send(limiter, line, message(chat_id)) for chat_id in range(12)))
    assert line.left[-1][0] - began >= 0.95


async def test_an_album_counts_as_many_messages() -> None:
    limiter, line = OutgoingLimiter(Rates(chat_burst=3, chat_per_s=10)), Line()
    album = SendMediaGroup(chat_id=1, media=[InputMediaPhoto(media="a")] * 3)
    began = time.monotonic()
    await send(limiter, line, album)
    await send(limiter, line, message())
    assert line.left[-1][0] - began >= 0.09


async def test_an_edited_picture_counts_as_one_message() -> None:
    limiter, line = OutgoingLimiter(Rates(chat_burst=2, chat_per_s=0.001)), Line()
    picture = EditMessageMedia(chat_id=1, message_id=1, media=InputMediaPhoto(media="a"))
    async with asyncio.timeout(30):
        await send(limiter, line, picture)
        await send(limiter, line, message())
    assert len(line.left) == 2


@pytest.mark.parametrize(
    "method",
    [
        AnswerCallbackQuery(callback_query_id="1"),
        SendChatAction(chat_id=1, action="typing"),
    ],
)
async def test_answers_to_presses_and_chat_actions_never_wait(method: TelegramMethod[Any]) -> None:
    limiter, line = OutgoingLimiter(Rates(chat_burst=1, chat_per_s=0.001)), Line()
    await send(limiter, line, message())
    async with asyncio.timeout(30):
        await send(limiter, line, method)
    assert len(line.left) == 2


async def test_background_edits_leave_room_for_answers_and_are_dropped_when_stale() -> None:
    rates = Rates(chat_burst=4, chat_per_s=0.01, reserve=2, stale_after_s=0.1)
    limiter, line = OutgoingLimiter(rates), Line()
    with background():
        await send(limiter, line, edit())
        await send(limiter, line, edit())
        with pytest.raises(StaleEdit):
            await send(limiter, line, edit())
    async with asyncio.timeout(30):
        await send(limiter, line, message())
    assert [type(method) for _, method in line.left] == [
        EditMessageText,
        EditMessageText,
        SendMessage,
    ]


async def test_background_edits_stay_below_their_rate_of_a_minute() -> None:
    rates = Rates(chat_burst=100, reserve=0, edits_per_min=2, stale_after_s=0.1)
    limiter, line = OutgoingLimiter(rates), Line()
    with background():
        await send(limiter, line, edit())
        await send(limiter, line, edit())
        with pytest.raises(StaleEdit):
            await send(limiter, line, edit())
    assert len(line.left) == 2


async def test_a_group_gets_no_more_than_twenty_messages_in_any_minute() -> None:
    now_s = [0.0]
    limiter, line = OutgoingLimiter(Rates(chat_burst=100), clock=lambda: now_s[0]), Line()
    album = SendMediaGroup(chat_id=-1, media=[InputMediaPhoto(media="a")] * 4)
    with brief():
        for now_s[0] in range(18):
            await send(limiter, line, message(-1))
        with pytest.raises(ChatClosed) as refused:
            await send(limiter, line, album)
        assert refused.value.retry_after == 1 + 60 - 17
        for _ in range(2):
            await send(limiter, line, message(-1))
        with pytest.raises(ChatClosed):
            await send(limiter, line, message(-1))
        # Other chats go on.
        await send(limiter, line, message(1))
        await send(limiter, line, message(-2))
        now_s[0] = 61.0
        await send(limiter, line, message(-1))
    assert len(line.left) == 23


async def test_a_refusal_closes_the_chat_until_telegram_allows_it_again() -> None:
    refusal = TelegramRetryAfter(method=message(), message="slow", retry_after=1)
    limiter, line = OutgoingLimiter(), Line([refusal])
    began = time.monotonic()
    with pytest.raises(TelegramRetryAfter):
        await send(limiter, line, message())
    await send(limiter, line, message())
    assert line.left[0][0] - began >= 0.95
