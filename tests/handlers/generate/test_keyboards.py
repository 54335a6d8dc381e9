"""Buttons of the panel, and below pictures."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from aiogram.types import InlineKeyboardMarkup

from handlers.generate import keyboards, panel_screens, results_keyboards
from handlers.telegram.callbacks import ResultAction
from services.domain.values import Generation, Picture
from services.domain.vocabulary import PictureOption, PictureShape, PictureSize
from services.fal.editors import FLUX_2_EDIT
from services.generation.options import SEEDS, PictureOptions
from services.generation.panel import Panel, SizeOffer
from services.pictures.service import Result
from tests.handlers.buttons import (
    LONGEST_ID,
    a_long_model,
    assert_every_button_works,
    markup,
)
from tests.handlers.samples import EN, RU
from tests.values import a_generation, a_model, a_picture
from texts.reader import Texts

KEYBOARDS: dict[str, Callable[[Texts], InlineKeyboardMarkup]] = {
    "choose_model": lambda t: keyboards.choose_model(
        t, [a_long_model(active=True), a_long_model("a")]
    ),
    "question": lambda t: markup(panel_screens.question(t, a_panel())),
    "panel": lambda t: markup(panel_screens.options(t, a_panel())),
    "panel_of_result": lambda t: markup(
        panel_screens.options(t, a_panel(a_generation(id=LONGEST_ID, prompt="a king")))
    ),
    "after_picture": lambda t: results_keyboards.result_buttons(
        t, a_changeable(1), some_pictures(1)
    ),
    "after_album": lambda t: results_keyboards.result_buttons(
        t, a_changeable(4), some_pictures(4)
    ),
    "more_of_edit": lambda t: results_keyboards.more_buttons(t, an_edited()),
    "which_favourite": lambda t: results_keyboards.choice(t, a_result(4), ResultAction.FAVOURITE),
    "which_cover": lambda t: results_keyboards.choice(t, a_result(4), ResultAction.COVER),
    "which_of_none": lambda t: results_keyboards.choice(t, a_result(0), ResultAction.FULL),
}


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("case", KEYBOARDS)
def test_every_button_says_and_does_something(t: Texts, case: str) -> None:
    assert_every_button_works(KEYBOARDS[case](t))


def a_panel(result: Generation | None = None) -> Panel:
    options = PictureOptions(PictureShape.TALL, 4, 1.4, SEEDS[-1])
    offered = set(PictureOption)
    sizes = {size: SizeOffer(864, 1536, Decimal("0.28")) for size in PictureSize}
    return Panel(a_long_model(), options, offered, Decimal("0.14"), SEEDS[-1], result, sizes)


def some_pictures(count: int) -> tuple[Picture, ...]:
    return tuple(
        a_picture(
            id=LONGEST_ID,
            position=number,
            is_flagged=False,
            is_favourite=number == 1,
            photo_file_id=str(number),
        )
        for number in range(1, count + 1)
    )


def a_result(count: int) -> Result:
    model = a_model(id=LONGEST_ID, cover_file_id="2")
    return Result(a_generation(id=LONGEST_ID), model, some_pictures(count))


def a_changeable(count: int) -> Result:
    return replace(a_result(count), has_changes=True)


def an_edited() -> Result:
    edit = a_generation(id=LONGEST_ID, editor=FLUX_2_EDIT, source_picture_id=LONGEST_ID)
    return Result(edit, a_model(id=LONGEST_ID), some_pictures(1))


def test_what_was_made_of_a_photo_alone_has_no_buttons_about_a_model() -> None:
    alone = replace(an_edited(), model=None)
    pressed = [
        press.callback_data or ""
        for row in results_keyboards.more_buttons(EN, alone).inline_keyboard
        for press in row
    ]
    actions = {press.split(":")[1] for press in pressed if press.startswith(("pic:", "res:"))}
    assert actions == {"details", "from", "back"}
