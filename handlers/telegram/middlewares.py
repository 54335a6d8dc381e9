"""What every update passes on its way in, and every request on its way out."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from aiogram import BaseMiddleware, Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.dispatcher.middlewares.user_context import EVENT_CONTEXT_KEY, EventContext
from aiogram.enums import ChatMemberStatus
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.fsm.storage.base import StorageKey
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import TelegramObject, Update, User

from handlers.telegram.dialogue import UpdateStorage, row_key
from handlers.telegram.limiter import is_too_long
from services.domain.trouble import DatabaseUnavailable
from services.domain.values import SentMessage
from services.health import Health
from services.users.access import Access
from services.users.service import Farewell, UserService, language_of
from texts.reader import Texts

logger = logging.getLogger(__name__)

LONGEST_WAIT_S = 60
"""A longer wait is not sat out inside a call; what matters is tried again by its carrier."""

WAITS = 3

LONGEST_CALL_S = 150.0
"""How long a call may take in all: waiting for its turn, being refused, and being carried out."""

FAREWELLS = {"/privacy", "/export", "/deletemydata", "/support", "/paysupport"}
FAREWELL_PRESSES = (
    "forget:",
    "export:",
    "contact:",
    "go:back:SupportForm-",
    "go:cancel:SupportForm-",
)
"""The commands and buttons that stay open to who is blocked: their data stays theirs, and the
operator can be written to."""

STUMBLE_S = 1.0
"""How long a 5xx answer is given to pass."""


class UserMiddleware(BaseMiddleware):
    """Gives handlers the user's record, texts and dialogue: `user`, `t` and `state`.

    It stands where aiogram's FSM middleware would: the dialogue is read together with the user,
    and written when the handler has ended, if it has changed. A handler that failed for the
    database changes nothing, as its update is handled again.

    Args:
        users: Where users are met.
        access: Who is let in.
        pays: Whether everybody pays; otherwise admins alone see prices.
    """

    def __init__(self, users: UserService, access: Access, *, pays: bool = False) -> None:
        self._users = users
        self._access = access
        self._pays = pays

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:  # noqa: ANN401  # whatever the handler returns
        """Look the user up, or meet them.

        Raises:
            NotAllowed: The operator does not let them in.
            Blocked: An admin keeps them out.
            NotClaimed: Nobody is let in before the admin has sent the one-time code.
        """
        person: User | None = data.get("event_from_user")
        chat = data.get("event_chat")
        if person is None or person.is_bot:
            # Telegram tells of a refund in a message of the bot's own.
            return await handler(event, data) if _is_refund(event) else None
        if isinstance(event, Update) and event.inline_query is not None:
            # Nobody is met by this: who asks may have nothing to do with the bot.
            data["t"] = Texts(await self._users.language(person.id, person.language_code))
            return await handler(event, data)
        if isinstance(event, Update) and event.subscription is not None:
            # It is told of those, too, who have deleted their data, and they are not met again.
            return await handler(event, data)
        if chat is not None and chat.type != "private":
            data["t"] = Texts(language_of(person.language_code))
            return await handler(event, data)
        if isinstance(event, Update) and _is_leaving(event):
            # What waits for them waits for their return.
            return await handler(event, data)
        is_new_admin = await self._access.admit(person.id, _code_in(event))
        key = _dialogue_key(data)
        user, dialogue = await self._users.meet(
            person.id, person.language_code, row_key(key), farewell_in(event)
        )
        is_payer = self._pays or await self._access.is_admin(person.id)
        storage = UpdateStorage(key, dialogue, self._users)
        data.update(
            user=user,
            t=Texts(user.language, shows_prices=is_payer),
            state=storage.context(),
            raw_state=dialogue.state,
        )
        if is_new_admin and isinstance(event, Update) and event.message is not None:
            await event.message.answer(data["t"]("admin-claimed"))
        try:
            result = await handler(event, data)
        except DatabaseUnavailable:
            raise
        except Exception:
            await storage.keep()
            raise
        await storage.keep()
        return result


def farewell_in(event: TelegramObject) -> Farewell:
    """Return what of an update even who is blocked may say.

    They may ask what is kept of them, have it sent or deleted, and write to the operator. What
    they have paid is no wish at all, and is noted in any case.
    """
    if not isinstance(event, Update):
        return Farewell()
    if event.callback_query is not None:
        press = event.callback_query.data or ""
        return Farewell(is_open_to_all=press.startswith(FAREWELL_PRESSES))
    message = event.message
    if message is None:
        return Farewell()
    if message.successful_payment or message.refunded_payment:
        return Farewell(is_open_to_all=True)
    command = (message.text or "").partition(" ")[0]
    if command.startswith("/"):
        return Farewell(is_open_to_all=command.partition("@")[0] in FAREWELLS)
    answered = message.reply_to_message
    return Farewell(
        is_said=True,
        album=message.media_group_id,
        answers=None if answered is None else SentMessage(answered.chat.id, answered.message_id),
    )


def _dialogue_key(data: dict[str, Any]) -> StorageKey:
    context: EventContext = data[EVENT_CONTEXT_KEY]
    user_id = context.user_id or 0
    return StorageKey(
        bot_id=data["bot"].id,
        chat_id=context.chat_id or user_id,
        user_id=user_id,
        business_connection_id=context.business_connection_id,
    )


def _is_refund(event: TelegramObject) -> bool:
    message = event.message if isinstance(event, Update) else None
    return message is not None and message.refunded_payment is not None


def _is_leaving(update: Update) -> bool:
    change = update.my_chat_member
    return change is not None and change.new_chat_member.status == ChatMemberStatus.KICKED


def _code_in(event: TelegramObject) -> str | None:
    # What a link t.me/<bot>?start=CODE sends, and what may be typed as well.
    message = event.message if isinstance(event, Update) else None
    command, _, code = ((message and message.text) or "").partition(" ")
    return code if command.partition("@")[0] == "/start" and code else None


_longest_call_s: ContextVar[float] = ContextVar("longest_call_s", default=LONGEST_CALL_S)


@contextmanager
def lengthy(longest_s: float) -> Iterator[None]:
    """Let each request made in this block take so long in all: it carries a large file."""
    token = _longest_call_s.set(longest_s)
    try:
        yield
    finally:
        _longest_call_s.reset(token)


_is_impatient: ContextVar[bool] = ContextVar("is_impatient", default=False)


@contextmanager
def impatient() -> Iterator[None]:
    """Have the requests made in this block tried once: the caller knows another way."""
    token = _is_impatient.set(True)
    try:
        yield
    finally:
        _is_impatient.reset(token)


class PatientRequests(BaseRequestMiddleware):
    """Sends again what Telegram refused for the moment."""

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Send a request, and again after a refusal that says it was not carried out.

        A 429 is waited out a few times, a 5xx answer once, the Bot API's own or that of what
        stands before it. A connection that broke is not tried again here: the message may have
        arrived.

        Raises:
            TimeoutError: It took too long in all; whether it was carried out is not known.
        """
        # Polling waits by itself, so that a stop is heard.
        if method.__api_method__ == "getUpdates":
            return await make_request(bot, method)
        async with asyncio.timeout(_longest_call_s.get()):
            return await self._send(make_request, bot, method)

    async def _send(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        may_stumble = True
        may_wait = not _is_impatient.get()
        for _ in range(WAITS if may_wait else 0):
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                if error.retry_after > LONGEST_WAIT_S or is_too_long(error.retry_after):
                    raise
                logger.info("%s waits %s s", type(method).__name__, error.retry_after)
                await asyncio.sleep(error.retry_after)
            except TelegramServerError:
                if not may_stumble:
                    raise
                may_stumble = False
                await asyncio.sleep(STUMBLE_S)
        return await make_request(bot, method)


class TelegramWatch(BaseRequestMiddleware):
    """Notes whether Telegram answers, so that an outage is logged once, and once its end."""

    def __init__(self, health: Health) -> None:
        self._health = health

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Send a request and look at what comes of it."""
        try:
            response = await make_request(bot, method)
        except (AiogramError, TimeoutError) as error:
            if is_no_answer(error):
                self._health.failed(type(error).__name__)
            else:
                self._health.answered()
            raise
        self._health.answered()
        return response


def is_no_answer(error: Exception) -> bool:
    """Return whether Telegram gave no answer, or not the Bot API's; a refusal is an answer."""
    if isinstance(error, ClientDecodeError):
        return not isinstance(error.data, dict)
    return isinstance(error, TelegramNetworkError | TelegramServerError | TimeoutError)
