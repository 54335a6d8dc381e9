"""A first picture from a single photo: /try, and the buttons of the offer."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.telegram.callbacks import Menu, MenuItem, TryAction, TryButton
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.instant import InstantCards
from handlers.telegram.messages import send_card, turn_into
from handlers.telegram.presses import press_of
from handlers.telegram.replies import bot_of, place_of, release, reply
from services.domain.values import User
from services.editing.instant import InstantService
from services.errors import StaleButton
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of pictures from a single photo."""
    router = Router(name="instant")
    router.message.register(begin, TextCommand("try"))
    router.callback_query.register(begin, Menu.filter(F.item == MenuItem.TRY))
    router.callback_query.register(show, TryButton.filter(F.action == TryAction.SHOW))
    router.callback_query.register(make, TryButton.filter(F.action == TryAction.MAKE))
    return router


async def begin(
    event: Message | CallbackQuery,
    state: FSMContext,
    user: User,
    t: Texts,
    instants: InstantService,
    instant_cards: InstantCards,
) -> None:
    """Offer a picture of a photo that is there, or ask for one."""
    if not instants.is_offered:
        raise StaleButton
    card = await instant_cards.of(t, user.id)
    if card is None:
        # A photo that comes while nothing is being asked is taken, see `train.photos`.
        await state.clear()
        await reply(event, t("try-send-photo"))
        return
    if isinstance(event, CallbackQuery):
        await release(event)
    await send_card(bot_of(event), place_of(event), card)


async def show(
    query: CallbackQuery,
    callback_data: TryButton,
    user: User,
    t: Texts,
    instant_cards: InstantCards,
) -> None:
    """Show the offer, with another model where one was pressed."""
    card = await instant_cards.of(t, user.id, callback_data.photo_id, callback_data.model)
    if card is None:
        raise StaleButton
    if callback_data.photo_id is not None:
        await turn_into(query, card)
        return
    await release(query)
    await send_card(bot_of(query), place_of(query), card)


async def make(
    query: CallbackQuery, callback_data: TryButton, user: User, t: Texts, instants: InstantService
) -> None:
    """Make a picture of the photo."""
    if callback_data.photo_id is None:
        raise StaleButton
    style = callback_data.style, callback_data.model
    await instants.make(user.id, place_of(query), callback_data.photo_id, style, press_of(query))
    await release(query, t.plain("try-coming"))
