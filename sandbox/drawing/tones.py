"""Which parts of a photo have the colours of skin."""

from PIL import Image, ImageChops

_LIGHTEST = 236


def skin(image: Image.Image) -> Image.Image:
    """White where a photo has the colours of skin, of whatever tone but the darkest."""
    luma, blue, red = image.convert("YCbCr").split()
    tests = (
        luma.point([255 if 84 < v < _LIGHTEST else 0 for v in range(256)]),
        blue.point([255 if 84 < v < 126 else 0 for v in range(256)]),
        red.point([255 if 136 < v < 176 else 0 for v in range(256)]),
    )
    return ImageChops.multiply(ImageChops.multiply(tests[0], tests[1]), tests[2])
