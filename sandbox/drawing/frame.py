"""Where the person of a photo is taken to be: head and shoulders around the middle."""

from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw

from sandbox.drawing.canvas import Point
from sandbox.drawing.cutout import RATIO, mask_person, unlike_edges
from sandbox.drawing.tones import skin

_HEAD_Y, _UNIT = 0.435, 0.198
"""Middle of the head and half its height, in heights of a portrait."""
_FREEDOM = 0.07
"""How far, in heights, a head may be from its usual place."""
_NECK = 0.035
"""How much lower, in heights, the middle of the skin is: the forehead has hair, the neck none."""
_LOWEST = 0.66
_SMALL_PX = 128


@dataclass(frozen=True)
class Frame:
    """The portrait within a photo of this size: its corner, its height and the head, in pixels.

    Lengths are told in units of half a head, from the middle of the head, as `person` does.
    """

    size: tuple[int, int]
    left: int
    top: int
    height: int
    head: Point

    @property
    def width(self) -> int:
        """Of the portrait."""
        return round(self.height * RATIO)

    @property
    def unit(self) -> float:
        """Half the height of the head in pixels."""
        return self.height * _UNIT

    def box(self, x: float, y: float, rx: float, ry: float) -> tuple[float, float, float, float]:
        """Corners of a rectangle around a point."""
        middle, unit = self.head, self.unit
        return (
            middle[0] + (x - rx) * unit,
            middle[1] + (y - ry) * unit,
            middle[0] + (x + rx) * unit,
            middle[1] + (y + ry) * unit,
        )

    def oval(self, x: float, y: float, rx: float, ry: float) -> Image.Image:
        """A mask with an oval around a point."""
        mask = Image.new("L", self.size)
        ImageDraw.Draw(mask).ellipse(self.box(x, y, rx, ry), fill=255)
        return mask

    def person(self, image: Image.Image) -> Image.Image:
        """A mask of the person, down to the lower edge of the photo."""
        corners = self.left, self.top, self.left + self.width, self.top + self.height
        cut = mask_person(image.crop(corners))
        mask = Image.new("L", self.size)
        mask.paste(cut, corners[:2])
        below = self.size[1] - corners[3]
        if below > 0:
            last = cut.crop((0, cut.height - 2, cut.width, cut.height - 1))
            mask.paste(last.resize((cut.width, below)), (self.left, corners[3]))
        return mask


def find_frame(image: Image.Image) -> Frame:
    """The largest portrait that fits a photo, moved to where its skin is."""
    width, height = image.size
    high = min(height, round(width / RATIO))
    wide = round(high * RATIO)
    middle = _centre(image)
    x, y = middle[0] * width, middle[1] * height - _NECK * high
    left = min(max(0, round(x - wide / 2)), width - wide)
    top = min(max(0, round(y - _HEAD_Y * high)), height - high)
    usual = left + wide / 2, top + high * _HEAD_Y
    head = _near(x, usual[0], _FREEDOM * high), _near(y, usual[1], _FREEDOM * high)
    return Frame(image.size, left, top, high, head)


def _near(value: float, usual: float, most: float) -> float:
    return min(usual + most, max(usual - most, value))


def _centre(image: Image.Image) -> Point:
    """The centre of a photo's skin, in parts of its sides; without any, a head's usual place.

    What looks like the edges may be sand or a wall, and what lies low may be clothes.
    """
    small = image.resize((_SMALL_PX, _SMALL_PX), Image.Resampling.BOX)
    face = ImageChops.multiply(skin(small), unlike_edges(small))
    # The nearer to the middle, the more it counts.
    near = ImageChops.invert(Image.radial_gradient("L")).resize(small.size)
    weights = ImageChops.multiply(face, near)
    weights.paste(0, (0, round(_LOWEST * _SMALL_PX), _SMALL_PX, _SMALL_PX))
    return centroid(weights) or (0.5, _HEAD_Y + _NECK)


def centroid(weights: Image.Image) -> Point | None:
    """The centre of gravity of a grey picture, in parts of its sides; None for a black one."""
    rows = weights.resize((1, weights.height), Image.Resampling.BOX).tobytes()
    columns = weights.resize((weights.width, 1), Image.Resampling.BOX).tobytes()
    return (_mean(columns), _mean(rows)) if any(rows) and any(columns) else None


def _mean(weights: bytes) -> float:
    moment = sum((place + 0.5) * weight for place, weight in enumerate(weights))
    return moment / sum(weights) / len(weights)
