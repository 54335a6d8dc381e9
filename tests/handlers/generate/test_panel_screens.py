"""The panel says what is in force, marks it, and offers what the generator takes."""

from dataclasses import replace
from decimal import Decimal

import pytest
from aiogram.types import InlineKeyboardButton

from handlers.generate import panel_screens
from handlers.generate.callbacks import MakeAgain, PanelChoice
from handlers.telegram.callbacks import Go
from handlers.telegram.screen import Screen
from services.domain.values import Generation
from services.domain.vocabulary import Language, PictureOption, PictureShape, PictureSize
from services.generation.options import PictureOptions
from services.generation.panel import Panel, SizeOffer
from tests.values import a_generation, a_model
from texts.reader import Texts

EN, RU = Texts(Language.EN), Texts(Language.RU)
ROW_ID = "abcdefghijkl"
ALL = frozenset(PictureOption)
SIZES = {
    PictureSize.STANDARD: SizeOffer(768, 1024, Decimal("0.035")),
    PictureSize.HD: SizeOffer(1152, 1536, Decimal("0.07")),
}


def a_panel(
    options: PictureOptions | None = None,
    *,
    offered: frozenset[PictureOption] = ALL,
    seed: int | None = 1234567890,
    result: Generation | None = None,
) -> Panel:
    model = a_model(id=ROW_ID, name="<b>Anna</b>")
    price = Decimal("0.035")
    return Panel(model, options or PictureOptions(), offered, price, seed, result, SIZES)


def buttons(screen: Screen) -> list[InlineKeyboardButton]:
    rows = screen.keyboard.inline_keyboard if screen.keyboard else []
    return [button for row in rows for button in row]


def choices(screen: Screen) -> dict[str, PanelChoice]:
    return {
        button.text: PanelChoice.unpack(button.callback_data or "")
        for button in buttons(screen)
        if (button.callback_data or "").startswith("opt|")
    }


def marked(screen: Screen) -> list[str]:
    return [button.text for button in buttons(screen) if button.text.startswith("•")]


def test_the_choices_in_force_are_marked_and_said() -> None:
    options = PictureOptions(PictureShape.TALL, 2, 0.8, 7)
    screen = panel_screens.question(EN, a_panel(options, seed=7))
    assert marked(screen) == ["• 9:16", "• Standard · $0.035", "• ×2", "• 📌 Keep this one"]
    for words in ("9:16", "Pictures: <b>2</b>", "<b>0.8</b>", "<b>7</b>, kept", "<b>$0.035</b>"):
        assert words in screen.text
    assert "&lt;b&gt;Anna&lt;/b&gt;" in screen.text


def test_how_the_prompt_begins_is_shown() -> None:
    panel = replace(a_panel(), opening="ANNA_A3F2, a woman, ")
    for screen in (panel_screens.question(EN, panel), panel_screens.options(EN, panel)):
        assert "<code>ANNA_A3F2, a woman, …</code>" in screen.text


def test_a_size_is_offered_with_its_price_and_said_in_pixels() -> None:
    screen = panel_screens.options(EN, a_panel(PictureOptions(size=PictureSize.HD)))
    assert "Size: <b>HD</b>, 1152×1536" in screen.text
    found = choices(screen)
    assert found["• HD · $0.07"].value == "hd"
    assert found["Standard · $0.035"].value == "standard"


def test_who_pays_nothing_sees_sizes_without_prices() -> None:
    free = Texts(Language.EN, shows_prices=False)
    assert {"• Standard", "HD"} <= choices(panel_screens.options(free, a_panel())).keys()


def test_a_fresh_panel_stands_at_the_defaults() -> None:
    screen = panel_screens.options(RU, a_panel())
    assert marked(screen) == ["• 3:4", "• Обычный · 0,035\xa0$", "• ×1", "• 🎲 Новый вариант"]
    assert "каждый раз новый" in screen.text


def test_every_button_says_where_it_leads_and_whose_panel_it_is() -> None:
    result = a_generation(id=ROW_ID, prompt="a king")
    screen = panel_screens.options(EN, a_panel(result=result))
    found = choices(screen)
    assert found["16:9"] == PanelChoice(
        option=PictureOption.SHAPE, value="16:9", asks=False, generation_id=ROW_ID
    )
    assert all(press.generation_id == ROW_ID for press in found.values())
    last = buttons(screen)[-1]
    assert last.callback_data == MakeAgain(generation_id=ROW_ID).pack()
    assert "$0.035" in last.text
    assert "a king" in screen.text
    asking = choices(panel_screens.question(EN, a_panel()))
    assert all(press.asks and press.generation_id is None for press in asking.values())


@pytest.mark.parametrize(
    ("scale", "down", "up"),
    [(1.0, "0.9", "1.1"), (0.7, "0.6", "0.8"), (0.6, "0.6", "0.7"), (1.4, "1.3", "1.4")],
)
def test_the_strength_goes_in_tenths_and_stays_in_its_range(
    scale: float, down: str, up: str
) -> None:
    found = choices(panel_screens.options(EN, a_panel(PictureOptions(lora_scale=scale))))
    assert (found["−"].value, found["+"].value) == (down, up)
    assert found[f"Strength {scale}"].value == "1.0"


def test_what_the_generator_does_not_take_is_not_offered() -> None:
    offered = frozenset({PictureOption.SHAPE})
    screen = panel_screens.options(EN, a_panel(offered=offered))
    assert {press.option for press in choices(screen).values()} == offered
    assert "Seed" not in screen.text
    assert "Strength" not in screen.text


def test_before_the_first_picture_there_is_no_seed_to_keep() -> None:
    screen = panel_screens.question(EN, a_panel(seed=None))
    assert not any(press.option is PictureOption.SEED for press in choices(screen).values())


def test_the_question_has_its_ways_out_and_the_panel_has_none() -> None:
    def goes(screen: Screen) -> int:
        prefix = Go.__prefix__
        return sum((button.callback_data or "").startswith(prefix) for button in buttons(screen))

    assert goes(panel_screens.question(EN, a_panel())) == 2
    assert goes(panel_screens.options(EN, a_panel())) == 0


@pytest.mark.parametrize(
    ("packed", "option"),
    [
        ("opt|image_size|9:16|1|", PictureOption.SHAPE),
        ("opt|num_images|2|0|", PictureOption.COUNT),
        ("opt|loras|1.1|0|", PictureOption.SCALE),
        ("opt|seed|7|0|", PictureOption.SEED),
    ],
)
def test_a_button_with_the_names_that_fal_has_works_as_before(
    packed: str, option: PictureOption
) -> None:
    assert PanelChoice.unpack(packed).option is option
