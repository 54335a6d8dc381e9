"""The gallery: leafing through pictures, and what can be done with one."""

from aiogram import F, Router
from aiogram.filters import CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.gallery import screens
from handlers.gallery.callbacks import GalleryAction, GalleryButton
from handlers.gallery.pages import GalleryPages
from handlers.gallery.states import GalleryForm
from handlers.telegram.callbacks import Menu, MenuItem
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.messages import send_card, turn_into
from handlers.telegram.replies import bot_of, place_of, release, reply
from handlers.telegram.ways_out import WaysBack
from services.domain.gallery import Step
from services.domain.values import User
from services.pictures.gallery import GalleryService, View
from texts.reader import Texts

STEPS = {GalleryAction.NEWER: Step.NEWER, GalleryAction.OLDER: Step.OLDER}


def build_router() -> Router:
    """Return the router of the gallery."""
    router = Router(name="gallery")
    presses, words = router.callback_query, GalleryForm.words
    router.message.register(open_gallery, TextCommand("gallery"))
    router.message.register(take_words, words, F.text, ~F.text.startswith("/"))
    presses.register(open_from_menu, Menu.filter(F.item == MenuItem.GALLERY))
    presses.register(ask_words, GalleryButton.filter(F.action == GalleryAction.SEARCH))
    presses.register(
        like, GalleryButton.filter(F.action.in_({GalleryAction.LIKE, GalleryAction.UNLIKE}))
    )
    presses.register(send_again, GalleryButton.filter(F.action == GalleryAction.SEND))
    presses.register(ask_to_delete, GalleryButton.filter(F.action == GalleryAction.ASK))
    presses.register(delete, GalleryButton.filter(F.action == GalleryAction.DELETE))
    presses.register(show, GalleryButton.filter())
    return router


async def open_gallery(
    message: Message,
    command: CommandObject,
    user: User,
    t: Texts,
    gallery: GalleryService,
    pages: GalleryPages,
) -> None:
    """Show the newest picture; with words after the command, of those that they find."""
    if command.args:
        page = await gallery.search(user.id, command.args)
    else:
        page = await gallery.page(user.id, View())
    await send_card(bot_of(message), place_of(message), await pages.of(t, user.id, page))


async def open_from_menu(
    query: CallbackQuery, user: User, t: Texts, gallery: GalleryService, pages: GalleryPages
) -> None:
    """Show the newest picture in a new message."""
    page = await gallery.page(user.id, View())
    await release(query)
    await send_card(bot_of(query), place_of(query), await pages.of(t, user.id, page))


async def show(
    query: CallbackQuery,
    callback_data: GalleryButton,
    user: User,
    t: Texts,
    gallery: GalleryService,
    pages: GalleryPages,
) -> None:
    """Turn the page."""
    step = STEPS.get(callback_data.action, Step.HERE)
    page = await gallery.page(user.id, screens.view_of(callback_data), step)
    await turn_into(query, await pages.of(t, user.id, page))


async def like(
    query: CallbackQuery,
    callback_data: GalleryButton,
    user: User,
    t: Texts,
    gallery: GalleryService,
    pages: GalleryPages,
) -> None:
    """Make a picture a favourite, or one no more."""
    is_favourite = callback_data.action is GalleryAction.LIKE
    page = await gallery.set_favourite(
        user.id, screens.view_of(callback_data), is_favourite=is_favourite
    )
    toast = t.plain("picture-liked" if is_favourite else "picture-unliked")
    await turn_into(query, await pages.of(t, user.id, page), toast=toast)


async def send_again(
    query: CallbackQuery,
    callback_data: GalleryButton,
    user: User,
    t: Texts,
    gallery: GalleryService,
) -> None:
    """Send a picture as a new message."""
    shown = await gallery.own(user.id, screens.view_of(callback_data))
    await release(query)
    await send_card(bot_of(query), place_of(query), screens.sent_again(t, shown))


async def ask_to_delete(
    query: CallbackQuery,
    callback_data: GalleryButton,
    user: User,
    t: Texts,
    gallery: GalleryService,
) -> None:
    """Ask before a picture is deleted."""
    view = screens.view_of(callback_data)
    shown = await gallery.own(user.id, view)
    await turn_into(query, screens.ask_to_delete(t, shown, view))


async def delete(
    query: CallbackQuery,
    callback_data: GalleryButton,
    user: User,
    t: Texts,
    gallery: GalleryService,
    pages: GalleryPages,
) -> None:
    """Delete a picture and show its neighbour."""
    page = await gallery.delete(user.id, screens.view_of(callback_data))
    await turn_into(query, await pages.of(t, user.id, page), toast=t.plain("gallery-deleted"))


async def ask_words(query: CallbackQuery, state: FSMContext, t: Texts) -> None:
    """Ask what to look for."""
    await state.set_data({})
    await state.set_state(GalleryForm.words)
    screen = screens.ask_words(t)
    await reply(query, screen.text, screen.keyboard)


async def take_words(
    message: Message,
    state: FSMContext,
    user: User,
    t: Texts,
    gallery: GalleryService,
    pages: GalleryPages,
) -> None:
    """Show the newest picture that the words find."""
    page = await gallery.search(user.id, message.text or "")
    await state.clear()
    await send_card(bot_of(message), place_of(message), await pages.of(t, user.id, page))


async def leave_search(
    query: CallbackQuery,
    state: FSMContext,
    user: User,
    t: Texts,
    gallery: GalleryService,
    pages: GalleryPages,
) -> None:
    """Show the gallery in place of the question."""
    page = await gallery.page(user.id, View())
    await state.clear()
    await turn_into(query, await pages.of(t, user.id, page))


WAYS_BACK: WaysBack = {GalleryForm.words: leave_search}
