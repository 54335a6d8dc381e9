"""What every painter of a scene holds: the drawing, its size, the colours, and the dice."""

import math
import random
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFilter

from sandbox.drawing.canvas import Point
from sandbox.drawing.colors import Color
from sandbox.drawing.palettes import Palette, Touch


@dataclass
class Brush:
    """A brush whose coordinates run from 0 to 1 in both directions."""

    image: Image.Image
    palette: Palette
    touches: frozenset[Touch]
    dice: random.Random

    @property
    def draw(self) -> ImageDraw.ImageDraw:
        """The pen on the picture as it is now."""
        return ImageDraw.Draw(self.image)

    @property
    def aspect(self) -> float:
        """Width divided by height."""
        return self.image.width / self.image.height

    def at(self, x: float, y: float) -> Point:
        """Pixels of a point."""
        return x * self.image.width, y * self.image.height

    def shape(self, points: list[Point], color: Color) -> None:
        """A filled polygon."""
        self.draw.polygon([self.at(x, y) for x, y in points], fill=color)

    def box(self, left: float, top: float, right: float, bottom: float, color: Color) -> None:
        """A filled rectangle."""
        self.draw.rectangle((*self.at(left, top), *self.at(right, bottom)), fill=color)

    def dot(self, x: float, y: float, radius: float, color: Color) -> None:
        """A filled circle; `radius` in heights."""
        px, py = self.at(x, y)
        reach = radius * self.image.height
        self.draw.ellipse((px - reach, py - reach, px + reach, py + reach), fill=color)

    def glow(self, x: float, y: float, radius: float, color: Color, opacity: float) -> None:
        """A circle of soft light; `radius` in heights."""
        width, height = self.image.width // 8 + 1, self.image.height // 8 + 1
        mask = Image.new("L", (width, height))
        reach = radius * height
        px, py = x * width, y * height
        box = (px - reach, py - reach, px + reach, py + reach)
        ImageDraw.Draw(mask).ellipse(box, fill=round(255 * opacity))
        mask = mask.filter(ImageFilter.GaussianBlur(reach * 0.45))
        self.image.paste(color, mask=mask.resize(self.image.size, Image.Resampling.BILINEAR))

    def ridge(self, base: float, swing: float, color: Color, *, sharp: bool = False) -> None:
        """Hills across the whole width, down to the bottom; sharp ones are peaks."""
        waves = [(self.dice.uniform(1, 3.4), self.dice.uniform(0, 6.3)) for _ in range(3)]
        points = [(0.0, 1.0)]
        for step in range(61):
            x = step / 60
            lift = sum(math.sin(rate * 3 * x + phase) for rate, phase in waves) / 3
            if sharp:
                lift = 1 - 2 * abs((lift * 1.4 + x * 2.3) % 1 - 0.5) * 2
            points.append((x, base - swing * lift))
        self.shape([*points, (1.0, 1.0)], color)
