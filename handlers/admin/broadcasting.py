"""Broadcasts: written, previewed, begun, watched and stopped."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.admin import broadcast_screens as screens
from handlers.admin.callbacks import BroadcastAction, BroadcastButton, ConsoleButton, ConsolePlace
from handlers.admin.states import ConsoleForm
from handlers.telegram.keyboards import back_and_cancel
from handlers.telegram.messages import send_card, turn_into
from handlers.telegram.replies import bot_of, place_of, reply
from services.console.broadcasts import Broadcasts
from services.domain.broadcasts import Audience
from services.domain.values import User
from services.errors import StaleButton
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of broadcasts."""
    router = Router(name="broadcasts")
    router.message.register(
        take_words, ConsoleForm.broadcast, (F.text & ~F.text.startswith("/")) | F.photo
    )
    presses = router.callback_query
    presses.register(show_all, ConsoleButton.filter(F.place == ConsolePlace.BROADCASTS))
    presses.register(ask_words, BroadcastButton.filter(F.action == BroadcastAction.NEW))
    presses.register(ask_sure, BroadcastButton.filter(F.action == BroadcastAction.ASK))
    presses.register(begin, BroadcastButton.filter(F.action == BroadcastAction.SEND))
    presses.register(stop, BroadcastButton.filter(F.action == BroadcastAction.STOP))
    presses.register(show, BroadcastButton.filter(F.action == BroadcastAction.SHOW))
    return router


async def show_all(query: CallbackQuery, t: Texts, broadcasts: Broadcasts) -> None:
    """Show the last broadcasts."""
    await turn_into(query, screens.overview(t, await broadcasts.newest()))


async def ask_words(query: CallbackQuery, state: FSMContext, t: Texts) -> None:
    """Ask what to send."""
    await state.set_state(ConsoleForm.broadcast)
    await reply(query, t("console-ask-broadcast"), back_and_cancel(t, ConsoleForm.broadcast))


async def take_words(
    message: Message, state: FSMContext, user: User, t: Texts, broadcasts: Broadcasts
) -> None:
    """Show what users would see, and ask whom it is for."""
    photo = message.photo[-1].file_id if message.photo else None
    draft = await broadcasts.draft(user.id, message.html_text, photo)
    await state.clear()
    bot, place = bot_of(message), place_of(message)
    await send_card(bot, place, screens.preview(draft))
    await send_card(bot, place, screens.audiences(t, draft, await broadcasts.sizes()))


async def ask_sure(
    query: CallbackQuery, callback_data: BroadcastButton, t: Texts, broadcasts: Broadcasts
) -> None:
    """Ask once more, with the number of people."""
    draft, audience = await broadcasts.get(callback_data.broadcast_id), _audience(callback_data)
    size = (await broadcasts.sizes())[audience]
    await turn_into(query, screens.sure(t, draft, audience, size))


async def begin(
    query: CallbackQuery,
    callback_data: BroadcastButton,
    user: User,
    t: Texts,
    broadcasts: Broadcasts,
) -> None:
    """Begin to send."""
    await broadcasts.begin(user.id, callback_data.broadcast_id, _audience(callback_data))
    await show(query, callback_data, t, broadcasts)


async def stop(
    query: CallbackQuery,
    callback_data: BroadcastButton,
    user: User,
    t: Texts,
    broadcasts: Broadcasts,
) -> None:
    """Send to nobody more."""
    await broadcasts.stop(user.id, callback_data.broadcast_id)
    await show(query, callback_data, t, broadcasts)


async def show(
    query: CallbackQuery, callback_data: BroadcastButton, t: Texts, broadcasts: Broadcasts
) -> None:
    """Show how far it has come."""
    found = await broadcasts.get(callback_data.broadcast_id)
    await turn_into(query, screens.progress(t, found))


def _audience(pressed: BroadcastButton) -> Audience:
    if pressed.audience is None:
        raise StaleButton
    return pressed.audience
