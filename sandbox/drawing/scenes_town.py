"""Painting places in town."""

import math

from sandbox.drawing.brush import Brush
from sandbox.drawing.canvas import Point
from sandbox.drawing.colors import Color, darker, lighter, mix
from sandbox.drawing.scene_parts import paint_skyline, paint_sun, paint_windows, sun_side


def paint_city(brush: Brush) -> None:
    """Houses in three depths."""
    colors = brush.palette
    paint_sun(brush, sun_side(brush), 0.22, 0.06)
    for layer, tone in enumerate((mix(colors.far, colors.horizon, 0.45), colors.far, colors.near)):
        paint_skyline(brush, 0.34 + 0.13 * layer, tone, windows=layer > 0)
    brush.box(0, 0.9, 1, 1, darker(colors.near, 0.35))


def paint_office(brush: Brush) -> None:
    """A large window, a sill and a plant."""
    colors = brush.palette
    brush.box(0.04, 0.06, 0.96, 0.66, lighter(colors.top, 0.35))
    paint_skyline(brush, 0.52, mix(colors.far, colors.top, 0.45), windows=False)
    for x in (0.04, 0.34, 0.65, 0.95):
        brush.box(x, 0, x + 0.014, 0.66, lighter(colors.horizon, 0.3))
    brush.box(0, 0.64, 1, 1, colors.horizon)
    brush.box(0, 0.64, 1, 0.665, colors.far)
    brush.box(0, 0.8, 1, 1, colors.near)
    brush.box(0, 0.8, 1, 0.815, lighter(colors.near, 0.3))
    x = brush.dice.choice([0.1, 0.88])
    for turn in range(-3, 4):
        leaf = [
            (x, 0.72),
            (x + 0.025 * turn - 0.02, 0.5),
            (x + 0.035 * turn, 0.42 + 0.02 * abs(turn)),
        ]
        brush.shape([*leaf, (x + 0.025 * turn + 0.025, 0.52)], (84, 140, 104))
    brush.box(x - 0.035, 0.7, x + 0.035, 0.81, colors.accent)


def paint_paris(brush: Brush) -> None:
    """The tower over the roofs."""
    colors = brush.palette
    paint_sun(brush, sun_side(brush), 0.18, 0.05)
    x = brush.dice.choice([0.2, 0.8])
    tone = mix(colors.near, colors.far, 0.35)
    _eiffel(brush, x, 0.8, 0.72, tone)
    _roofs(brush, 0.74, mix(colors.far, colors.horizon, 0.3))
    _roofs(brush, 0.83, colors.near)
    brush.box(0, 0.93, 1, 1, darker(colors.near, 0.3))


def _eiffel(brush: Brush, x: float, ground: float, high: float, tone: Color) -> None:
    def wide(share: float) -> float:
        return high * (0.012 + 0.21 * math.pow(1 - share, 2.6)) / brush.aspect

    steps = [step / 30 for step in range(31)]
    left: list[Point] = [(x - wide(share), ground - high * share) for share in steps]
    right: list[Point] = [(x + wide(share), ground - high * share) for share in reversed(steps)]
    brush.shape([*left, *right], tone)
    for low, top in ((0.0, 0.13), (0.18, 0.31), (0.36, 0.5)):
        sky = mix(brush.palette.top, brush.palette.horizon, ground - high * (low + top) / 2)
        gap = [(x - wide(low) * 0.62, ground - high * low), (x, ground - high * top)]
        brush.shape([*gap, (x + wide(low) * 0.62, ground - high * low)], sky)
    for share in (0.16, 0.34):
        reach = wide(share) * 1.18
        brush.box(
            x - reach, ground - high * (share + 0.02), x + reach, ground - high * share, tone
        )
    brush.box(x - 0.002, ground - high * 1.06, x + 0.002, ground - high, tone)


def _roofs(brush: Brush, top: float, tone: Color) -> None:
    x = -0.05
    while x < 1:
        wide, high = brush.dice.uniform(0.1, 0.18), top + brush.dice.uniform(-0.03, 0.03)
        brush.box(x, high, x + wide, 1, lighter(tone, 0.25))
        roof = [(x, high), (x + wide * 0.1, high - 0.06), (x + wide * 0.9, high - 0.06)]
        brush.shape([*roof, (x + wide, high)], tone)
        brush.box(x + wide * 0.7, high - 0.09, x + wide * 0.78, high - 0.05, darker(tone, 0.2))
        paint_windows(brush, (x, high + 0.01, wide), lighter(tone, 0.25), share=0.5)
        x += wide


def paint_cafe(brush: Brush) -> None:
    """Shelves under warm lamps."""
    colors, dice = brush.palette, brush.dice
    for row in range(2):
        floor = 0.34 + 0.2 * row
        brush.box(0, floor, 1, floor + 0.016, darker(colors.near, 0.1))
        x = 0.02
        while x < 0.98:
            high = dice.uniform(0.05, 0.12)
            tone = mix(colors.far, dice.choice([colors.accent, colors.near, (120, 140, 120)]), 0.6)
            brush.box(x, floor - high, x + 0.03, floor, tone)
            x += dice.uniform(0.04, 0.07)
    brush.box(0, 0.76, 1, 1, colors.near)
    brush.box(0, 0.76, 1, 0.785, lighter(colors.near, 0.2))
    for step in range(5):
        x = 0.1 + 0.2 * step
        line = brush.at(x, 0) + brush.at(x, 0.13)
        brush.draw.line(line, fill=colors.near, width=max(2, brush.image.height // 220))
        brush.glow(x, 0.15, 0.1, colors.accent, 0.55)
        brush.dot(x, 0.15, 0.022, lighter(colors.accent, 0.5))
