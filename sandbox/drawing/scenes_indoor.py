"""Painting rooms: a library, and a studio with nothing in it."""

from sandbox.drawing.brush import Brush
from sandbox.drawing.colors import darker, lighter, mix


def paint_library(brush: Brush) -> None:
    """Full shelves from floor to ceiling under two lamps."""
    colors, dice = brush.palette, brush.dice
    brush.box(0, 0, 1, 1, darker(colors.near, 0.2))
    backs = [colors.accent, (58, 84, 112), (84, 104, 72), (196, 158, 96), (126, 70, 92)]
    for row in range(7):
        floor = 0.13 + 0.145 * row
        x = 0.01
        while x < 0.99:
            wide, high = dice.uniform(0.012, 0.03), dice.uniform(0.085, 0.12)
            tone = mix(dice.choice(backs), colors.far, dice.uniform(0.1, 0.5))
            brush.box(x, floor - high, x + wide, floor, tone)
            brush.box(x, floor - high * 0.8, x + wide, floor - high * 0.76, lighter(tone, 0.4))
            x += wide + (0.03 if dice.random() < 0.06 else 0.002)
        brush.box(0, floor, 1, floor + 0.018, lighter(colors.far, 0.12))
    for x in (0.0, 0.33, 0.66, 0.99):
        brush.box(x - 0.008, 0, x + 0.008, 1, colors.far)
    for x in (0.14, 0.86):
        brush.glow(x, 0.16, 0.26, colors.light, 0.4)


def paint_studio(brush: Brush) -> None:
    """A seamless paper with a pool of light."""
    colors = brush.palette
    x = brush.dice.uniform(0.35, 0.65)
    brush.glow(x, 0.36, 0.42, lighter(colors.horizon, 0.5), 0.7)
    brush.box(0, 0.86, 1, 1, mix(colors.near, colors.horizon, 0.35))
    brush.glow(x, 0.9, 0.2, colors.horizon, 0.6)
