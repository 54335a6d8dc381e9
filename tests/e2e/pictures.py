"""Photos made by script; no two are alike unless the same number is drawn the same way."""

import colorsys
import io
import itertools
import random

from PIL import Image, ImageDraw
from pillow_heif import register_heif_opener

register_heif_opener()

HUES = 20
WIDTH, HEIGHT = 520, 624
"""Just above the smallest that is accepted: thousands of them are drawn, sent and prepared."""

_numbers = itertools.count(1)


def colour_of(number: int) -> tuple[int, int, int]:
    """Return the colour of a numbered photo; twenty in a row are told apart."""
    red, green, blue = colorsys.hsv_to_rgb((number % HUES) / HUES, 0.9, 0.8)
    return round(red * 255), round(green * 255), round(blue * 255)


def drawn(number: int, width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """Draw the colour of a number in the middle, and around it what only this photo shows."""
    dice = random.Random(next(_numbers))  # noqa: S311  # pictures, no secrets
    shapes = Image.frombytes("L", (8, 8), dice.randbytes(8 * 8))
    image = shapes.resize((width, height), Image.Resampling.NEAREST).convert("RGB")
    middle = (width * 3 // 8, height * 3 // 8, width * 5 // 8, height * 5 // 8)
    ImageDraw.Draw(image).rectangle(middle, fill=colour_of(number))
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """Return the file of a picture."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(number: int = 0, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Return a new JPEG photo, unlike every one before."""
    return encoded(drawn(number, width, height))


def photos(count: int) -> list[bytes]:
    """Return new photos, each in its own colour, in the order of the colours."""
    return [photo(number) for number in range(count)]


def sideways_photo_with_place() -> bytes:
    """Return a photo as a phone writes it: stored lying, with the place it was taken at.

    Upright it is 600 x 720 px, red on top and blue below.
    """
    upright = Image.new("RGB", (600, 720), (220, 20, 20))
    ImageDraw.Draw(upright).rectangle((0, 360, 600, 720), fill=(20, 20, 220))
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update({1: "N", 2: (55.0, 45.0, 7.0), 3: "E", 4: (37.0, 36.0, 56.0)})
    return encoded(upright.transpose(Image.Transpose.ROTATE_90), exif=exif)


def gif() -> bytes:
    """Return a moving GIF."""
    frames = [drawn(number) for number in range(3)]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=200)
