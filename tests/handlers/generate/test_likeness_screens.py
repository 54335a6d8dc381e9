"""A likeness is told in words, and what to do where somebody else is shown."""

from dataclasses import replace

import pytest

from handlers.generate import likeness_screens, results_screens
from handlers.telegram.callbacks import ModelAction, ModelButton
from services.domain.vocabulary import Purpose
from services.generation.views import FirstLikeness, GenerationView
from services.photos.coach.judging import Flaw, Lack
from services.pictures.service import Result
from tests.handlers.samples import EN, MESSAGE_LIMIT, RU
from tests.values import a_generation, a_model, a_picture
from texts.reader import Texts

CAPTION_LIMIT = 1024

BOTH = pytest.mark.parametrize("t", [EN, RU])


def first_pictures(t: Texts, likeness: FirstLikeness | None, count: int = 1) -> GenerationView:
    generation = a_generation(purpose=Purpose.PREVIEW)
    pictures = tuple(
        a_picture(id=str(number), generation_id=generation.id, position=number + 1)
        for number in range(count)
    )
    return GenerationView(generation, t.language, None, pictures, likeness=likeness)


@BOTH
@pytest.mark.parametrize(("percent", "resemblance"), [(87, "clear"), (55, "fair")])
def test_one_picture_has_its_likeness_below_it(t: Texts, percent: int, resemblance: str) -> None:
    screen = results_screens.single(t, first_pictures(t, FirstLikeness(percent, own_percent=91)))
    assert t.plain(f"resembles-{resemblance}", percent=str(percent)) in screen.text
    assert t.plain("likeness-meaning", own="91") in screen.text
    assert screen.keyboard is not None
    assert len(screen.text) < CAPTION_LIMIT


@BOTH
def test_a_likeness_is_told_in_few_words(t: Texts) -> None:
    view = first_pictures(t, FirstLikeness(88, own_percent=86))
    told = " ".join(likeness_screens.measured(t, view))
    assert len(told) < 140
    assert [told.count(number) for number in ("88", "50", "86")] == [1, 1, 1]


@BOTH
def test_without_a_face_no_number_is_told(t: Texts) -> None:
    screen = results_screens.single(t, first_pictures(t, FirstLikeness(None)))
    assert t.plain("likeness-no-face") in screen.text
    assert "%" not in screen.text


@BOTH
def test_what_was_not_measured_is_not_told(t: Texts) -> None:
    screen = results_screens.single(t, first_pictures(t, None))
    assert screen.text == t.plain("preview-caption", count=1)


@BOTH
def test_below_an_album_the_best_is_named_with_its_strength(t: Texts) -> None:
    likeness = FirstLikeness(87, number=2, lora_scale=1.2)
    screen = results_screens.after_pictures(t, first_pictures(t, likeness, 3))
    assert t.plain("likeness-meaning", own="none") in screen.text
    assert t.plain("likeness-best", number="2", scale=t.decimal(1.2)) in screen.text
    assert t("pictures-ready") not in screen.text


@BOTH
def test_somebody_else_is_told_with_the_photos_to_replace_and_another_training(t: Texts) -> None:
    numbers = list(range(1, 21))
    likeness = FirstLikeness(31, flaws=dict.fromkeys(Flaw, numbers), lack=Lack.SIDES)
    view = first_pictures(t, likeness)
    caption = results_screens.single(t, view)
    assert (caption.text, caption.keyboard) == (t.plain("preview-caption", count=1), None)
    screen = results_screens.after_pictures(t, view)
    assert t.plain("resembles-stranger", percent="31") in screen.text
    listed = ", ".join(map(str, numbers))
    for flaw in Flaw:
        assert t(f"flaw-{flaw}", numbers=listed, count=20) in screen.text
    assert t("lack-sides") in screen.text
    assert len(screen.text) < MESSAGE_LIMIT
    assert screen.keyboard is not None
    press = ModelButton(model_id=view.generation.model_id, action=ModelAction.AGAIN).pack()
    assert screen.keyboard.inline_keyboard[0][0].callback_data == press


@BOTH
def test_photos_without_a_flaw_are_not_blamed(t: Texts) -> None:
    screen = results_screens.after_pictures(t, first_pictures(t, FirstLikeness(31)))
    assert t("likeness-no-flaws") in screen.text


@BOTH
def test_details_tell_the_likeness_of_each_that_was_measured(t: Texts) -> None:
    view = first_pictures(t, None, 3)
    alike, nobody, unknown = view.pictures
    rows = (replace(alike, has_face=True, likeness=87), replace(nobody, has_face=False), unknown)
    result = Result(view.generation, a_model(), rows, (view.generation,))
    text = results_screens.details(t, result)
    assert text.count(t("details-likeness", percent="87", scale=t.decimal(1.0))) == 1
    assert text.count(t("details-no-face")) == 1


@BOTH
@pytest.mark.parametrize(
    ("editor", "scale"),
    [("fal-ai/flux-2/lora/edit", "1.2"), ("google/nano-banana-2.1/edit", "none")],
)
def test_the_details_of_an_edit_name_a_strength_only_where_it_has_one(
    t: Texts, editor: str, scale: str
) -> None:
    generation = a_generation(editor=editor, lora_scale=1.2)
    told = likeness_screens.of_pictures(t, generation, [a_picture(likeness=87)])
    scale = scale if scale == "none" else t.decimal(1.2)
    assert told == [t("details-likeness", percent="87", scale=scale)]
    assert ("1" in told[0]) is (scale != "none")
