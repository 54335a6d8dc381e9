"""A canvas with smooth shapes, soft light, and its own units."""

import math
from collections.abc import Callable, Iterable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from sandbox.drawing.colors import Color

Point = tuple[float, float]
_CURVE_STEPS = 10
_SOFT_SHRINK = 4


def smooth(points: Sequence[Point]) -> list[Point]:
    """A closed Catmull-Rom curve through the points."""
    curve: list[Point] = []
    count = len(points)
    for index in range(count):
        before, start, end, after = (points[(index + shift) % count] for shift in (-1, 0, 1, 2))
        curve += [
            _between(before, start, end, after, step / _CURVE_STEPS)
            for step in range(_CURVE_STEPS)
        ]
    return curve


def _between(before: Point, start: Point, end: Point, after: Point, at: float) -> Point:
    x, y = (
        0.5
        * (
            2 * p1
            + (p2 - p0) * at
            + (2 * p0 - 5 * p1 + 4 * p2 - p3) * at**2
            + (3 * p1 - p0 - 3 * p2 + p3) * at**3
        )
        for p0, p1, p2, p3 in zip(before, start, end, after, strict=True)
    )
    return x, y


def oval(x: float, y: float, rx: float, ry: float) -> list[Point]:
    """Points of an ellipse."""
    turns = [2 * math.pi * step / 48 for step in range(48)]
    return [(x + rx * math.cos(turn), y + ry * math.sin(turn)) for turn in turns]


def mirrored(half: Sequence[Point]) -> list[Point]:
    """A closed shape from its right half, told from top to bottom."""
    return [*half, *((-x, y) for x, y in reversed(half) if x)]


def vertical_gradient(size: tuple[int, int], top: Color, bottom: Color) -> Image.Image:
    """A smooth way from one colour at the top to another at the bottom."""
    return ImageOps.colorize(Image.linear_gradient("L").resize(size), top, bottom)


class Canvas:
    """An RGBA picture whose shapes are given in units of their own.

    Args:
        size: Width and height in pixels.
        place: Turns a point in units into pixels.
        unit: How many pixels one unit is, for blurs.
    """

    def __init__(
        self, size: tuple[int, int], place: Callable[[Point], Point], unit: float
    ) -> None:
        self.image = Image.new("RGBA", size, (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self.image)
        self.place = place
        self._unit = unit

    def fill(self, points: Iterable[Point], color: Color, clip: Image.Image | None = None) -> None:
        """A crisp shape, inside of `clip` when given."""
        placed = [self.place(point) for point in points]
        if clip is None:
            self._draw.polygon(placed, fill=(*color, 255))
            return
        box = self._box(placed, 1)
        shape = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        ImageDraw.Draw(shape).polygon([(x - box[0], y - box[1]) for x, y in placed], fill=255)
        self.image.paste((*color, 255), box, ImageChops.multiply(shape, clip.crop(box)))

    def mask(self, points: Iterable[Point]) -> Image.Image:
        """The shape as a mask of the whole canvas."""
        made = Image.new("L", self.image.size)
        ImageDraw.Draw(made).polygon([self.place(point) for point in points], fill=255)
        return made

    def soft(
        self,
        points: Iterable[Point],
        color: Color,
        opacity: float,
        blur: float,
        clip: Image.Image,
    ) -> None:
        """A blurred shape inside of `clip`; `blur` in units, `opacity` 0 to 1."""
        placed = [self.place(point) for point in points]
        box = self._box(placed, 2.5 * blur * self._unit)
        width, height = box[2] - box[0], box[3] - box[1]
        small = Image.new("L", (width // _SOFT_SHRINK + 1, height // _SOFT_SHRINK + 1))
        local = [((x - box[0]) / _SOFT_SHRINK, (y - box[1]) / _SOFT_SHRINK) for x, y in placed]
        ImageDraw.Draw(small).polygon(local, fill=round(255 * opacity))
        small = small.filter(ImageFilter.GaussianBlur(blur * self._unit / _SOFT_SHRINK))
        grown = small.resize((width, height), Image.Resampling.BILINEAR)
        self.image.paste((*color, 255), box, ImageChops.multiply(grown, clip.crop(box)))

    def stroke(self, points: Sequence[Point], color: Color, width: float) -> None:
        """An open line with round ends; `width` in units."""
        thick = max(1, round(width * self._unit))
        placed = [self.place(point) for point in points]
        self._draw.line(placed, fill=(*color, 255), width=thick, joint="curve")
        radius = thick / 2
        for x, y in (placed[0], placed[-1]):
            box = (x - radius, y - radius, x + radius, y + radius)
            self._draw.ellipse(box, fill=(*color, 255))

    def _box(self, placed: Sequence[Point], margin: float) -> tuple[int, int, int, int]:
        """Where a shape can leave a mark: its bounds and a margin, within the canvas."""
        width, height = self.image.size
        columns, rows = [x for x, _ in placed], [y for _, y in placed]
        left, top = (max(0, math.floor(min(ends) - margin)) for ends in (columns, rows))
        right = min(width, math.ceil(max(columns) + margin))
        bottom = min(height, math.ceil(max(rows) + margin))
        # A shape beyond the edge leaves an empty strip rather than a box turned inside out.
        left, top = min(left, width - 1), min(top, height - 1)
        return left, top, max(right, left + 1), max(bottom, top + 1)
