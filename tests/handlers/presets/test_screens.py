"""The pages of presets: paged in place, priced, and in both languages."""

from decimal import Decimal
from html import unescape

import pytest
from aiogram.types import InlineKeyboardMarkup

from handlers.presets import screens
from handlers.presets.callbacks import PresetCard, PresetCategories, PresetPacks, PresetShelf
from handlers.presets.screens import CATEGORIES_A_PAGE, ENTRIES_A_PAGE
from handlers.telegram.captions import MAX_CAPTION
from handlers.telegram.screen import Screen
from services.domain.vocabulary import Language, PictureShape, Subject
from services.presets.catalogue import Category, Local, Pack, Preset
from services.presets.file import load_presets
from services.presets.service import FrontPage, PackOffer, Packs, PresetOffer, Shelf
from tests.values import a_model
from texts.reader import Texts

CATALOGUE = load_presets("")
LONGEST_ID = "w" * 24
MESSAGE_LIMIT = 4096
BUTTON_LIMIT = 64
DATA_LIMIT = 64
PRICE = Decimal("0.035")
AWKWARD = "<b>Tom & Ann</b>"

EN, RU = Texts(Language.EN), Texts(Language.RU)
both = pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])


def text(words: str) -> Local[str]:
    return Local(en=words, ru=words)


def a_category(name: str = "W" * 30) -> Category:
    return Category(id=LONGEST_ID, name=text(name))


def a_preset(name: str = "W" * 30) -> Preset:
    return Preset(
        id=LONGEST_ID,
        category=LONGEST_ID,
        name=text(name),
        description=text("&" * 80),
        prompt="{subject}" + "&" * 591,
        shape=PictureShape.TALL,
    )


def a_pack_offer() -> PackOffer:
    pack = Pack(id=LONGEST_ID, name=text("W" * 30), presets=(LONGEST_ID,) * 4)
    return PackOffer(pack, [a_preset()] * 4, 4 * PRICE)


def rows(screen: Screen) -> list[list[tuple[str, str]]]:
    keyboard = screen.keyboard
    assert isinstance(keyboard, InlineKeyboardMarkup)
    return [
        [(button.text, button.callback_data or "") for button in row]
        for row in keyboard.inline_keyboard
    ]


def labels(screen: Screen) -> list[str]:
    return [label for row in rows(screen) for label, _ in row]


@both
def test_every_page_of_what_comes_with_the_bot_is_whole(t: Texts) -> None:
    front = screens.categories(t, FrontPage(CATALOGUE.categories, PRICE, has_packs=True), 0)
    for category in CATALOGUE.categories:
        assert category.name.of(t.language) in labels(front)
        presets = CATALOGUE.in_category(category.id)
        pages = [screens.shelf(t, Shelf(category, presets), page) for page in range(2)]
        for preset in presets:
            assert any(preset.name.of(t.language) in labels(page) for page in pages)
            assert any(preset.description.of(t.language) in page.text for page in pages)


@both
def test_the_longest_pages_fit(t: Texts) -> None:
    model = a_model(name="&" * 40, subject=Subject.WOMAN)
    shown = [
        screens.categories(t, FrontPage([a_category()] * 50, PRICE, has_packs=True), 3),
        screens.shelf(t, Shelf(a_category(), [a_preset()] * 50), 3),
        screens.card(t, PresetOffer(a_preset(), PRICE, model), 999),
        screens.packs(t, Packs([a_pack_offer()] * 50), 3),
    ]
    for screen in shown:
        assert len(unescape(screen.text)) <= MESSAGE_LIMIT
        for label, data in (button for row in rows(screen) for button in row):
            assert 1 <= len(label) <= BUTTON_LIMIT
            assert 1 <= len(data.encode()) <= DATA_LIMIT


@both
def test_every_page_of_what_comes_with_the_bot_has_its_picture(t: Texts) -> None:
    pictures = CATALOGUE.pictures
    shelves = [
        screens.shelf(t, Shelf(one, CATALOGUE.in_category(one.id), pictures[one.id]), page)
        for one in CATALOGUE.categories
        for page in range(2)
    ]
    offers = [PackOffer(pack, CATALOGUE.in_pack(pack), PRICE) for pack in CATALOGUE.packs]
    front = FrontPage(CATALOGUE.categories, PRICE, has_packs=True, picture=pictures[""])
    packs = screens.packs(t, Packs(offers, pictures[""]), 0)
    cards = [
        screens.card(t, PresetOffer(one, PRICE, None, picture=pictures[one.category]), 0)
        for one in CATALOGUE.presets
    ]
    for screen in (screens.categories(t, front, 0), packs, *shelves, *cards):
        assert screen.photo is not None
        assert len(unescape(screen.text)) <= MAX_CAPTION


def test_a_page_too_long_for_a_caption_has_no_picture() -> None:
    presets = [a_preset("👩‍🚀" * 6)] * ENTRIES_A_PAGE
    long = [one.model_copy(update={"description": text("👩" * 80)}) for one in presets]
    shelf = screens.shelf(EN, Shelf(a_category(), long, CATALOGUE.pictures[""]), 0)
    assert shelf.photo is None


def test_what_fits_on_one_page_has_no_pager() -> None:
    screen = screens.shelf(EN, Shelf(a_category(), [a_preset()] * ENTRIES_A_PAGE), 0)
    assert labels(screen) == ["W" * 30] * ENTRIES_A_PAGE + [EN.plain("back")]


@pytest.mark.parametrize(
    ("page", "place", "before", "after"),
    [(0, "1/3", 2, 1), (1, "2/3", 0, 2), (2, "3/3", 1, 0), (99, "3/3", 1, 0), (-5, "1/3", 2, 1)],
)
def test_pages_go_round_and_a_page_that_is_gone_is_the_nearest_one(
    page: int, place: str, before: int, after: int
) -> None:
    here = int(place[0]) - 1

    def shelf(number: int) -> PresetShelf:
        return PresetShelf(category_id=LONGEST_ID, page=number)

    presets = [a_preset()] * (2 * ENTRIES_A_PAGE + 1)
    *_, pager, _back = rows(screens.shelf(EN, Shelf(a_category(), presets), page))
    assert pager == [
        ("‹", shelf(before).pack()),
        (place, shelf(here).pack()),
        ("›", shelf(after).pack()),
    ]
    front = FrontPage([a_category()] * (2 * CATEGORIES_A_PAGE + 1), PRICE, has_packs=False)
    *_, pager, _surprise = rows(screens.categories(EN, front, page))
    assert pager[0] == ("‹", PresetCategories(page=before).pack())
    *_, pager, _back = rows(
        screens.packs(EN, Packs([a_pack_offer()] * (2 * ENTRIES_A_PAGE + 1)), page)
    )
    assert pager[2] == ("›", PresetPacks(page=after).pack())


def test_the_way_back_from_a_card_leads_to_the_page_it_was_on() -> None:
    presets = [a_preset()] * (ENTRIES_A_PAGE + 1)
    first, *_ = rows(screens.shelf(EN, Shelf(a_category(), presets), 1))
    ((_, data),) = first
    assert PresetCard.unpack(data).page == 1
    card = screens.card(EN, PresetOffer(a_preset(), PRICE, None), 1)
    *_, ((_, back),) = rows(card)
    assert PresetShelf.unpack(back) == PresetShelf(category_id=LONGEST_ID, page=1)


@both
def test_prices_are_on_the_buttons_that_cost(t: Texts) -> None:
    front = screens.categories(t, FrontPage([a_category()], PRICE, has_packs=False), 0)
    assert labels(front)[-1] == t.plain("preset-surprise", price=t.usd(Decimal("0.035")))
    card = screens.card(t, PresetOffer(a_preset(), PRICE, None), 0)
    assert labels(card)[0] == t.plain("preset-create", price=t.usd(Decimal("0.035")))
    packs = screens.packs(t, Packs([a_pack_offer()]), 0)
    assert labels(packs)[0] == t.plain("preset-pack", name="W" * 30, price=t.usd(Decimal("0.14")))


@both
def test_a_card_says_what_will_be_made_and_markup_is_only_text(t: Texts) -> None:
    model = a_model(name=AWKWARD, subject=Subject.MAN)
    card = screens.card(t, PresetOffer(a_preset(AWKWARD), PRICE, model), 0)
    assert AWKWARD not in card.text
    assert card.text.count("&lt;b&gt;Tom &amp; Ann&lt;/b&gt;") == 2
    assert "9:16" in card.text
