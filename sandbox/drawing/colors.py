"""Colours as tuples of red, green, blue, 0 to 255."""

import colorsys

Color = tuple[int, int, int]


def mix(first: Color, second: Color, share: float) -> Color:
    """A colour on the way from the first (0) to the second (1)."""
    red, green, blue = (
        round(one + (two - one) * share) for one, two in zip(first, second, strict=True)
    )
    return red, green, blue


def lighter(color: Color, share: float) -> Color:
    """Towards a warm white."""
    return mix(color, (255, 250, 242), share)


def darker(color: Color, share: float) -> Color:
    """Towards a deep, slightly purple shade, which looks softer than black."""
    return mix(color, (38, 22, 38), share)


def shadow_of(skin: Color, share: float) -> Color:
    """Shadow on skin, which is redder than a shadow on cloth."""
    return mix(skin, (126, 54, 52), share)


def from_hsv(hue: float, saturation: float, value: float) -> Color:
    """From hue, saturation and value, each 0 to 1; the hue wraps."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 1.0, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)
