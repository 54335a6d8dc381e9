"""The one gate that every message to Telegram passes.

Telegram allows about 30 messages a second in all and about one a second in one chat, edits
counted, with short bursts above that; its developers speak of some 20 edits a minute in a chat.
In a group it allows 20 messages a minute (https://core.telegram.org/bots/faq).
The exact algorithm is not public, so a refusal is still waited out (`PatientRequests`).
"""

import asyncio
import heapq
import itertools
import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from enum import IntEnum

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


class Rank(IntEnum):
    """What leaves first when more wants to leave than may."""

    ANSWER = 0
    LATE_ANSWER = 1
    BACKGROUND = 2


BRIEF_S = 2.0
"""The longest wait that a delivery sits out: it holds a place that others wait for."""

_rank: ContextVar[Rank] = ContextVar("rank", default=Rank.ANSWER)


_is_brief: ContextVar[bool] = ContextVar("is_brief", default=False)


class ChatClosed(TelegramRetryAfter):
    """A chat takes nothing for so long that nothing was sent at all."""


class StaleEdit(Exception):
    """A background edit had to wait so long that what it says may no longer be true."""


@contextmanager
def background() -> Iterator[None]:
    """Mark the requests made in this block as ones that answers may overtake."""
    with _ranked(Rank.BACKGROUND):
        yield


@contextmanager
def late(*, is_so: bool = True) -> Iterator[None]:
    """Mark the requests made in this block as answers to somebody who has waited for long.

    Answers to people who have just written overtake them.
    """
    with _ranked(Rank.LATE_ANSWER if is_so else Rank.ANSWER):
        yield


@contextmanager
def brief() -> Iterator[None]:
    """Have the requests made in this block wait for their chat for `BRIEF_S` at most.

    What would have to wait for longer raises `TelegramRetryAfter`: the caller comes back.
    """
    token = _is_brief.set(True)
    try:
        yield
    finally:
        _is_brief.reset(token)


def is_too_long(wait_s: float) -> bool:
    """Return whether whoever makes a request comes back rather than wait for so long."""
    return _is_brief.get() and wait_s > BRIEF_S


@contextmanager
def _ranked(rank: Rank) -> Iterator[None]:
    token = _rank.set(rank)
    try:
        yield
    finally:
        _rank.reset(token)


@dataclass(frozen=True)
class Rates:
    """How much may be sent.

    A chat may get `chat_burst` messages at once and `chat_per_s` more each second. Background
    edits leave the last `reserve` of the burst to answers and stay below `edits_per_min`. A group
    gets no more than `group_per_min` in any minute, bursts and all.
    """

    overall_per_s: float = 30.0
    chat_burst: int = 20
    chat_per_s: float = 1.0
    edits_per_min: int = 20
    group_per_min: int = 20
    reserve: int = 5
    stale_after_s: float = 2.0


@dataclass
class _Chat:
    """What may still leave for one chat, and until when Telegram wants nothing."""

    tokens: float
    counted_at: float
    is_group: bool = False
    sent: deque[float] = field(default_factory=deque)
    edits: deque[float] = field(default_factory=deque)
    closed_until: float = 0.0


@dataclass(order=True)
class _Waiting:
    """A request that its chat allows, and that waits for its turn among all."""

    rank: Rank
    number: int
    cost: int = field(compare=False)
    turn: asyncio.Future[None] = field(compare=False)


class OutgoingLimiter(BaseRequestMiddleware):
    """Delays messages so that Telegram has no reason to refuse them.

    A request waits for its own chat first and takes no place in the common line meanwhile.
    """

    def __init__(
        self, rates: Rates | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rates = rates or Rates()
        self._clock = clock
        self._overall: deque[float] = deque()
        self._line: list[_Waiting] = []
        self._numbers = itertools.count()
        self._alarm: asyncio.TimerHandle | None = None
        self._chats: dict[int | str, _Chat] = {}

    def allow(self, overall_per_s: float) -> None:
        """Have so many messages a second leave from now on: a replica's share of them all."""
        self._rates = replace(self._rates, overall_per_s=overall_per_s)

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Send a request when it is its turn.

        Raises:
            StaleEdit: A background edit waited too long and was not sent.
            ChatClosed: A brief request would have to wait too long and was not sent.
        """
        chat_id = getattr(method, "chat_id", None)
        if chat_id is None or type(method) not in COUNTED:
            return await make_request(bot, method)
        cost = len(method.media) if isinstance(method, SendMediaGroup) else 1
        wait_s = self._chat_wait_s(self._chat(chat_id), _rank.get(), cost)
        if is_too_long(wait_s):
            raise ChatClosed(method, "the chat takes nothing now", math.ceil(wait_s))
        await self._turn(chat_id, cost)
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter as error:
            self._chat(chat_id).closed_until = self._clock() + error.retry_after
            raise

    async def _turn(self, chat_id: int | str, cost: int) -> None:
        chat = self._chat(chat_id)
        rank = _rank.get()
        stale_at = self._clock() + self._rates.stale_after_s
        while (wait_s := self._chat_wait_s(chat, rank, cost)) > 0:
            if rank is Rank.BACKGROUND and self._clock() + wait_s > stale_at:
                raise StaleEdit
            await asyncio.sleep(wait_s)
        chat.tokens -= cost
        if chat.is_group:
            chat.sent.extend([self._clock()] * cost)
        if rank is not Rank.BACKGROUND:
            await self._common_turn(rank, cost)
            return
        chat.edits.append(self._clock())
        try:
            async with asyncio.timeout(stale_at - self._clock()):
                await self._common_turn(rank, cost)
        except TimeoutError:
            chat.tokens += cost
            chat.edits.pop()
            raise StaleEdit from None

    async def _common_turn(self, rank: Rank, cost: int) -> None:
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._line, _Waiting(rank, next(self._numbers), cost, turn))
        self._let_go()
        await turn

    def _let_go(self) -> None:
        """Let requests leave as far as the overall rate allows, and come back for the others."""
        while self._line and (self._line[0].turn.done() or self._overall_wait_s() <= 0):
            first = heapq.heappop(self._line)
            if not first.turn.done():
                self._overall.extend([self._clock()] * first.cost)
                first.turn.set_result(None)
        if self._line and self._alarm is None:
            loop = asyncio.get_running_loop()
            self._alarm = loop.call_later(self._overall_wait_s(), self._come_back)

    def _come_back(self) -> None:
        self._alarm = None
        self._let_go()

    def _overall_wait_s(self) -> float:
        # A rate that is no whole number, or below one, is kept over more than a second.
        now, most = self._clock(), max(1, int(self._rates.overall_per_s))
        span_s = most / self._rates.overall_per_s
        _forget_before(self._overall, now - span_s)
        return self._overall[-most] + span_s - now if len(self._overall) >= most else 0.0

    def _chat_wait_s(self, chat: _Chat, rank: Rank, cost: int) -> float:
        """Return the seconds until a chat may take a message; 0 when it may now."""
        rates, now = self._rates, self._clock()
        chat.tokens = min(
            rates.chat_burst, chat.tokens + (now - chat.counted_at) * rates.chat_per_s
        )
        chat.counted_at = now
        _forget_before(chat.edits, now - 60)
        _forget_before(chat.sent, now - 60)
        waits = [0.0, chat.closed_until - now]
        needed = 1 + (rates.reserve if rank is Rank.BACKGROUND else 0)
        if chat.tokens < needed:
            waits.append((needed - chat.tokens) / rates.chat_per_s)
        if rank is Rank.BACKGROUND and len(chat.edits) >= rates.edits_per_min:
            waits.append(chat.edits[-rates.edits_per_min] + 60 - now)
        if (above := len(chat.sent) + cost - rates.group_per_min) > 0 and chat.sent:
            waits.append(chat.sent[min(above, len(chat.sent)) - 1] + 60 - now)
        return max(waits)

    def _chat(self, chat_id: int | str) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            if len(self._chats) >= CHATS_REMEMBERED:
                self._forget_quiet_chats()
            chat = _Chat(
                tokens=self._rates.chat_burst,
                counted_at=self._clock(),
                # Telegram's ids of groups and channels are below zero.
                is_group=isinstance(chat_id, int) and chat_id < 0,
            )
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
