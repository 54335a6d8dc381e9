"""Bring every colour mode a photo file can have to plain sRGB."""

import io
from dataclasses import dataclass

from PIL import Image, ImageCms

from services.photos.code_points import Calibration, calibrated
from services.photos.code_points import converted as by_code_points

RESIZABLE_MODES = frozenset({"L", "RGB", "CMYK"})
"""Modes whose values may be averaged, and for which ICC profiles exist."""

# Pillow's own 16-bit to 8-bit conversion clips instead of scaling, so a table keeps the high byte.
_HIGH_BYTE = [value >> 8 for value in range(1 << 16)]
_MODE_OF_PROFILE_SPACE = {"RGB": "RGB", "CMYK": "CMYK", "GRAY": "L"}


def to_resizable(image: Image.Image) -> Image.Image:
    """Bring an image, or a band of one, to a mode that can be shrunk and converted by ICC.

    Transparent parts become white; 16-bit grey keeps its high byte; palettes are looked up.

    Args:
        image: A decoded image of any mode that `opened_photo` lets through.

    Returns:
        An image in one of `RESIZABLE_MODES`; the same object when it is already in one.
    """
    if image.has_transparency_data and not image.mode.startswith("I;16"):
        return _on_white(image)
    match image.mode:
        case "L" | "RGB" | "CMYK":
            return image
        case "1":
            return image.convert("L")
        case "I;16" | "I;16L" | "I;16B":
            return image.convert("I").point(_HIGH_BYTE, "L")
        case _:
            return image.convert("RGB")


@dataclass(frozen=True)
class Colours:
    """What the numbers of a picture mean.

    Attributes:
        icc_profile: The profile embedded in the file. A broken one, or one for another colour
            space than the picture's, is ignored.
        code_points: Colour primaries and transfer function, see `services.photos.code_points`.
            They go before the profile, as the PNG specification says.
        calibration: The brightness and primaries that a PNG names by numbers; they go last.
    """

    icc_profile: bytes | None = None
    code_points: tuple[int, int] | None = None
    calibration: Calibration | None = None


def to_srgb(image: Image.Image, colours: Colours) -> Image.Image:
    """Convert to sRGB by what the file says of its colours, else plainly.

    Args:
        image: An image in one of `RESIZABLE_MODES`.
        colours: From the file.

    Returns:
        An image in mode RGB.
    """
    if colours.code_points is not None:
        return by_code_points(image.convert("RGB"), colours.code_points)
    if colours.icc_profile:
        try:
            converted = _by_profile(image, colours.icc_profile)
        except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
            converted = None
        if converted is not None:
            return converted
    elif colours.calibration is not None:
        return calibrated(image.convert("RGB"), colours.calibration)
    return image.convert("RGB")


def _by_profile(image: Image.Image, icc_profile: bytes) -> Image.Image | None:
    profile = ImageCms.getOpenProfile(io.BytesIO(icc_profile))
    if _MODE_OF_PROFILE_SPACE.get(profile.profile.xcolor_space.strip()) != image.mode:
        return None
    return ImageCms.profileToProfile(
        image,
        profile,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        # Without it the blacks of print profiles (CMYK) come out grey.
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _on_white(image: Image.Image) -> Image.Image:
    """Lay a picture with transparency (alpha channel, palette or single colour) on white."""
    if image.mode == "La":  # premultiplied grey, which Pillow converts to nothing but LA
        image = image.convert("LA")
    plain_mode = "L" if image.mode in {"1", "L", "LA"} else "RGB"
    layered = image.convert(plain_mode + "A")
    white = Image.new(plain_mode, image.size, "white")
    white.paste(layered.convert(plain_mode), mask=layered.getchannel("A"))
    return white
