"""`python -m sandbox.drawing.shelves PRESETS FOLDER`: draws a picture for each shelf of presets.

PRESETS is a TOML file of presets. Each category gets `ID.jpg` with an example of each of its
presets, in their order; `all.jpg` has one of each category.
"""

import sys
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image

from sandbox.drawing.looks import CHARACTERS
from sandbox.drawing.picture import Picture, Sitter, paint_picture
from sandbox.portraits import draw_portraits

WIDTH_PX, ROW_PX = 800, 340
ROWS = 2
_GAP_PX = 6
_SUBJECTS = ("woman", "man", "person")


def draw_shelf(prompts: Sequence[str], first: int = 0) -> Image.Image:
    """Return an example of each prompt in two rows, the people taking turns.

    Args:
        prompts: With `{subject}` where the person stands.
        first: Which of the people is on the first one.
    """
    upper = len(prompts) // ROWS
    rows = [prompts[:upper], prompts[upper:]] if upper else [prompts]
    sheet = Image.new("RGB", (WIDTH_PX, len(rows) * (ROW_PX + _GAP_PX) - _GAP_PX), "white")
    drawn = 0
    for number, row in enumerate(rows):
        for column, prompt in enumerate(row):
            left = column * (WIDTH_PX + _GAP_PX) // len(row)
            right = (column + 1) * (WIDTH_PX + _GAP_PX) // len(row) - _GAP_PX
            tile = _example(prompt, first + drawn, right - left)
            sheet.paste(tile, (left, number * (ROW_PX + _GAP_PX)))
            drawn += 1
    return sheet


def _example(prompt: str, number: int, width_px: int) -> Image.Image:
    who = number % len(CHARACTERS)
    words = prompt.replace("{subject}", _SUBJECTS[who])
    sitter = Sitter(_photos(who), 1.0)
    return paint_picture(Picture(words, width_px, ROW_PX, number, (sitter,)))


@cache
def _photos(who: int) -> tuple[bytes, ...]:
    return tuple(draw_portraits(who, 6))


def _draw_all(presets: Path, folder: Path) -> None:
    contents = tomllib.loads(presets.read_text(encoding="utf-8"))
    prompts: dict[str, list[str]] = {one["id"]: [] for one in contents["categories"]}
    for preset in contents["presets"]:
        prompts[preset["category"]].append(preset["prompt"])
    folder.mkdir(exist_ok=True)
    for first, (category, its_own) in enumerate(prompts.items()):
        _save(draw_shelf(its_own, first), folder / f"{category}.jpg")
    _save(draw_shelf([its_own[-1] for its_own in prompts.values()]), folder / "all.jpg")


def _save(sheet: Image.Image, path: Path) -> None:
    sheet.save(path, "JPEG", quality=76, optimize=True)


if __name__ == "__main__":
    _draw_all(Path(sys.argv[1]), Path(sys.argv[2]))
