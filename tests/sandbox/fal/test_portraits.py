"""The sample portraits and the words that pictures understand."""

import contextlib
import io
import random

import pytest
from PIL import Image

from sandbox.drawing.edits import Edit, draw_edit
from sandbox.drawing.moods import read_mood
from sandbox.drawing.palettes import Place, Touch
from sandbox.drawing.picture import SKETCH_PX, Picture, Sitter, draw_picture
from sandbox.drawing.scenes import PAINTERS
from sandbox.drawing.shelves import ROW_PX, WIDTH_PX, draw_shelf
from sandbox.fal.archive import read_archive
from sandbox.fal.failures import MINIMUM_IMAGES, JobFailure
from sandbox.portraits import draw_portraits
from tests.sandbox.fal.fal_kit import archive, photo


def test_portraits_are_different_jpegs_of_the_promised_size() -> None:
    drawn = [portrait for who in range(3) for portrait in draw_portraits(who, 2)]
    assert len(set(drawn)) == len(drawn)
    for data in drawn:
        with Image.open(io.BytesIO(data)) as image:
            assert (image.format, image.size) == ("JPEG", (960, 1280))


def test_the_same_seed_draws_the_same_portraits() -> None:
    assert draw_portraits(1, 1, seed=5) == draw_portraits(1, 1, seed=5)
    assert draw_portraits(1, 1, seed=5) != draw_portraits(1, 1, seed=6)


def test_there_are_three_characters() -> None:
    with pytest.raises(ValueError, match="0 to 2"):
        draw_portraits(3, 1)


@pytest.mark.parametrize(
    ("prompt", "place"),
    [
        ("on the beach", Place.BEACH),
        ("in a big city", Place.CITY),
        ("a walk in the mountains", Place.MOUNTAINS),
        ("a winter forest", Place.FOREST),
        ("in space", Place.SPACE),
        ("in an office", Place.OFFICE),
        ("Paris in spring", Place.PARIS),
        ("портрет на пляже", Place.ABSTRACT),
        ("MY_BEACH_A3F2, portrait photo", Place.ABSTRACT),
    ],
)
def test_a_place_is_read_in_english_and_in_no_other_language(prompt: str, place: Place) -> None:
    assert read_mood(prompt).place is place


def test_touches_are_read_beside_the_place() -> None:
    assert read_mood("cinematic winter night in the city").touches == {
        Touch.CINEMATIC,
        Touch.WINTER,
        Touch.NIGHT,
    }


def test_prompts_without_a_place_get_their_own_colours() -> None:
    palettes = {read_mood(f"portrait {number}").palette for number in range(8)}
    assert len(palettes) > 4


def test_every_place_has_its_painter() -> None:
    assert set(PAINTERS) == set(Place)


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_archive_never_breaks_the_reader(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  (damage, not a secret)
    for _ in range(5):
        data = bytearray(archive())
        for _ in range(6):
            data[dice.randrange(len(data))] = dice.randrange(256)
        # Harmless damage is read, any other ends in a failure of the job; nothing else may come.
        with contextlib.suppress(JobFailure):
            assert len(read_archive(bytes(data), "images_data_url")) >= MINIMUM_IMAGES


@pytest.mark.parametrize("place", list(Place))
def test_every_place_is_painted_in_every_light(place: Place) -> None:
    drawn = [draw_picture(Picture(f"{place} {touch}", 64, 48, 1, ())).tobytes() for touch in Touch]
    assert len(set(drawn)) == len(Touch)


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (1800, 40)])
@pytest.mark.parametrize("scale", [0.3, 1.0, 3.0])
def test_odd_sizes_and_tiny_photos_are_drawn_too(size: tuple[int, int], scale: float) -> None:
    sitter = Sitter((photo(),), scale)
    picture = Picture("winter cinematic beach", size[0], size[1], 3, (sitter,))
    assert draw_picture(picture).size == size


@pytest.mark.parametrize(("count", "rows"), [(1, 1), (5, 2), (8, 2)])
def test_a_shelf_has_an_example_of_each_prompt_in_rows_of_one_width(count: int, rows: int) -> None:
    sheet = draw_shelf(["photo of a {subject} in Paris"] * count)
    assert sheet.width == WIDTH_PX
    assert sheet.height // ROW_PX == rows


@pytest.mark.parametrize("size", [(1024, 768), (64, 48), (300, 1)])
def test_a_sketch_has_the_size_that_was_asked_for_too(size: tuple[int, int]) -> None:
    sitter = Sitter((photo(),), 1.0)
    sketch = Picture("winter cinematic beach", *size, 3, (sitter,), detail_px=SKETCH_PX)
    assert draw_picture(sketch).size == size
    assert draw_picture(sketch).tobytes() == draw_picture(sketch).tobytes()
    edit = Edit(draw_picture(sketch), "on a beach", *size, 3, detail_px=SKETCH_PX)
    assert draw_edit(edit).size == size
