"""Presets: looking at them, and having pictures made of them."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from handlers.presets import screens
from handlers.presets.callbacks import (
    CreatePack,
    CreatePreset,
    PresetCard,
    PresetCategories,
    PresetPacks,
    PresetShelf,
    SurpriseMe,
)
from handlers.telegram.callbacks import Menu, MenuItem
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.messages import send_card, turn_into
from handlers.telegram.presses import press_of
from handlers.telegram.replies import bot_of, place_of, release
from services.domain.values import User
from services.presets.service import PresetService
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of presets."""
    router = Router(name="presets")
    router.message.register(open_presets, TextCommand("presets"))
    router.callback_query.register(open_presets, Menu.filter(F.item == MenuItem.PRESETS))
    router.callback_query.register(show_categories, PresetCategories.filter())
    router.callback_query.register(show_shelf, PresetShelf.filter())
    router.callback_query.register(show_card, PresetCard.filter())
    router.callback_query.register(show_packs, PresetPacks.filter())
    router.callback_query.register(create, CreatePreset.filter())
    router.callback_query.register(create_pack, CreatePack.filter())
    router.callback_query.register(surprise, SurpriseMe.filter())
    return router


async def open_presets(
    event: Message | CallbackQuery, user: User, t: Texts, presets: PresetService
) -> None:
    """Show the categories in a new message."""
    screen = screens.categories(t, await presets.front_page(user.id), page=0)
    if isinstance(event, CallbackQuery):
        await release(event)
    await send_card(bot_of(event), place_of(event), screen)


async def show_categories(
    query: CallbackQuery,
    callback_data: PresetCategories,
    user: User,
    t: Texts,
    presets: PresetService,
) -> None:
    """Show a page of the categories."""
    screen = screens.categories(t, await presets.front_page(user.id), callback_data.page)
    await turn_into(query, screen)


async def show_shelf(
    query: CallbackQuery, callback_data: PresetShelf, t: Texts, presets: PresetService
) -> None:
    """Show a page of a category's presets."""
    screen = screens.shelf(t, presets.shelf(callback_data.category_id), callback_data.page)
    await turn_into(query, screen)


async def show_card(
    query: CallbackQuery, callback_data: PresetCard, user: User, t: Texts, presets: PresetService
) -> None:
    """Show a preset with its price."""
    offer = await presets.offer(user.id, callback_data.preset_id)
    screen = screens.card(t, offer, callback_data.page)
    await turn_into(query, screen)


async def show_packs(
    query: CallbackQuery, callback_data: PresetPacks, user: User, t: Texts, presets: PresetService
) -> None:
    """Show a page of the packs with their prices."""
    screen = screens.packs(t, await presets.packs(user.id), callback_data.page)
    await turn_into(query, screen)


async def create(
    query: CallbackQuery,
    callback_data: CreatePreset,
    user: User,
    presets: PresetService,
) -> None:
    """Have a picture made of a preset."""
    preset_id = callback_data.preset_id
    await presets.create(user.id, place_of(query), preset_id, press_of(query))
    await release(query)


async def create_pack(
    query: CallbackQuery, callback_data: CreatePack, user: User, presets: PresetService
) -> None:
    """Have all pictures of a pack made."""
    pack_id = callback_data.pack_id
    await presets.create_pack(user.id, place_of(query), pack_id, press_of(query))
    await release(query)


async def surprise(query: CallbackQuery, user: User, presets: PresetService) -> None:
    """Have a picture made of any preset."""
    await presets.surprise(user.id, place_of(query), press_of(query))
    await release(query)
