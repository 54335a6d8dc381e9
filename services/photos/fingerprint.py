"""Make the fingerprint of a decoded photo, which tells whether two files show one picture."""

from PIL import Image

from services.photos.colour import Colours, to_srgb
from services.photos.likeness import SIDE
from services.photos.orientation import turned_upright


def fingerprint_of(
    image: Image.Image, exact_size: tuple[float, float], colours: Colours, orientation: int
) -> str:
    """Reduce a photo to what no encoder and no metadata changes.

    Args:
        image: In one of `services.photos.colour.RESIZABLE_MODES`.
        exact_size: Width and height that its pixels cover; half a pixel too much would shift all.
        colours: What its file says of its colours.
        orientation: How its EXIF turns it, 1 to 8.

    Returns:
        `SIDE` x `SIDE` levels of brightness, row by row, in hex.
    """
    # Reduced in its own colour space: a profile costs nothing for a thousand pixels.
    box = (0.0, 0.0, *exact_size)
    small = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box=box, reducing_gap=4.0)
    return turned_upright(to_srgb(small, colours), orientation).convert("L").tobytes().hex()
