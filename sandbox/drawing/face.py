"""The features of a face: eyes, brows, nose, mouth, cheeks."""

from PIL import Image

from sandbox.drawing.canvas import Canvas, Point, oval, smooth
from sandbox.drawing.colors import darker, lighter, mix, shadow_of
from sandbox.drawing.looks import Look, Mouth, Pose

_EYE_Y = -0.06
_MOUTH_Y = 0.56
_EYE_X = 0.325
_WHITE = (252, 248, 242)
_INK = (44, 28, 34)


def _turned(pose: Pose, x: float) -> float:
    """Where a feature of the front ends up on a turned head."""
    return x * (1 - 0.10 * abs(pose.yaw)) + 0.17 * pose.yaw


def draw_face(canvas: Canvas, look: Look, pose: Pose, clip: Image.Image) -> None:
    """All features of a face; `clip` is the mask of the head."""
    _draw_cheeks(canvas, look, pose, clip)
    for side in (-1, 1):
        _draw_eye(canvas, look, pose, side, clip)
        _draw_brow(canvas, look, pose, side)
    _draw_nose(canvas, look, pose, clip)
    _draw_mouth(canvas, look, pose, clip)


def _draw_cheeks(canvas: Canvas, look: Look, pose: Pose, clip: Image.Image) -> None:
    blush = mix(look.skin, (226, 96, 88), 0.55)
    for side in (-1, 1):
        spot = oval(_turned(pose, side * 0.42), 0.27, 0.17, 0.12)
        canvas.soft(spot, blush, 0.5, 0.08, clip)
    if look.freckled:
        tone = mix(look.skin, (176, 96, 60), 0.55)
        for step in range(14):
            across = (step % 7 - 3) * 0.13 + 0.03 * (step // 7)
            down = 0.16 + 0.055 * ((step * 5) % 4)
            canvas.fill(oval(_turned(pose, across), down, 0.013, 0.012), tone, clip)


def _draw_eye(canvas: Canvas, look: Look, pose: Pose, side: int, clip: Image.Image) -> None:
    x = _turned(pose, side * _EYE_X)
    tall = 0.088 * pose.open_eyes
    outer = side * 0.165
    almond: list[Point] = smooth(
        [
            (x - outer, _EYE_Y + 0.02),
            (x - outer * 0.35, _EYE_Y - tall),
            (x + outer * 0.45, _EYE_Y - tall * 0.95),
            (x + outer, _EYE_Y - 0.012),
            (x + outer * 0.4, _EYE_Y + tall * 0.72),
            (x - outer * 0.4, _EYE_Y + tall * 0.74),
        ]
    )
    canvas.soft(oval(x, _EYE_Y - 0.05, 0.2, 0.14), shadow_of(look.skin, 0.4), 0.42, 0.05, clip)
    canvas.fill(almond, _WHITE)
    within = canvas.mask(almond)
    iris_x = x + 0.035 * pose.yaw
    canvas.fill(oval(iris_x, _EYE_Y - 0.006, 0.086, 0.088), darker(look.eyes, 0.45), within)
    canvas.fill(oval(iris_x, _EYE_Y, 0.072, 0.075), look.eyes, within)
    canvas.fill(oval(iris_x, _EYE_Y - 0.006, 0.037, 0.039), _INK, within)
    canvas.soft(oval(x, _EYE_Y - tall, 0.2, 0.04), _INK, 0.4, 0.02, within)
    glint = oval(iris_x + 0.03 * pose.light, _EYE_Y - 0.032, 0.021, 0.021)
    canvas.fill(glint, (255, 255, 255), within)
    _draw_eyelid(canvas, look, x, outer, tall)


def _draw_eyelid(canvas: Canvas, look: Look, x: float, outer: float, tall: float) -> None:
    """The upper lash line, thicker and winged with lashes, and the fold above it."""
    thick = 0.05 if look.lashes else 0.028
    reach = 1.28 if look.lashes else 1.05
    lash = [
        (x - outer * 1.03, _EYE_Y + 0.022),
        (x - outer * 0.35, _EYE_Y - tall - 0.008),
        (x + outer * 0.45, _EYE_Y - tall - 0.004),
        (x + outer * reach, _EYE_Y - (0.05 if look.lashes else 0.01)),
        (x + outer * 0.5, _EYE_Y - tall - thick),
        (x - outer * 0.35, _EYE_Y - tall - thick * 0.9),
    ]
    canvas.fill(smooth(lash), _INK)
    fold = [
        (x - outer * 0.8, _EYE_Y - tall * 0.9 - 0.035),
        (x, _EYE_Y - tall - 0.085),
        (x + outer * 0.9, _EYE_Y - tall * 0.9 - 0.04),
    ]
    canvas.stroke(_arc(fold), shadow_of(look.skin, 0.34), 0.012)


def _draw_brow(canvas: Canvas, look: Look, pose: Pose, side: int) -> None:
    x = _turned(pose, side * _EYE_X)
    y = _EYE_Y - 0.24 - pose.brow_lift
    thick, out = look.brow_width, side * 0.2
    shape = [
        (x - out, y - 0.012),
        (x - out * 0.2, y - 0.05),
        (x + out * 0.5, y - 0.048),
        (x + out * 1.12, y + 0.035),
        (x + out * 0.5, y - 0.048 + thick * 0.8),
        (x - out * 0.3, y - 0.05 + thick),
        (x - out, y - 0.012 + thick * 0.7),
    ]
    canvas.fill(smooth(shape), darker(look.hair_color, 0.18))


def _draw_nose(canvas: Canvas, look: Look, pose: Pose, clip: Image.Image) -> None:
    x = _turned(pose, 0.0) + 0.05 * pose.yaw
    shade = shadow_of(look.skin, 0.36)
    away = -pose.light
    side = [(x + away * 0.03, -0.08), (x + away * 0.13, 0.26), (x + away * 0.03, 0.29)]
    canvas.soft(side, shade, 0.6, 0.035, clip)
    canvas.soft(oval(x, 0.31, 0.12, 0.04), shade, 0.7, 0.03, clip)
    light = oval(x + 0.03 * pose.light, 0.17, 0.035, 0.09)
    canvas.soft(light, lighter(look.skin, 0.7), 0.65, 0.03, clip)
    for wing in (-1, 1):
        canvas.soft(oval(x + wing * 0.055, 0.30, 0.026, 0.012), (92, 40, 40), 0.6, 0.012, clip)


def _draw_mouth(canvas: Canvas, look: Look, pose: Pose, clip: Image.Image) -> None:
    x = _turned(pose, 0.0) + 0.02 * pose.yaw
    shade = shadow_of(look.skin, 0.36)
    canvas.soft(oval(x, _MOUTH_Y + 0.17, 0.16, 0.035), shade, 0.5, 0.03, clip)
    if pose.mouth is Mouth.GRIN:
        _draw_grin(canvas, look, x)
        return
    lift = 0.055 if pose.mouth is Mouth.SMILE else 0.005
    wide = 0.25 if pose.mouth is Mouth.SMILE else 0.21
    y = _MOUTH_Y
    upper = [
        (x - wide, y - lift),
        (x - 0.09, y - 0.052),
        (x, y - 0.036),
        (x + 0.09, y - 0.052),
        (x + wide, y - lift),
        (x, y + 0.02),
    ]
    lower = [(x - wide, y - lift), (x, y + 0.014), (x + wide, y - lift), (x, y + 0.1)]
    canvas.fill(smooth(lower), lighter(look.lips, 0.1))
    canvas.fill(smooth(upper), darker(look.lips, 0.12))
    line = _arc([(x - wide, y - lift), (x, y + 0.018), (x + wide, y - lift)])
    canvas.stroke(line, darker(look.lips, 0.5), 0.016)


def _draw_grin(canvas: Canvas, look: Look, x: float) -> None:
    y = _MOUTH_Y
    opening = smooth(
        [
            (x - 0.27, y - 0.07),
            (x, y - 0.03),
            (x + 0.27, y - 0.07),
            (x + 0.15, y + 0.1),
            (x, y + 0.14),
            (x - 0.15, y + 0.1),
        ]
    )
    lips = smooth(
        [
            (x - 0.31, y - 0.085),
            (x, y - 0.085),
            (x + 0.31, y - 0.085),
            (x + 0.18, y + 0.13),
            (x, y + 0.185),
            (x - 0.18, y + 0.13),
        ]
    )
    canvas.fill(lips, look.lips)
    canvas.fill(opening, (96, 34, 42))
    within = canvas.mask(opening)
    canvas.fill(oval(x, y - 0.03, 0.25, 0.085), (252, 248, 240), within)
    canvas.fill(oval(x, y + 0.13, 0.13, 0.05), (204, 98, 98), within)


def _arc(points: list[Point]) -> list[Point]:
    """An open quadratic curve through three points."""
    (x0, y0), (x1, y1), (x2, y2) = points
    bend_x, bend_y = 2 * x1 - (x0 + x2) / 2, 2 * y1 - (y0 + y2) / 2
    steps = [step / 14 for step in range(15)]
    return [
        (
            (1 - t) ** 2 * x0 + 2 * (1 - t) * t * bend_x + t**2 * x2,
            (1 - t) ** 2 * y0 + 2 * (1 - t) * t * bend_y + t**2 * y2,
        )
        for t in steps
    ]
