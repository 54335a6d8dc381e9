"""`python -m sandbox.drawing.profile FILE`: draws the picture the bot shows of itself, a JPEG."""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

SIDE_PX = 640
"""What Telegram keeps as the largest size of a profile photo."""

_OVERSAMPLING = 4
_TOP, _BOTTOM = (255, 171, 122), (84, 58, 148)
_LIGHT, _STAR = (255, 246, 236), (255, 224, 130)


def draw_profile() -> Image.Image:
    """Return a person in a viewfinder with a spark beside, all within Telegram's circle."""
    side = SIDE_PX * _OVERSAMPLING
    image = _gradient(side)
    draw = ImageDraw.Draw(image)
    _draw_person(draw, side)
    _draw_corners(draw, side)
    _draw_star(draw, (side * 0.70, side * 0.295), side * 0.105)
    return image.resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)


def _gradient(side: int) -> Image.Image:
    mask = Image.linear_gradient("L").resize((side, side))
    return Image.composite(
        Image.new("RGB", (side, side), _BOTTOM), Image.new("RGB", (side, side), _TOP), mask
    )


def _draw_person(draw: ImageDraw.ImageDraw, side: int) -> None:
    head = [side * at for at in (0.385, 0.29, 0.615, 0.52)]
    draw.ellipse(head, fill=_LIGHT)
    # The shoulders are the upper half of an ellipse.
    draw.pieslice([side * at for at in (0.27, 0.56, 0.73, 0.96)], 180, 360, fill=_LIGHT)


def _draw_corners(draw: ImageDraw.ImageDraw, side: int) -> None:
    low, high, arm, radius = (side * part for part in (0.2, 0.8, 0.1, 0.06))
    width = round(side * 0.022)
    for x, inward_x in ((low, 1), (high, -1)):
        for y, inward_y in ((low, 1), (high, -1)):
            if (inward_x, inward_y) == (-1, 1):
                # Here stands the spark.
                continue
            centre = (x + inward_x * radius, y + inward_y * radius)
            box = [centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius]
            start = {(1, 1): 180, (1, -1): 90, (-1, -1): 0}[inward_x, inward_y]
            draw.arc(box, start, start + 90, fill=_LIGHT, width=width)
            for across, down in ((arm, 0.0), (0.0, arm)):
                _draw_arm(draw, (x, y), centre, (across * inward_x, down * inward_y), width)


def _draw_arm(
    draw: ImageDraw.ImageDraw,
    corner: tuple[float, float],
    centre: tuple[float, float],
    along: tuple[float, float],
    width: int,
) -> None:
    # `arc` draws inside its box, so the middle of the line is half a width further in.
    half = width / 2
    inward = [1 if middle > edge else -1 for edge, middle in zip(corner, centre, strict=True)]
    if along[0]:
        begin = (centre[0], corner[1] + inward[1] * half)
    else:
        begin = (corner[0] + inward[0] * half, centre[1])
    end = (begin[0] + along[0], begin[1] + along[1])
    draw.line([begin, end], fill=_LIGHT, width=width)
    draw.ellipse([end[0] - half, end[1] - half, end[0] + half, end[1] + half], fill=_LIGHT)


def _draw_star(draw: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float) -> None:
    # Four points with hollow sides: each side is a quarter of the curve |x|^p + |y|^p = 1.
    power, steps = 0.55, 60
    quarter = [
        ((1 - step / steps) ** (1 / power), (step / steps) ** (1 / power))
        for step in range(steps + 1)
    ]
    points = [
        (centre[0] + radius * x * right, centre[1] + radius * y * down)
        for right, down, curve in (
            (1, 1, quarter),
            (-1, 1, quarter[::-1]),
            (-1, -1, quarter),
            (1, -1, quarter[::-1]),
        )
        for x, y in curve
    ]
    draw.polygon(points, fill=_STAR)


if __name__ == "__main__":
    draw_profile().save(Path(sys.argv[1]), "JPEG", quality=92, optimize=True)
