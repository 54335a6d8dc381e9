"""The gallery: a picture a page with its buttons, and what is said where there is none."""

from dataclasses import asdict, replace

from aiogram import html
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.gallery.callbacks import GalleryAction, GalleryButton
from handlers.gallery.states import GalleryForm
from handlers.telegram.callbacks import (
    Menu,
    MenuItem,
    PictureAction,
    PictureButton,
    ResultAction,
    ResultButton,
)
from handlers.telegram.captions import PROMPT_ROOM, cut
from handlers.telegram.keyboards import back_and_cancel
from handlers.telegram.names import names_of, words_of
from handlers.telegram.screen import Screen
from services.domain.gallery import Shown
from services.enlarging.service import EnlargeOffer
from services.pictures.gallery import Page, View
from texts.reader import Texts

SHORT_PROMPT_ROOM = 650
"""Where the model's name and the words of a search stand in the caption too."""

Row = list[InlineKeyboardButton]


def page(
    t: Texts, shown_page: Page, offer: EnlargeOffer | None = None, *, has_changes: bool = False
) -> Screen:
    """Return a page of the gallery: a picture with what can be done, or why there is none."""
    if shown_page.shown is None:
        return _nothing(t, shown_page)
    shown, view = shown_page.shown, shown_page.view
    lines = [_about(t, shown)]
    if shown_page.words:
        lines.append(t("gallery-words", words=shown_page.words))
    rows = [
        _pager(shown_page),
        *_actions(t, shown, view, offer),
        *([[_change_button(t, shown)]] if has_changes else []),
        [_search_button(t, view), _favourites_button(t, view)],
    ]
    if len(shown_page.models) > 1:
        rows.append([_models_button(t, shown_page)])
    return Screen("\n".join(lines), _keyboard(*rows), shown.picture.photo_file_id)


def sent_again(t: Texts, shown: Shown) -> Screen:
    """Return a picture alone, as it came at first."""
    prompt = cut(words_of(t, shown.generation), PROMPT_ROOM)
    caption = t.plain("picture-caption", prompt=prompt, seed=str(shown.generation.seed))
    return Screen(html.quote(caption), photo=shown.picture.photo_file_id)


def ask_words(t: Texts) -> Screen:
    """Return the question for the words to search."""
    return Screen(t("ask-search"), back_and_cancel(t, GalleryForm.words))


def ask_to_delete(t: Texts, shown: Shown, view: View) -> Screen:
    """Return the question whether to delete a picture, with what may remain."""
    keep = _button(t.plain("gallery-keep"), press(view, GalleryAction.SHOW))
    sure = _button(t.plain("gallery-delete-sure"), press(view, GalleryAction.DELETE))
    text = t("gallery-delete-ask")
    return Screen(text, _keyboard([keep], [sure]), shown.picture.photo_file_id)


def press(view: View, action: GalleryAction) -> GalleryButton:
    """Return the button that does something from a view."""
    return GalleryButton(action=action, **asdict(view))


def view_of(pressed: GalleryButton) -> View:
    """Return the view that a button starts from."""
    return View(**pressed.model_dump(exclude={"action"}))


def _about(t: Texts, shown: Shown) -> str:
    generation, made_on = shown.generation, shown.generation.created_at
    told = {
        "year": str(made_on.year),
        "month": f"{made_on.month:02}",
        "day": f"{made_on.day:02}",
        "seed": str(generation.seed),
    }
    if shown.model is None:
        about = t("gallery-about-photo", **told)
    else:
        about = t("gallery-about", model=names_of(t, shown.model, shown.second), **told)
    # Put together here, because Fluent puts in values of limited length.
    return f"{html.quote(cut(words_of(t, generation), SHORT_PROMPT_ROOM))}\n\n{about}"


def _pager(shown_page: Page) -> Row:
    labels = {
        GalleryAction.NEWER: "‹",
        GalleryAction.SHOW: f"{shown_page.number}/{shown_page.total}",
        GalleryAction.OLDER: "›",
    }
    return [_button(label, press(shown_page.view, action)) for action, label in labels.items()]


def _actions(t: Texts, shown: Shown, view: View, offer: EnlargeOffer | None) -> list[Row]:
    picture, generation = shown.picture, shown.generation
    liking, key = GalleryAction.LIKE, "picture-like"
    if picture.is_favourite:
        liking, key = GalleryAction.UNLIKE, "picture-unlike"
    full = PictureButton(action=PictureAction.FULL, picture_id=picture.id)
    again = ResultButton(action=ResultAction.AGAIN, generation_id=generation.id)
    last = [_button(t.plain("gallery-delete"), press(view, GalleryAction.ASK))]
    if offer is not None:
        price = t.price(offer.price_usd, offer.stars)
        larger = PictureButton(action=PictureAction.ENLARGE, picture_id=picture.id)
        last.insert(0, _button(t.plain("enlarge", factor=offer.factor, price=price), larger))
    return [
        [
            _button(t.plain(key), press(view, liking)),
            _button(t.plain("gallery-repeat"), again),
        ],
        [
            _button(t.plain("gallery-send"), press(view, GalleryAction.SEND)),
            _button(t.plain("full-size"), full),
        ],
        last,
    ]


def _change_button(t: Texts, shown: Shown) -> InlineKeyboardButton:
    change = PictureButton(action=PictureAction.CHANGE, picture_id=shown.picture.id)
    return _button(t.plain("change"), change)


def _search_button(t: Texts, view: View) -> InlineKeyboardButton:
    if view.search_id is None:
        return _button(t.plain("gallery-search"), press(view, GalleryAction.SEARCH))
    everything = replace(view, search_id=None)
    return _button(t.plain("gallery-search-off"), press(everything, GalleryAction.SHOW))


def _favourites_button(t: Texts, view: View) -> InlineKeyboardButton:
    key = "gallery-favourites-on" if view.only_favourites else "gallery-favourites-off"
    other = replace(view, only_favourites=not view.only_favourites)
    return _button(t.plain(key), press(other, GalleryAction.SHOW))


def _models_button(t: Texts, shown_page: Page) -> InlineKeyboardButton:
    model = shown_page.model
    label = (
        t.plain("gallery-one-model", name=model.name) if model else t.plain("gallery-all-models")
    )
    other = replace(shown_page.view, model_id=shown_page.next_model_id)
    return _button(label, press(other, GalleryAction.SHOW))


def _nothing(t: Texts, empty: Page) -> Screen:
    view = empty.view
    everything = [_button(t.plain("gallery-all"), press(View(), GalleryAction.SHOW))]
    if empty.words:
        search = _button(t.plain("gallery-search"), press(View(), GalleryAction.SEARCH))
        text = t("gallery-nothing-found", words=empty.words)
        return Screen(text, _keyboard([search], everything))
    if view.only_favourites:
        return Screen(t("gallery-no-favourites"), _keyboard(everything))
    if view.model_id is not None:
        return Screen(t("gallery-nothing-left"), _keyboard(everything))
    ways = (MenuItem.GENERATE, MenuItem.TRAIN)
    rows = [[_button(t.plain(f"menu-{item.value}"), Menu(item=item))] for item in ways]
    return Screen(t("gallery-empty"), _keyboard(*rows))


def _button(label: str, pressed: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=label, callback_data=pressed.pack())


def _keyboard(*rows: Row) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=list(rows))
