"""The pages of the gallery, in both languages and with awkward words."""

from dataclasses import replace
from datetime import datetime
from html import unescape
from typing import Any

import pytest

from handlers.gallery import screens
from handlers.gallery.callbacks import GalleryAction, GalleryButton
from handlers.telegram.callbacks import Menu, PictureButton, ResultButton
from handlers.telegram.screen import Screen
from services.domain.clock import UTC
from services.domain.gallery import Shown
from services.domain.values import Model
from services.domain.vocabulary import Language
from services.pictures.gallery import MAX_SEARCH_LENGTH, Page, View
from tests.values import a_generation, a_model, a_picture
from texts.reader import Texts

EN, RU = Texts(Language.EN), Texts(Language.RU)
both = pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
AWKWARD = "<b>Tom & Ann</b>"
ESCAPED = "&lt;b&gt;Tom &amp; Ann&lt;/b&gt;"
CAPTION_LIMIT = 1024
BUTTON_LIMIT = 64
DATA_LIMIT = 64
ROW_ID = "abcdefghijkl"
OTHER_ID = "mnopqrstuvwx"
VIEW = View(ROW_ID, 2)


def a_named_model(name: str = "Anna", row_id: str = ROW_ID) -> Model:
    return a_model(id=row_id, name=name)


def a_shown(**changes: object) -> Shown:
    values: dict[str, Any] = {"id": ROW_ID, "photo_file_id": "photo", "is_favourite": False}
    prompt = str(changes.pop("prompt", "by the sea"))
    name = str(changes.pop("name", "Anna"))
    made = a_generation(
        id=ROW_ID, prompt=prompt, seed=1234567890, created_at=datetime(2026, 3, 9, tzinfo=UTC)
    )
    return Shown(a_picture(**values | changes), made, a_named_model(name))


def a_page(shown: Shown | None = None, **changes: Any) -> Page:  # noqa: ANN401  # any field
    page = Page(VIEW, "", shown or a_shown(), 3, 17, (a_named_model(),))
    return replace(page, **changes)


def buttons(screen: Screen) -> list[tuple[str, str]]:
    rows = screen.keyboard.inline_keyboard if screen.keyboard else []
    return [(button.text, button.callback_data or "") for row in rows for button in row]


def presses(screen: Screen) -> dict[str, GalleryButton]:
    """The gallery's own buttons by their labels."""
    return {
        label: GalleryButton.unpack(data)
        for label, data in buttons(screen)
        if data.startswith("gal:")
    }


@both
def test_a_page_shows_the_picture_and_tells_of_it(t: Texts) -> None:
    screen = screens.page(t, a_page(a_shown(prompt=AWKWARD, name=AWKWARD), words=AWKWARD))
    assert screen.photo == "photo"
    assert screen.text.count(ESCAPED) == 3
    assert AWKWARD not in screen.text
    assert "1234567890" in screen.text
    assert "2026-03-09" in screen.text or "09.03.2026" in screen.text


def test_the_pager_starts_from_the_picture_that_is_shown() -> None:
    first, place, last = list(presses(screens.page(EN, a_page())).items())[:3]
    assert [first[0], place[0], last[0]] == ["‹", "3/17", "›"]
    actions = [press.action for _, press in (first, place, last)]
    assert actions == [GalleryAction.NEWER, GalleryAction.SHOW, GalleryAction.OLDER]
    assert {screens.view_of(press) for _, press in (first, place, last)} == {VIEW}


@both
def test_everything_can_be_done_with_a_picture(t: Texts) -> None:
    screen = screens.page(t, a_page())
    own = {press.action for press in presses(screen).values()}
    assert own == set(GalleryAction) - {GalleryAction.UNLIKE, GalleryAction.DELETE}
    data = [data for _, data in buttons(screen)]
    assert [PictureButton.unpack(one).picture_id for one in data if one[:4] == "pic:"] == [ROW_ID]
    assert [ResultButton.unpack(one).generation_id for one in data if one[:4] == "res:"] == [
        ROW_ID
    ]


@both
def test_a_favourite_can_be_one_no_more(t: Texts) -> None:
    screen = screens.page(t, a_page(a_shown(is_favourite=True)))
    assert presses(screen)[t.plain("picture-unlike")].action is GalleryAction.UNLIKE


@both
def test_filters_keep_the_place_and_each_other(t: Texts) -> None:
    view = replace(VIEW, model_id=ROW_ID, search_id=OTHER_ID)
    models = (a_named_model(), a_named_model("Ben", OTHER_ID))
    shown = presses(screens.page(t, a_page(view=view, words="sea", models=models)))
    views = {label: screens.view_of(press) for label, press in shown.items()}
    liked = replace(view, only_favourites=True)
    assert views[t.plain("gallery-favourites-off")] == liked
    assert views[t.plain("gallery-search-off")] == replace(view, search_id=None)
    next_model = replace(view, model_id=OTHER_ID)
    assert views[t.plain("gallery-one-model", name="Anna")] == next_model
    shown = presses(screens.page(t, a_page(view=liked, models=models)))
    assert screens.view_of(shown[t.plain("gallery-favourites-on")]) == view


def test_who_has_pictures_of_one_model_is_not_asked_which() -> None:
    labels = list(presses(screens.page(EN, a_page())))
    assert EN.plain("gallery-all-models") not in labels


@both
def test_the_longest_page_fits(t: Texts) -> None:
    name, place = "😀" * 40, "99999/99999"
    view = View(ROW_ID, 9, ROW_ID, only_favourites=True, search_id=ROW_ID)
    models = (a_named_model(name), a_named_model(name, OTHER_ID))
    shown = a_shown(prompt="&" * 900, name=name)
    words = "😀" * MAX_SEARCH_LENGTH
    page = a_page(shown, view=view, words=words, number=99999, total=99999, models=models)
    asked = screens.ask_to_delete(t, shown, view)
    for screen in (screens.page(t, page), asked, screens.sent_again(t, shown)):
        assert len(unescape(screen.text).encode("utf-16-le")) // 2 <= CAPTION_LIMIT
        for label, data in buttons(screen):
            assert 1 <= len(label) <= BUTTON_LIMIT
            assert 1 <= len(data.encode()) <= DATA_LIMIT
    assert place in presses(screens.page(t, page))


@both
@pytest.mark.parametrize(
    ("view", "words", "key"),
    [
        (replace(VIEW, search_id=ROW_ID, only_favourites=True), "sea", "gallery-nothing-found"),
        (replace(VIEW, only_favourites=True, model_id=ROW_ID), "", "gallery-no-favourites"),
        (replace(VIEW, model_id=ROW_ID), "", "gallery-nothing-left"),
    ],
)
def test_filters_that_find_nothing_lead_back_to_everything(
    t: Texts, view: View, words: str, key: str
) -> None:
    screen = screens.page(t, Page(view, words))
    assert screen.photo is None
    assert screen.text == t(key, words=words)
    assert screens.view_of(presses(screen)[t.plain("gallery-all")]) == View()


@both
def test_an_empty_gallery_leads_to_a_first_picture(t: Texts) -> None:
    screen = screens.page(t, Page(VIEW))
    assert screen.text == t("gallery-empty")
    ways = [Menu.unpack(data).item.value for _, data in buttons(screen)]
    assert ways == ["generate", "train"]


@both
def test_a_deletion_is_asked_for_and_can_be_left(t: Texts) -> None:
    screen = screens.ask_to_delete(t, a_shown(), VIEW)
    assert screen.photo == "photo"
    shown = presses(screen)
    assert list(shown) == [t.plain("gallery-keep"), t.plain("gallery-delete-sure")]
    actions = [press.action for press in shown.values()]
    assert actions == [GalleryAction.SHOW, GalleryAction.DELETE]
    assert {screens.view_of(press) for press in shown.values()} == {VIEW}


@both
def test_a_picture_sent_again_is_as_it_came(t: Texts) -> None:
    screen = screens.sent_again(t, a_shown(prompt=AWKWARD))
    caption = t.plain("picture-caption", prompt=AWKWARD, seed="1234567890")
    assert (unescape(screen.text), screen.photo, screen.keyboard) == (caption, "photo", None)
