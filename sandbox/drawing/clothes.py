"""Shoulders and what they wear."""

from PIL import Image

from sandbox.drawing.canvas import Canvas, Point, oval, smooth
from sandbox.drawing.colors import darker, lighter
from sandbox.drawing.looks import Look, Pose, Top

_SHOULDERS: list[Point] = [
    (0.44, 1.42),
    (0.80, 1.60),
    (1.36, 1.86),
    (1.68, 2.30),
    (1.86, 3.20),
    (1.9, 4.6),
    (0.0, 4.6),
]
_LINEN = (246, 240, 230)


def draw_clothes(canvas: Canvas, look: Look, pose: Pose) -> None:
    """The body in the clothes of this pose."""
    neckline = _neckline(pose.top)
    body = smooth([*_SHOULDERS, *((-x, y) for x, y in reversed(_SHOULDERS[:-1])), *neckline])
    if pose.top is Top.JACKET:
        _draw_shirt_front(canvas)
    canvas.fill(body, pose.cloth)
    clip = canvas.mask(body)
    _shade(canvas, pose, clip)
    match pose.top:
        case Top.SHIRT:
            _draw_collar(canvas, pose)
        case Top.TURTLENECK:
            _draw_roll(canvas, look, pose)
        case Top.JACKET:
            _draw_lapels(canvas, pose)
        case Top.CREW | Top.V_NECK:
            rim = [*neckline, *((x * 0.86, y + 0.075) for x, y in reversed(neckline))]
            canvas.fill(rim, darker(pose.cloth, 0.2))


def _neckline(top: Top) -> list[Point]:
    """From the left shoulder to the right one."""
    depths = {
        Top.CREW: [(-0.40, 1.50), (-0.22, 1.66), (0.0, 1.71), (0.22, 1.66), (0.40, 1.50)],
        Top.V_NECK: [(-0.40, 1.50), (-0.20, 1.84), (0.0, 2.12), (0.20, 1.84), (0.40, 1.50)],
        Top.SHIRT: [(-0.38, 1.42), (-0.18, 1.70), (0.0, 1.92), (0.18, 1.70), (0.38, 1.42)],
        Top.JACKET: [(-0.40, 1.42), (-0.26, 2.0), (0.0, 2.75), (0.26, 2.0), (0.40, 1.42)],
        Top.TURTLENECK: [(-0.42, 1.3), (-0.22, 1.4), (0.0, 1.43), (0.22, 1.4), (0.42, 1.3)],
    }
    return depths[top]


def _shade(canvas: Canvas, pose: Pose, clip: Image.Image) -> None:
    dark, glow = darker(pose.cloth, 0.45), lighter(pose.cloth, 0.3)
    away = -pose.light
    canvas.soft(oval(away * 1.7, 2.9, 0.75, 1.6), dark, 0.6, 0.24, clip)
    canvas.soft(oval(pose.light * 1.05, 2.05, 0.42, 0.3), glow, 0.5, 0.2, clip)
    canvas.soft(oval(0.0, 1.72, 0.62, 0.2), dark, 0.4, 0.12, clip)
    for side in (-1, 1):
        fold = [(side * 1.12, 2.7), (side * 1.2, 2.7), (side * 1.32, 4.4), (side * 1.2, 4.4)]
        canvas.soft(fold, dark, 0.55, 0.04, clip)


def _draw_collar(canvas: Canvas, pose: Pose) -> None:
    for side in (-1, 1):
        flap = [(0.34, 1.32), (0.46, 1.44), (0.50, 1.98), (0.05, 1.93)]
        tone = lighter(pose.cloth, 0.28 if side == pose.light else 0.12)
        canvas.fill([(side * x, y) for x, y in flap], tone)
    canvas.stroke([(0.0, 1.96), (0.0, 4.6)], darker(pose.cloth, 0.3), 0.036)
    for y in (2.2, 2.75, 3.3):
        canvas.fill(oval(0.09, y, 0.04, 0.04), lighter(pose.cloth, 0.55))


def _draw_roll(canvas: Canvas, look: Look, pose: Pose) -> None:
    wide = 0.46 * look.jaw
    roll = smooth(
        [
            (-wide, 1.12),
            (0.0, 1.24),
            (wide, 1.12),
            (wide + 0.08, 1.5),
            (0.0, 1.66),
            (-wide - 0.08, 1.5),
        ]
    )
    canvas.fill(roll, pose.cloth)
    clip = canvas.mask(roll)
    canvas.soft(oval(-pose.light * 0.42, 1.4, 0.22, 0.4), darker(pose.cloth, 0.4), 0.6, 0.08, clip)
    canvas.soft(oval(0.0, 1.2, 0.6, 0.09), darker(pose.cloth, 0.45), 0.5, 0.05, clip)
    canvas.soft(oval(0.0, 1.66, 0.6, 0.05), darker(pose.cloth, 0.4), 0.5, 0.03, clip)


def _draw_shirt_front(canvas: Canvas) -> None:
    front = [(-0.46, 1.5), (-0.2, 1.74), (0.0, 1.8), (0.2, 1.74), (0.46, 1.5), (0.6, 3.2)]
    shape = [*front, (-0.6, 3.2)]
    canvas.fill(shape, _LINEN)
    clip = canvas.mask(shape)
    canvas.soft(oval(0.0, 1.76, 0.5, 0.12), darker(_LINEN, 0.35), 0.5, 0.08, clip)


def _draw_lapels(canvas: Canvas, pose: Pose) -> None:
    lapel = [(0.38, 1.38), (0.62, 1.58), (0.78, 2.06), (0.56, 2.14), (0.60, 2.28), (0.02, 2.95)]
    for side in (-1, 1):
        tone = lighter(pose.cloth, 0.14) if side == pose.light else darker(pose.cloth, 0.16)
        canvas.fill([(side * x, y) for x, y in lapel], tone)
