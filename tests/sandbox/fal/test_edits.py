"""What an edit shows: what was asked for has changed, the face is the same."""

import io

import pytest
from PIL import Image, ImageChops, ImageStat

from sandbox.drawing.edits import Edit, draw_edit
from sandbox.drawing.looks import Top
from sandbox.drawing.palettes import Place, Touch
from sandbox.drawing.wishes import read_wish
from sandbox.portraits import draw_portraits

SIZE = (384, 512)
Box = tuple[float, float, float, float]
FACE: Box = (0.42, 0.36, 0.58, 0.52)
MOUTH: Box = (0.36, 0.5, 0.64, 0.6)
CORNER: Box = (0.0, 0.0, 0.15, 0.3)
CHEST: Box = (0.3, 0.85, 0.7, 1.0)
CROWN: Box = (0.42, 0.2, 0.58, 0.25)


@pytest.fixture(scope="module")
def portrait() -> Image.Image:
    with Image.open(io.BytesIO(draw_portraits(0, 1)[0])) as image:
        return image.convert("RGB")


def edited(portrait: Image.Image, prompt: str, seed: int = 1) -> Image.Image:
    return draw_edit(Edit(portrait, prompt, *SIZE, seed))


def changed(portrait: Image.Image, prompt: str, box: Box) -> float:
    """How far a part of the edit is from the photo's, in shares of all light."""
    parts = [
        image.crop((box[0] * SIZE[0], box[1] * SIZE[1], box[2] * SIZE[0], box[3] * SIZE[1]))
        for image in (portrait.resize(SIZE), edited(portrait, prompt))
    ]
    return sum(ImageStat.Stat(ImageChops.difference(*parts)).mean) / 3 / 255


@pytest.mark.parametrize(
    ("prompt", "where"),
    [
        ("make the background a city at night", CORNER),
        ("on the beach at sunset", CORNER),
        ("a different background, evening", CORNER),
        ("in a snowy forest", CORNER),
        ("in the mountains", CORNER),
        ("in the library", CORNER),
        ("in an office", CORNER),
        ("blue studio background", CORNER),
        ("wear a business suit", CHEST),
        ("a green dress", CHEST),
        ("a leather jacket", CHEST),
        ("blonde hair", CROWN),
        ("pink hair", CROWN),
    ],
)
def test_what_was_asked_for_changes_and_the_face_stays(
    portrait: Image.Image, prompt: str, where: Box
) -> None:
    face = changed(portrait, prompt, FACE)
    assert face < 0.09
    assert changed(portrait, prompt, where) > max(0.05, 2 * face)


@pytest.mark.parametrize("prompt", ["wear a business suit", "blonde hair", "smile"])
def test_a_place_nobody_wants_changed_stays(portrait: Image.Image, prompt: str) -> None:
    assert changed(portrait, prompt, CORNER) < 0.04


@pytest.mark.parametrize("prompt", ["black and white photo", "monochrome", "b&w", "greyscale"])
def test_grey_is_grey(portrait: Image.Image, prompt: str) -> None:
    # The mark of the sandbox in the lower right corner keeps its colours.
    upper = edited(portrait, prompt).crop((0, 0, SIZE[0], SIZE[1] * 3 // 4))
    red, green, blue = upper.split()
    assert red.tobytes() == green.tobytes() == blue.tobytes()


def test_a_smile_bends_the_mouth_and_nothing_else(portrait: Image.Image) -> None:
    assert changed(portrait, "smile", MOUTH) > 0.02
    assert changed(portrait, "smile", CHEST) < 0.03


@pytest.mark.parametrize("prompt", ["golden light", "neon light", "dramatic light", "zzz"])
def test_light_and_unknown_words_change_the_whole(portrait: Image.Image, prompt: str) -> None:
    assert changed(portrait, prompt, (0, 0, 1, 1)) > 0.02


def test_the_same_input_draws_the_same_and_seeds_differ(portrait: Image.Image) -> None:
    first = edited(portrait, "smile").tobytes()
    assert first == edited(portrait, "smile").tobytes()
    assert first != edited(portrait, "smile", seed=2).tobytes()


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (900, 40), (40, 900)])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_any_picture_can_be_a_source(size: tuple[int, int], mode: str) -> None:
    source = Image.new(mode, size, 120)
    prompt = "smile, red hair, smoother skin, in a suit, on the beach"
    assert draw_edit(Edit(source, prompt, 96, 128, 1)).size == (96, 128)


def test_garments_and_hair_are_not_taken_for_places_and_hours() -> None:
    suit = read_wish("a business suit")
    assert (suit.mood, suit.top) == (None, Top.JACKET)
    gown = read_wish("an evening dress and golden hair")
    assert (gown.mood, gown.top, gown.light) == (None, Top.V_NECK, None)
    assert gown.hair == read_wish("blonde hair").hair
    assert read_wish("a black-and-white photo").hair is None


@pytest.mark.parametrize(
    ("prompt", "place", "touch"),
    [
        ("evening", Place.CITY, Touch.NIGHT),
        ("at sunset", Place.BEACH, Touch.SUNSET),
        ("snow", Place.FOREST, Touch.WINTER),
        ("out in nature, autumn", Place.FOREST, Touch.AUTUMN),
        ("a library at night", Place.LIBRARY, Touch.NIGHT),
    ],
)
def test_an_hour_without_a_place_finds_one(prompt: str, place: Place, touch: Touch) -> None:
    mood = read_wish(prompt).mood
    assert mood is not None
    assert mood.place is place
    assert touch in mood.touches


def test_a_background_takes_the_colour_named_for_it() -> None:
    white, red = read_wish("a white background").mood, read_wish("background in red").mood
    assert white is not None
    assert red is not None
    assert white.place is red.place is Place.STUDIO
    assert white.palette != red.palette
