"""Hair and beard."""

from sandbox.drawing.canvas import Canvas, Point, mirrored, oval, smooth
from sandbox.drawing.colors import darker, lighter
from sandbox.drawing.looks import Hair, Look, Pose

# Shapes of front hair, told clockwise from the left ear; see the units of `person`.
_LEFT_CURTAIN: list[Point] = [
    (-0.20, -1.30),
    (-0.70, -1.14),
    (-0.98, -0.55),
    (-1.00, 0.15),
    (-1.05, 0.95),
    (-1.00, 1.55),
    (-0.86, 1.62),
    (-0.78, 0.90),
    (-0.76, 0.20),
    (-0.70, -0.22),
    (-0.50, -0.62),
    (-0.22, -0.92),
]
_RIGHT_CURTAIN: list[Point] = [
    (-0.28, -1.29),
    (0.20, -1.34),
    (0.72, -1.12),
    (0.98, -0.52),
    (1.02, 0.20),
    (1.05, 0.98),
    (1.00, 1.58),
    (0.86, 1.64),
    (0.79, 0.92),
    (0.77, 0.20),
    (0.70, -0.30),
    (0.40, -0.66),
    (0.02, -0.86),
    (-0.24, -0.94),
]
_SHORT_TOP: list[Point] = [
    (-0.79, -0.02),
    (-0.86, -0.52),
    (-0.70, -1.06),
    (-0.28, -1.32),
    (0.26, -1.36),
    (0.70, -1.10),
    (0.86, -0.52),
    (0.79, -0.02),
    (0.73, -0.30),
    (0.64, -0.60),
    (0.34, -0.72),
    (-0.02, -0.68),
    (-0.38, -0.76),
    (-0.64, -0.58),
    (-0.73, -0.30),
]
_TOUSLED_TOP: list[Point] = [
    (-0.80, 0.16),
    (-0.92, -0.34),
    (-0.92, -0.86),
    (-0.66, -1.12),
    (-0.58, -1.30),
    (-0.26, -1.32),
    (0.02, -1.48),
    (0.30, -1.34),
    (0.62, -1.30),
    (0.78, -1.02),
    (0.96, -0.78),
    (0.90, -0.34),
    (0.82, 0.12),
    (0.72, -0.20),
    (0.66, -0.46),
    (0.44, -0.42),
    (0.22, -0.66),
    (-0.04, -0.52),
    (-0.30, -0.72),
    (-0.46, -0.48),
    (-0.66, -0.46),
    (-0.72, -0.12),
]


def draw_back_hair(canvas: Canvas, look: Look, pose: Pose) -> None:
    """What hangs behind the head and over the shoulders."""
    if look.hair is not Hair.LONG:
        return
    half: list[Point] = [
        (0.0, -1.34),
        (0.62, -1.18),
        (0.98, -0.55),
        (1.08, 0.30),
        (1.16, 1.10),
        (1.02, 1.86),
        (0.62, 2.12),
        (0.0, 1.9),
    ]
    shape = smooth(mirrored(half))
    canvas.fill(shape, darker(look.hair_color, 0.2))
    clip = canvas.mask(shape)
    sheen = lighter(look.hair_color, 0.22)
    canvas.soft(oval(pose.light * 0.92, 0.9, 0.13, 0.9), sheen, 0.55, 0.12, clip)


def draw_front_hair(canvas: Canvas, look: Look, pose: Pose) -> None:
    """What frames the face."""
    shapes = {
        Hair.LONG: [_LEFT_CURTAIN, _RIGHT_CURTAIN],
        Hair.SHORT: [_SHORT_TOP],
        Hair.TOUSLED: [_TOUSLED_TOP],
    }[look.hair]
    for points in shapes:
        shape = smooth([(x + 0.05 * pose.yaw * (1 + y), y) for x, y in points])
        canvas.fill(shape, look.hair_color)
        clip = canvas.mask(shape)
        shade, sheen = darker(look.hair_color, 0.5), lighter(look.hair_color, 0.35)
        canvas.soft(oval(-pose.light * 0.85, -0.4, 0.4, 1.1), shade, 0.6, 0.16, clip)
        canvas.soft(oval(pose.light * 0.38, -1.02, 0.36, 0.11), sheen, 0.6, 0.09, clip)
        canvas.soft(oval(pose.light * 0.90, 0.2, 0.07, 0.6), sheen, 0.45, 0.07, clip)


def draw_beard(canvas: Canvas, look: Look, pose: Pose) -> None:
    """A full beard with a moustache."""
    shift = 0.14 * pose.yaw
    half: list[Point] = [
        (0.0, 0.43),
        (0.20, 0.40),
        (0.36, 0.50),
        (0.52, 0.34),
        (0.66, 0.02),
        (0.765, 0.0),
        (0.735, 0.42),
        (0.56, 0.88),
        (0.26, 1.16),
        (0.0, 1.20),
    ]
    shape = smooth([(x + shift * min(1.0, max(0.0, y)), y) for x, y in mirrored(half)])
    canvas.fill(shape, look.hair_color)
    clip = canvas.mask(shape)
    away = -pose.light
    canvas.soft(oval(away * 0.7, 0.6, 0.4, 0.7), darker(look.hair_color, 0.5), 0.6, 0.14, clip)
    glow = lighter(look.hair_color, 0.25)
    canvas.soft(oval(pose.light * 0.45, 0.75, 0.18, 0.3), glow, 0.45, 0.1, clip)
