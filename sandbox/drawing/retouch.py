"""Changes to the face and hair of a photo that leave the person as they are."""

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps, ImageStat

from sandbox.drawing.canvas import Point
from sandbox.drawing.colors import Color, darker, lighter
from sandbox.drawing.cutout import unlike_edges
from sandbox.drawing.frame import Frame, centroid
from sandbox.drawing.tones import skin

_COLUMNS, _ROWS = 10, 8
_REACH = (0.56, 0.4)
_ALIKE = 58


def smile(image: Image.Image, frame: Frame) -> Image.Image:
    """The corners of the mouth drawn up, by bending the photo around it."""
    x, y = _mouth(image, frame)
    reach = _REACH[0] * frame.unit, _REACH[1] * frame.unit
    corner = x - reach[0], y - reach[1]
    wide, high = 2 * reach[0] / _COLUMNS, 2 * reach[1] / _ROWS
    mesh = []
    for row in range(_ROWS):
        for column in range(_COLUMNS):
            quad: tuple[float, ...] = ()
            for right, below in ((0, 0), (0, 1), (1, 1), (1, 0)):
                place = corner[0] + (column + right) * wide, corner[1] + (row + below) * high
                lift = _lift((place[0] - x) / reach[0], (place[1] - y) / reach[1])
                quad += (place[0], place[1] + lift * frame.unit)
            target = (
                round(corner[0] + column * wide),
                round(corner[1] + row * high),
                round(corner[0] + (column + 1) * wide),
                round(corner[1] + (row + 1) * high),
            )
            mesh.append((target, quad))
    moved = image.transform(image.size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)
    within = Image.new("L", image.size)
    # The mesh ends at whole pixels, so that its rim is left alone.
    ImageDraw.Draw(within).ellipse(
        (corner[0] + 2, corner[1] + 2, x + reach[0] - 3, y + reach[1] - 3), fill=255
    )
    return Image.composite(moved, image, within)


def _mouth(image: Image.Image, frame: Frame) -> Point:
    """Where the lips are, by their redness; else where a mouth usually is."""
    box = frame.box(0.0, 0.56, 0.5, 0.26)
    area = image.crop((round(box[0]), round(box[1]), round(box[2]), round(box[3])))
    red = area.convert("YCbCr").getchannel("Cr")
    usual = ImageStat.Stat(red).median[0]
    lips = red.point([max(0, 6 * (v - usual - 10)) if v > usual + 10 else 0 for v in range(256)])
    found = centroid(lips)
    if found is None:
        return frame.head[0], frame.head[1] + 0.56 * frame.unit
    return box[0] + found[0] * area.width, box[1] + found[1] * area.height


def _lift(across: float, down: float) -> float:
    """How far below a point its colour is taken from, in units; nothing at the edges."""
    fall = max(0.0, 1 - down * down) ** 2
    side = abs(across)
    rise = min(1.0, side / 0.45) ** 2 * max(0.0, 1 - max(0.0, side - 0.45) / 0.55)
    return 0.15 * rise * fall


def smooth(image: Image.Image, frame: Frame) -> Image.Image:
    """Softer skin, and a little more light on it."""
    soft = image.filter(ImageFilter.GaussianBlur(frame.unit / 45))
    soft = Image.blend(soft, Image.new("RGB", image.size, (255, 244, 236)), 0.12)
    face = ImageChops.multiply(frame.oval(0.0, 0.1, 0.9, 1.15), skin(image))
    return Image.composite(soft, image, face.filter(ImageFilter.GaussianBlur(frame.unit / 30)))


def dye(image: Image.Image, frame: Frame, color: Color) -> Image.Image:
    """Hair of another colour: what around the face has the colour that is above the forehead."""
    # Dark hair would hide its new colour, so that the light and dark of it come nearer together.
    grey = ImageOps.autocontrast(image.convert("L"), cutoff=1)
    dyed = ImageOps.colorize(grey, darker(color, 0.3), lighter(color, 0.5), mid=color, midpoint=90)
    above = frame.oval(0.0, -1.04, 0.4, 0.1)
    hair = ImageStat.Stat(image, above).median
    ground = Image.new("RGB", image.size, (round(hair[0]), round(hair[1]), round(hair[2])))
    red, green, blue = ImageChops.difference(image, ground).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    alike = most.point([255 if v < _ALIKE else 0 for v in range(256)])
    alike = ImageChops.multiply(alike, unlike_edges(image).filter(ImageFilter.MaxFilter(3)))
    face = ImageChops.invert(frame.oval(0.0, 0.14, 0.56, 0.7))
    mask = ImageChops.multiply(frame.oval(0.0, 0.2, 1.4, 1.8), ImageChops.multiply(alike, face))
    mask = mask.filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.MaxFilter(3))
    mask = mask.filter(ImageFilter.GaussianBlur(frame.unit / 80))
    return Image.composite(dyed, image, mask)
