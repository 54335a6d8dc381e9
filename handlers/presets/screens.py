"""What the pages of presets say, with their keyboards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.presets.callbacks import (
    CreatePack,
    CreatePreset,
    PresetCard,
    PresetCategories,
    PresetPacks,
    PresetShelf,
    SurpriseMe,
)
from handlers.telegram.captions import MAX_CAPTION
from handlers.telegram.own_pictures import OwnPicture
from handlers.telegram.screen import Screen
from services.pictures.own import OwnFile
from services.presets.service import FrontPage, Packs, PresetOffer, Shelf
from texts.reader import Texts

CATEGORIES_A_PAGE = 8
CATEGORIES_A_ROW = 2
ENTRIES_A_PAGE = 6

Item = TypeVar("Item")
Row = list[InlineKeyboardButton]


@dataclass(frozen=True)
class _Page(Generic[Item]):
    """What one page shows of a list; `number` counts from 0."""

    items: Sequence[Item]
    number: int
    count: int


def categories(t: Texts, front: FrontPage, page: int) -> Screen:
    """Return a page of the categories, and the ways to a surprise and to the packs."""
    shown = _page(front.categories, page, CATEGORIES_A_PAGE)
    buttons = [
        _button(one.name.of(t.language), PresetShelf(category_id=one.id, page=0))
        for one in shown.items
    ]
    starts = range(0, len(buttons), CATEGORIES_A_ROW)
    rows = [buttons[start : start + CATEGORIES_A_ROW] for start in starts]
    rows += _pager(t, shown, lambda number: PresetCategories(page=number))
    surprise = t.plain("preset-surprise", price=t.price(front.surprise_usd, front.surprise_stars))
    rows.append([_button(surprise, SurpriseMe())])
    if front.has_packs:
        rows.append([_button(t.plain("preset-packs"), PresetPacks(page=0))])
    return _screen(t("presets-title"), rows, front.picture)


def shelf(t: Texts, view: Shelf, page: int) -> Screen:
    """Return a page of a category's presets, each in a line and on a button."""
    category, language = view.category, t.language
    shown = _page(view.presets, page, ENTRIES_A_PAGE)
    lines = [t("preset-shelf-title", category=category.name.of(language)), ""]
    lines += [
        t("preset-line", name=one.name.of(language), description=one.description.of(language))
        for one in shown.items
    ]
    rows = [
        [_button(one.name.of(language), PresetCard(preset_id=one.id, page=shown.number))]
        for one in shown.items
    ]
    rows += _pager(t, shown, lambda number: PresetShelf(category_id=category.id, page=number))
    rows.append([_button(t.plain("back"), PresetCategories(page=0))])
    return _screen("\n".join(lines), rows, view.picture)


def card(t: Texts, offer: PresetOffer, page: int) -> Screen:
    """Return a preset with its shape and price; `page` is where Back leads to."""
    preset, price = offer.preset, t.price(offer.usd, offer.stars)
    text = t(
        "preset-card",
        name=preset.name.of(t.language),
        description=preset.description.of(t.language),
        shape=preset.shape.value,
        price=price,
    )
    if offer.model is not None:
        text += "\n" + t("preset-card-model", model=offer.model.name)
    back = PresetShelf(category_id=preset.category, page=page)
    rows = [
        [_button(t.plain("preset-create", price=price), CreatePreset(preset_id=preset.id))],
        [_button(t.plain("back"), back)],
    ]
    return _screen(text, rows, offer.picture)


def packs(t: Texts, view: Packs, page: int) -> Screen:
    """Return a page of the packs; a button makes all four pictures of one."""
    language = t.language
    shown = _page(view.offers, page, ENTRIES_A_PAGE)
    title = [t("preset-packs-title")] + ([t("preset-packs-price")] if t.shows_prices else [])
    lines = [" ".join(title), ""]
    lines += [
        t(
            "preset-line",
            name=offer.pack.name.of(language),
            description=", ".join(preset.name.of(language) for preset in offer.presets),
        )
        for offer in shown.items
    ]
    rows = []
    for offer in shown.items:
        label = t.plain(
            "preset-pack", name=offer.pack.name.of(language), price=t.price(offer.usd, offer.stars)
        )
        rows.append([_button(label, CreatePack(pack_id=offer.pack.id))])
    rows += _pager(t, shown, lambda number: PresetPacks(page=number))
    rows.append([_button(t.plain("back"), PresetCategories(page=0))])
    return _screen("\n".join(lines), rows, view.picture)


def _screen(text: str, rows: list[Row], picture: OwnFile | None) -> Screen:
    keyboard = InlineKeyboardMarkup(inline_keyboard=rows)
    # Markup counts here and not there, which is on the safe side.
    has_room = len(text.encode("utf-16-le")) <= 2 * MAX_CAPTION
    return Screen(text, keyboard, OwnPicture(picture) if picture and has_room else None)


def _button(label: str, press: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=press.pack())


def _page(items: Sequence[Item], number: int, size: int) -> _Page[Item]:
    count = max(1, -(-len(items) // size))
    # The file may have become shorter since the button was sent.
    number = min(max(number, 0), count - 1)
    return _Page(items[number * size :][:size], number, count)


def _pager(t: Texts, page: _Page[Item], press: Callable[[int], CallbackData]) -> list[Row]:
    if page.count == 1:
        return []
    # The list goes round, so that the buttons stay where they are.
    before, after = (page.number - 1) % page.count, (page.number + 1) % page.count
    place = t.plain("preset-page", page=page.number + 1, count=page.count)
    return [
        [
            _button("‹", press(before)),
            _button(place, press(page.number)),
            _button("›", press(after)),
        ]
    ]
