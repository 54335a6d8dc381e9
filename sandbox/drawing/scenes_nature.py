"""Painting places in nature, and the one that has no name."""

import math

from sandbox.drawing.brush import Brush
from sandbox.drawing.canvas import Point
from sandbox.drawing.colors import Color, darker, lighter, mix
from sandbox.drawing.palettes import Touch
from sandbox.drawing.scene_parts import paint_sun, sun_side


def paint_beach(brush: Brush) -> None:
    """Sea, sand and a palm."""
    colors = brush.palette
    paint_sun(brush, sun_side(brush), 0.2, 0.07)
    horizon = brush.dice.uniform(0.44, 0.5)
    brush.box(0, horizon, 1, 1, colors.far)
    brush.box(0, horizon, 1, horizon + 0.06, lighter(colors.far, 0.25))
    for _ in range(40):
        x, y = brush.dice.random(), brush.dice.uniform(horizon + 0.02, 0.68)
        brush.box(x, y, x + brush.dice.uniform(0.02, 0.09), y + 0.003, lighter(colors.far, 0.55))
    shore = [(0.0, 0.74), (0.25, 0.70), (0.55, 0.74), (0.8, 0.69), (1.0, 0.72)]
    brush.shape([*((x, y - 0.02) for x, y in shore), (1, 1), (0, 1)], (250, 252, 246))
    brush.shape([*shore, (1.0, 1.0), (0.0, 1.0)], colors.near)
    side = brush.dice.choice([-0.02, 1.02])
    _palm(brush, side)


def _palm(brush: Brush, x: float) -> None:
    lean = 0.13 if x < 0.5 else -0.13
    tone = darker(mix(brush.palette.near, (70, 110, 70), 0.6), 0.35)
    top = (x + lean, 0.28)
    brush.shape([(x - 0.02, 0.95), (x + 0.02, 0.95), (top[0] + 0.008, 0.28), top], tone)
    for turn in range(-3, 4):
        tip = top[0] + 0.085 * turn, top[1] + 0.03 * turn * turn - 0.07
        middle = (top[0] + tip[0]) / 2, min(top[1], tip[1]) - 0.03
        brush.shape([top, middle, tip, (middle[0], middle[1] + 0.045)], tone)


def paint_forest(brush: Brush) -> None:
    """Pines in four depths."""
    colors = brush.palette
    paint_sun(brush, brush.dice.uniform(0.3, 0.7), 0.18, 0.09)
    for layer in range(4):
        tone = mix(mix(colors.horizon, colors.far, 0.6), colors.near, layer / 3)
        ground = 0.62 + 0.1 * layer
        for _ in range(15 - 2 * layer):
            _pine(brush, brush.dice.random(), ground, brush.dice.uniform(0.3, 0.46), tone)
        brush.ridge(ground, 0.015, tone)


def _pine(brush: Brush, x: float, ground: float, high: float, tone: Color) -> None:
    wide = high * 0.3 / brush.aspect
    brush.box(
        x - wide * 0.06, ground - high * 0.2, x + wide * 0.06, ground + 0.03, darker(tone, 0.3)
    )
    for tier in range(4):
        top = ground - high + tier * high * 0.19
        reach = wide * (0.34 + 0.17 * tier)
        base = top + high * 0.34
        brush.shape([(x, top), (x + reach, base), (x - reach, base)], tone)
        if Touch.WINTER in brush.touches:
            cap = [
                (x, top),
                (x + reach * 0.4, top + high * 0.13),
                (x - reach * 0.5, top + high * 0.17),
            ]
            brush.shape(cap, mix(tone, (250, 252, 255), 0.8))


def paint_space(brush: Brush) -> None:
    """Stars, clouds of light and a ringed planet."""
    colors, dice = brush.palette, brush.dice
    for _ in range(5):
        tone = dice.choice([colors.far, colors.accent, (70, 110, 200)])
        brush.glow(dice.random(), dice.random() * 0.8, dice.uniform(0.12, 0.3), tone, 0.42)
    for _ in range(260):
        brush.dot(dice.random(), dice.random(), dice.uniform(0.0006, 0.0028), (240, 240, 255))
    x, y, radius = sun_side(brush), dice.uniform(0.2, 0.36), dice.uniform(0.1, 0.16)
    brush.glow(x, y, radius * 1.5, colors.accent, 0.35)
    brush.dot(x, y, radius, colors.accent)
    brush.dot(x - radius * 0.12, y - radius * 0.1, radius * 0.86, lighter(colors.accent, 0.25))
    _ring(brush, x, y, radius)
    brush.ridge(0.9, 0.03, darker(colors.near, 0.2))


def _ring(brush: Brush, x: float, y: float, radius: float) -> None:
    """A tilted ring; its far half hides behind the planet."""
    turns = [0.12 + math.pi * 0.97 * step / 40 for step in range(-9, 50)]
    points: list[Point] = []
    for turn in turns:
        across, down = 1.75 * radius * math.cos(turn), 0.42 * radius * math.sin(turn)
        points.append(brush.at(x + (across - 0.3 * down) / brush.aspect, y + down + 0.28 * across))
    tone = lighter(brush.palette.accent, 0.6)
    brush.draw.line(points, fill=tone, width=max(2, brush.image.height // 90), joint="curve")


def paint_mountains(brush: Brush) -> None:
    """Peaks with snow."""
    colors = brush.palette
    paint_sun(brush, sun_side(brush), 0.18, 0.06)
    for layer in range(3):
        tone = mix(mix(colors.far, colors.horizon, 0.4), colors.near, layer / 2.4)
        for _ in range(4):
            _peak(brush, brush.dice.uniform(-0.1, 1.1), 0.28 + 0.14 * layer, tone)
        brush.ridge(0.66 + 0.1 * layer, 0.04, tone)
    brush.ridge(0.9, 0.02, darker(colors.near, 0.15))


def _peak(brush: Brush, x: float, base: float, tone: Color) -> None:
    top = base + brush.dice.uniform(-0.06, 0.1)
    reach = brush.dice.uniform(0.26, 0.4)
    brush.shape([(x, top), (x + reach, 0.85), (x - reach, 0.85)], tone)
    brush.shape([(x, top), (x + reach, 0.85), (x + reach * 0.2, 0.85)], darker(tone, 0.14))
    snow = [
        (x, top),
        (x + reach * 0.2, top + 0.11),
        (x + 0.02, top + 0.08),
        (x - 0.02, top + 0.12),
    ]
    brush.shape([*snow, (x - reach * 0.18, top + 0.1)], mix(tone, (252, 253, 255), 0.85))


def paint_desert(brush: Brush) -> None:
    """Dunes and a cactus."""
    colors = brush.palette
    paint_sun(brush, sun_side(brush), 0.22, 0.08)
    for layer in range(4):
        brush.ridge(0.54 + 0.12 * layer, 0.05, mix(colors.far, colors.near, layer / 3))
    x = brush.dice.choice([0.1, 0.9])
    green = darker(mix((86, 128, 84), colors.near, 0.25), 0.15)
    brush.box(x - 0.014, 0.46, x + 0.014, 0.8, green)
    for side, top in ((-1, 0.55), (1, 0.6)):
        brush.box(x + side * 0.05 - 0.01, top, x + side * 0.05 + 0.01, top + 0.1, green)
        ends = sorted((x, x + side * 0.05))
        brush.box(ends[0], top + 0.08, ends[1], top + 0.1, green)


def paint_garden(brush: Brush) -> None:
    """Bushes and flowers."""
    colors, dice = brush.palette, brush.dice
    paint_sun(brush, sun_side(brush), 0.18, 0.06)
    for layer in range(3):
        tone = mix(colors.far, colors.near, layer / 2)
        for _ in range(9):
            x, y = dice.random(), 0.5 + 0.13 * layer + dice.uniform(-0.04, 0.04)
            brush.dot(x, y, dice.uniform(0.07, 0.13), tone)
        brush.ridge(0.56 + 0.13 * layer, 0.02, tone)
    petals = [colors.accent, lighter(colors.accent, 0.5), (250, 214, 120)]
    for _ in range(70):
        x, y = dice.random(), dice.uniform(0.6, 1.0)
        radius, tone = 0.008 + 0.016 * (y - 0.55), dice.choice(petals)
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            brush.dot(x + dx * radius / brush.aspect, y + dy * radius, radius * 0.8, tone)
        brush.dot(x, y, radius * 0.6, (255, 238, 170))


def paint_abstract(brush: Brush) -> None:
    """Soft light in colours of the prompt's own."""
    colors, dice = brush.palette, brush.dice
    paint_sun(brush, dice.uniform(0.3, 0.7), 0.4, 0.3)
    for _ in range(7):
        tone = dice.choice([colors.far, colors.accent, colors.horizon, colors.top])
        brush.glow(dice.random(), dice.random(), dice.uniform(0.1, 0.28), tone, 0.5)
    brush.ridge(0.78, 0.08, mix(colors.far, colors.horizon, 0.2))
    brush.ridge(0.88, 0.06, colors.near)
