"""The one place where errors become sentences."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Mapping

from aiogram import Router
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.enums import ChatType
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import CallbackQuery, ErrorEvent, Message, Update

from handlers.telegram.keyboards import contact_button, keyboard_of
from handlers.telegram.presses import put_price
from handlers.telegram.replies import follow
from services.domain.trouble import DatabaseUnavailable
from services.domain.vocabulary import Language
from services.errors import DomainError, PresetGone, PriceChanged, StaleButton
from services.users.service import UserService, language_of
from texts.reader import Texts

logger = logging.getLogger(__name__)

TOAST_LIMIT = 200
"""Telegram's limit of a callback answer."""

PASSING_TROUBLES = (
    TelegramServerError,
    TelegramNetworkError,
    TelegramRetryAfter,
    ClientDecodeError,
    TimeoutError,
)
"""Telegram or the way to it failed: no bug of ours, so no traceback."""

BUG = "error-bug"
"""The sentence with a code, which the operator can be told by a button below it."""

LANGUAGE_PATIENCE_S = 2.0
"""For how long an apology waits for a database that may be its very reason."""


def build_router() -> Router:
    """Return the router that answers for all errors of handlers."""
    router = Router(name="errors")
    router.errors.register(on_domain_error, ExceptionTypeFilter(DomainError))
    router.errors.register(on_harmless_refusal, ExceptionTypeFilter(TelegramBadRequest))
    router.errors.register(on_unavailable_database, ExceptionTypeFilter(DatabaseUnavailable))
    router.errors.register(on_bug)
    return router


async def on_domain_error(event: ErrorEvent, users: UserService) -> None:
    """Tell the user what is wrong and what to do."""
    error = event.exception
    if isinstance(error, DomainError):
        if isinstance(error, PriceChanged) and isinstance(event.update.event, CallbackQuery):
            await put_price(event.update.event, int(error.params["price"]))
        # Old buttons are pressed now and then; that is worth a toast, not a dialog.
        is_alert = not isinstance(error, StaleButton | PresetGone)
        key = f"error-{error.code}"
        await _tell(event.update, users, key, is_alert=is_alert, **error.params)


async def on_harmless_refusal(event: ErrorEvent, users: UserService) -> None:
    """Pass over a second press that Telegram itself finds to change nothing."""
    if "message is not modified" in str(event.exception):
        return
    await on_bug(event, users)


async def on_unavailable_database(_event: ErrorEvent) -> object:
    """Leave it to the intake, which has the update handled again."""
    return UNHANDLED


async def tell_kept(update: Update) -> None:
    """Say that the database does not answer and that the update will be handled."""
    await _tell_plainly(update, "error-kept")


async def tell_given_up(update: Update) -> None:
    """Apologise for an update that failed for the database again and again."""
    code = secrets.token_hex(3)
    logger.error("error %s in update %s: given up", code, update.update_id)
    await _tell_plainly(update, BUG, code=code)


async def on_bug(event: ErrorEvent, users: UserService) -> None:
    """Apologise with a code that the log has too."""
    code, error, update_id = secrets.token_hex(3), event.exception, event.update.update_id
    if isinstance(error, PASSING_TROUBLES):
        # Its text may hold what Telegram's front end sent; its kind says enough.
        logger.warning("error %s in update %s: %s", code, update_id, type(error).__name__)
    else:
        logger.error("error %s in update %s", code, update_id, exc_info=error)
    await _note(event.update, users, code, type(error).__name__)
    await _tell(event.update, users, BUG, code=code)


async def _tell(
    update: Update, users: UserService, key: str, *, is_alert: bool = True, **values: int | str
) -> None:
    event = update.event
    if isinstance(event, CallbackQuery | Message) and event.from_user is not None:
        t = Texts(await _language(users, event.from_user.id, event.from_user.language_code))
        try:
            await _say(event, t, key, values, is_alert=is_alert)
        except (AiogramError, TimeoutError) as error:
            number, kind = update.update_id, type(error).__name__
            logger.warning("update %s: %s could not be said: %s", number, key, kind)


async def _note(update: Update, users: UserService, code: str, kind: str) -> None:
    event = update.event
    if isinstance(event, CallbackQuery | Message) and event.from_user is not None:
        # The database may be what is broken.
        with contextlib.suppress(Exception):
            async with asyncio.timeout(LANGUAGE_PATIENCE_S):
                await users.note_error(event.from_user.id, code, kind)


async def _tell_plainly(update: Update, key: str, **values: int | str) -> None:
    # The language is Telegram's: the database cannot be asked for the user's.
    event = update.event
    if isinstance(event, CallbackQuery | Message) and event.from_user is not None:
        with contextlib.suppress(AiogramError, TimeoutError):
            t = Texts(language_of(event.from_user.language_code))
            await _say(event, t, key, values, is_alert=True)


async def _say(
    event: CallbackQuery | Message,
    t: Texts,
    key: str,
    values: Mapping[str, int | str],
    *,
    is_alert: bool,
) -> None:
    keyboard = keyboard_of([contact_button(t, str(values["code"]))]) if key == BUG else None
    if isinstance(event, Message):
        if event.chat.type != ChatType.PRIVATE:
            # What went wrong for one person is nothing for all the others there.
            return
        await event.answer(t(key, **values), reply_markup=keyboard)
        return
    try:
        await event.answer(t.plain(key, **values)[:TOAST_LIMIT], show_alert=is_alert)
    except TelegramBadRequest:
        # Too late for a toast, or the press was answered before the error.
        await follow(event, t(key, **values), keyboard)


async def _language(users: UserService, user_id: int, code: str | None) -> Language:
    try:
        async with asyncio.timeout(LANGUAGE_PATIENCE_S):
            return await users.language(user_id, code)
    except Exception:  # noqa: BLE001  # the database may be what is broken
        return language_of(code)
