"""What several scenes share: sun and moon, houses and their lights."""

from sandbox.drawing.brush import Brush
from sandbox.drawing.colors import Color, lighter, mix
from sandbox.drawing.palettes import Touch

_LIT = (255, 222, 150)


def paint_sun(brush: Brush, x: float, y: float, radius: float) -> None:
    """The sun, or the moon and stars at night."""
    if Touch.NIGHT in brush.touches:
        for _ in range(110):
            spot = brush.dice.random(), brush.dice.random() * 0.6
            brush.dot(*spot, brush.dice.uniform(0.0007, 0.0024), (236, 238, 255))
        radius *= 0.7
    brush.glow(x, y, radius * 2.6, brush.palette.light, 0.6)
    brush.dot(x, y, radius, lighter(brush.palette.light, 0.4))


def sun_side(brush: Brush) -> float:
    """Where the sun stands: left or right, so that the person does not hide it."""
    return brush.dice.choice([brush.dice.uniform(0.1, 0.2), brush.dice.uniform(0.8, 0.9)])


def paint_skyline(brush: Brush, top: float, tone: Color, *, windows: bool) -> None:
    """A row of houses whose roofs stand around `top`."""
    x = -0.03
    dark = Touch.NIGHT in brush.touches or Touch.NEON in brush.touches
    while x < 1:
        wide, high = brush.dice.uniform(0.06, 0.13), top + brush.dice.uniform(-0.16, 0.1)
        brush.box(x, high, x + wide, 1, tone)
        if brush.dice.random() < 0.3:
            brush.box(x + wide * 0.47, high - 0.05, x + wide * 0.53, high, tone)
        if windows:
            paint_windows(brush, (x, high, wide), tone, share=0.55 if dark else 0.3)
        x += wide * brush.dice.uniform(0.85, 1.1)


def paint_windows(
    brush: Brush, house: tuple[float, float, float], tone: Color, *, share: float
) -> None:
    """Lights in a house (left, top, width); `share` of them are on."""
    left, top, wide = house
    lights = (_LIT, brush.palette.accent, brush.palette.light)
    for row in range(int((0.95 - top) / 0.032)):
        for column in range(4):
            if brush.dice.random() < share:
                x = left + wide * (0.14 + 0.2 * column)
                y = top + 0.016 + 0.032 * row
                lit = mix(tone, brush.dice.choice(lights), 0.75)
                brush.box(x, y, x + wide * 0.11, y + 0.015, lit)
