"""Drawing a person, head and shoulders, in a warm flat style with soft shading.

Units: the middle of the head is (0, 0), its half height is 1, y grows downwards.
"""

import math

from PIL import Image

from sandbox.drawing.canvas import Canvas, Point, mirrored, oval, smooth
from sandbox.drawing.clothes import draw_clothes
from sandbox.drawing.colors import lighter, mix, shadow_of
from sandbox.drawing.face import draw_face
from sandbox.drawing.hair import draw_back_hair, draw_beard, draw_front_hair
from sandbox.drawing.looks import Look, Pose

_ROLL_PIVOT_Y = 1.1


def draw_person(
    size: tuple[int, int], head: Point, unit: float, look: Look, pose: Pose
) -> Image.Image:
    """A person on a transparent ground.

    Args:
        size: Width and height in pixels.
        head: Middle of the head in pixels.
        unit: Half the height of the head in pixels.
        look: Who it is.
        pose: How it looks this time.
    """
    body = Canvas(size, lambda point: _placed(point, head, unit, 0.0), unit)
    crown = Canvas(size, lambda point: _placed(point, head, unit, pose.roll), unit)
    back = Canvas(size, lambda point: _placed(point, head, unit, pose.roll * 0.6), unit)
    draw_back_hair(back, look, pose)
    _draw_neck(body, look, pose)
    draw_clothes(body, look, pose)
    _draw_head(crown, look, pose)
    layers = Image.alpha_composite(back.image, body.image)
    return Image.alpha_composite(layers, crown.image)


def _placed(point: Point, head: Point, unit: float, roll: float) -> Point:
    x, y = point[0], point[1] - _ROLL_PIVOT_Y
    turned_x = x * math.cos(roll) - y * math.sin(roll)
    turned_y = x * math.sin(roll) + y * math.cos(roll) + _ROLL_PIVOT_Y
    return head[0] + turned_x * unit, head[1] + turned_y * unit


def head_outline(look: Look, pose: Pose) -> list[Point]:
    """The head without hair; a turned head has its chin to the side."""
    half = [
        (0.0, -1.06),
        (0.42, -0.98),
        (0.70, -0.58),
        (0.755, -0.08),
        (0.70 * look.jaw, 0.36),
        (0.50 * look.jaw, 0.76),
        (0.22 * look.jaw, 0.99),
        (0.0, 1.03),
    ]
    chin = [(x + 0.10 * pose.yaw * max(0.0, y), y) for x, y in mirrored(half)]
    return smooth(chin)


def _draw_neck(canvas: Canvas, look: Look, pose: Pose) -> None:
    wide = 0.40 * look.jaw
    half = [(wide - 0.02, 0.4), (wide, 1.0), (wide + 0.04, 1.38), (0.72, 1.72), (0.0, 2.6)]
    neck = smooth(mirrored(half))
    canvas.fill(neck, look.skin)
    clip = canvas.mask(neck)
    shade = shadow_of(look.skin, 0.5)
    # The head throws its shadow on the neck, away from the light.
    fallen = oval(0.08 * pose.yaw - 0.10 * pose.light, 0.86, 0.66, 0.46)
    canvas.soft(fallen, shade, 0.62, 0.07, clip)
    canvas.soft(oval(-0.5 * pose.light, 1.3, 0.3, 0.8), shade, 0.35, 0.12, clip)


def _draw_head(canvas: Canvas, look: Look, pose: Pose) -> None:
    _draw_ears(canvas, look, pose)
    outline = head_outline(look, pose)
    canvas.fill(outline, look.skin)
    clip = canvas.mask(outline)
    _shade_head(canvas, look, pose, clip)
    if not look.faceless:
        if look.bearded:
            draw_beard(canvas, look, pose)
        draw_face(canvas, look, pose, clip)
    draw_front_hair(canvas, look, pose)


def _draw_ears(canvas: Canvas, look: Look, pose: Pose) -> None:
    for side in (-1, 1):
        # A turned head hides the ear on the side to which it turns.
        x = side * (0.76 - 0.10 * max(0.0, side * pose.yaw))
        tone = mix(look.skin, shadow_of(look.skin, 0.4), 0.5 if side != pose.light else 0.15)
        canvas.fill(oval(x, 0.06, 0.11, 0.20), tone)
        canvas.fill(oval(x - side * 0.015, 0.07, 0.05, 0.11), shadow_of(tone, 0.25))


def _shade_head(canvas: Canvas, look: Look, pose: Pose, clip: Image.Image) -> None:
    shade, glow = shadow_of(look.skin, 0.42), lighter(look.skin, 0.55)
    away = -pose.light
    canvas.soft(oval(away * 0.86, 0.05, 0.42, 1.15), shade, 0.62, 0.16, clip)
    canvas.soft(oval(0.0, 1.08, 0.6, 0.2), shade, 0.4, 0.12, clip)
    canvas.soft(oval(0.0, -0.95, 0.8, 0.34), shade, 0.35, 0.12, clip)
    canvas.soft(oval(pose.light * 0.42, -0.30, 0.24, 0.46), glow, 0.45, 0.15, clip)
