"""The one gate that every message to Telegram passes.

Telegram allows about 30 messages a second in all and about one a second in one chat, edits
counted, with short bursts above that; its developers speak of some 20 edits a minute in a chat.
The exact algorithm is not public, so a refusal is still waited out
(`handlers.telegram.middlewares`).
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import TelegramRetryAfter
from aiogram.methods import (
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    Response,
    SendDocument,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
    TelegramMethod,
)
from aiogram.methods.base import TelegramType

COUNTED = (
    SendMessage,
    SendPhoto,
    SendDocument,
    SendMediaGroup,
    EditMessageText,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
)
"""Methods that count; answers to button presses and chat actions do not."""

CHATS_REMEMBERED = 10_000

_in_background: ContextVar[bool] = ContextVar("in_background", default=False)


class StaleEdit(Exception):
    """A background edit had to wait so long that what it says may no longer be true."""


@contextmanager
def background() -> Iterator[None]:
    """Mark the requests made in this block as ones that answers may overtake."""
    token = _in_background.set(True)
    try:
        yield
    finally:
        _in_background.reset(token)


@dataclass(frozen=True)
class Rates:
    """How much may be sent.

    A chat may get `chat_burst` messages at once and `chat_per_s` more each second. Background
    edits leave the last `reserve` of the burst to answers and stay below `edits_per_min`.
    """

    overall_per_s: int = 30
    chat_burst: int = 20
    chat_per_s: float = 1.0
    edits_per_min: int = 20
    reserve: int = 5
    stale_after_s: float = 2.0


@dataclass
class _Chat:
    """What may still leave for one chat, and until when Telegram wants nothing."""

    tokens: float
    counted_at: float
    edits: deque[float] = field(default_factory=deque)
    closed_until: float = 0.0


class OutgoingLimiter(BaseRequestMiddleware):
    """Delays messages so that Telegram has no reason to refuse them."""

    def __init__(
        self, rates: Rates | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rates = rates or Rates()
        self._clock = clock
        self._overall: deque[float] = deque()
        self._chats: dict[int | str, _Chat] = {}

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Send a request when it is its turn.

        Raises:
            StaleEdit: A background edit waited too long and was not sent.
        """
        chat_id = getattr(method, "chat_id", None)
        if chat_id is None or type(method) not in COUNTED:
            return await make_request(bot, method)
        cost = len(method.media) if isinstance(method, SendMediaGroup) else 1
        await self._turn(chat_id, cost)
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as error:
            self._chat(chat_id).closed_until = self._clock() + error.retry_after
            raise

    async def _turn(self, chat_id: int | str, cost: int) -> None:
        chat = self._chat(chat_id)
        is_background = _in_background.get()
        began = self._clock()
        while (wait_s := self._wait_s(chat, is_background=is_background)) > 0:
            if is_background and self._clock() + wait_s - began > self._rates.stale_after_s:
                raise StaleEdit
            await asyncio.sleep(wait_s)
        now = self._clock()
        chat.tokens -= cost
        self._overall.extend([now] * cost)
        if is_background:
            chat.edits.append(now)

    def _wait_s(self, chat: _Chat, *, is_background: bool) -> float:
        """Give the seconds until a message may be tried; 0 when it may leave now."""
        rates, now = self._rates, self._clock()
        chat.tokens = min(
            rates.chat_burst, chat.tokens + (now - chat.counted_at) * rates.chat_per_s
        )
        chat.counted_at = now
        _forget_before(chat.edits, now - 60)
        _forget_before(self._overall, now - 1)
        waits = [0.0, chat.closed_until - now]
        needed = 1 + (rates.reserve if is_background else 0)
        if chat.tokens < needed:
            waits.append((needed - chat.tokens) / rates.chat_per_s)
        if len(self._overall) >= rates.overall_per_s:
            waits.append(self._overall[-rates.overall_per_s] + 1 - now)
        if is_background and len(chat.edits) >= rates.edits_per_min:
            waits.append(chat.edits[-rates.edits_per_min] + 60 - now)
        return max(waits)

    def _chat(self, chat_id: int | str) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            if len(self._chats) >= CHATS_REMEMBERED:
                self._forget_quiet_chats()
            chat = _Chat(tokens=self._rates.chat_burst, counted_at=self._clock())
            self._chats[chat_id] = chat
        return chat

    def _forget_quiet_chats(self) -> None:
        now = self._clock()
        for chat_id, chat in list(self._chats.items()):
            if max(chat.counted_at + 60, chat.closed_until) < now:
                del self._chats[chat_id]


def _forget_before(times: deque[float], moment: float) -> None:
    while times and times[0] <= moment:
        times.popleft()
