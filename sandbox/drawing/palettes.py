"""The colours of places, and how night, winter and the like change them."""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

from sandbox.drawing.colors import Color, darker, from_hsv, lighter, mix


class Place(StrEnum):
    """Scenes that can be painted."""

    BEACH = "beach"
    CITY = "city"
    FOREST = "forest"
    SPACE = "space"
    OFFICE = "office"
    PARIS = "paris"
    MOUNTAINS = "mountains"
    CAFE = "cafe"
    DESERT = "desert"
    GARDEN = "garden"
    LIBRARY = "library"
    STUDIO = "studio"
    ABSTRACT = "abstract"


class Touch(StrEnum):
    """What changes any scene."""

    NIGHT = "night"
    WINTER = "winter"
    SUNSET = "sunset"
    AUTUMN = "autumn"
    NEON = "neon"
    CINEMATIC = "cinematic"
    MONOCHROME = "monochrome"


@dataclass(frozen=True)
class Palette:
    """Colours of a scene: sky from top to horizon, far and near things, an accent, the light."""

    top: Color
    horizon: Color
    far: Color
    near: Color
    accent: Color
    light: Color


PALETTES: dict[Place, Palette] = {
    Place.BEACH: Palette(
        (84, 176, 222),
        (214, 238, 240),
        (36, 142, 176),
        (240, 216, 166),
        (236, 106, 86),
        (255, 246, 214),
    ),
    Place.CITY: Palette(
        (132, 170, 206),
        (236, 220, 206),
        (142, 152, 178),
        (72, 84, 114),
        (240, 178, 90),
        (255, 236, 210),
    ),
    Place.FOREST: Palette(
        (176, 212, 184),
        (234, 240, 206),
        (104, 150, 112),
        (40, 84, 66),
        (232, 196, 96),
        (250, 250, 214),
    ),
    Place.SPACE: Palette(
        (14, 12, 40), (70, 34, 104), (96, 62, 140), (30, 24, 66), (240, 150, 110), (214, 206, 255)
    ),
    Place.OFFICE: Palette(
        (206, 222, 232),
        (238, 240, 240),
        (158, 180, 196),
        (92, 108, 126),
        (64, 128, 150),
        (255, 255, 250),
    ),
    Place.PARIS: Palette(
        (168, 188, 222),
        (250, 218, 204),
        (170, 160, 178),
        (104, 98, 124),
        (222, 118, 118),
        (255, 236, 222),
    ),
    Place.MOUNTAINS: Palette(
        (110, 168, 216),
        (228, 238, 244),
        (138, 166, 196),
        (58, 92, 112),
        (242, 246, 250),
        (255, 250, 236),
    ),
    Place.CAFE: Palette(
        (120, 84, 66),
        (204, 150, 108),
        (156, 106, 78),
        (72, 46, 42),
        (255, 208, 126),
        (255, 230, 190),
    ),
    Place.DESERT: Palette(
        (122, 182, 212),
        (252, 226, 182),
        (230, 172, 112),
        (190, 116, 76),
        (206, 92, 70),
        (255, 240, 206),
    ),
    Place.GARDEN: Palette(
        (170, 214, 236),
        (240, 246, 222),
        (146, 192, 126),
        (78, 136, 86),
        (238, 126, 152),
        (255, 252, 230),
    ),
    Place.LIBRARY: Palette(
        (92, 62, 46),
        (150, 104, 70),
        (122, 78, 50),
        (62, 40, 32),
        (176, 60, 52),
        (255, 226, 178),
    ),
    Place.STUDIO: Palette(
        (134, 138, 146),
        (206, 208, 212),
        (168, 172, 180),
        (104, 108, 116),
        (228, 228, 232),
        (255, 252, 248),
    ),
}


def hashed_palette(text: str) -> Palette:
    """Colours that belong to a text and to no place."""
    digest = hashlib.sha256(text.encode()).digest()
    hue = digest[0] / 256
    other = hue + (0.08, 0.33, 0.5, 0.58)[digest[1] % 4]
    return Palette(
        from_hsv(hue, 0.34, 0.86),
        from_hsv(other, 0.18, 0.97),
        from_hsv(hue, 0.40, 0.72),
        from_hsv(hue, 0.46, 0.48),
        from_hsv(other, 0.58, 0.92),
        lighter(from_hsv(other, 0.12, 1.0), 0.5),
    )


def touched(palette: Palette, touches: frozenset[Touch]) -> Palette:
    """The same place by night, in winter, at sunset and so on."""
    changes = {
        Touch.AUTUMN: _autumn,
        Touch.WINTER: _winter,
        Touch.SUNSET: _sunset,
        Touch.NIGHT: _night,
        Touch.NEON: _neon,
    }
    for touch, change in changes.items():
        if touch in touches:
            palette = change(palette)
    return palette


def _autumn(old: Palette) -> Palette:
    return replace(
        old,
        far=mix(old.far, (218, 148, 74), 0.7),
        near=mix(old.near, (150, 74, 48), 0.6),
        accent=(226, 104, 52),
        horizon=mix(old.horizon, (250, 224, 180), 0.5),
    )


def _winter(old: Palette) -> Palette:
    return Palette(
        mix(old.top, (178, 202, 226), 0.7),
        mix(old.horizon, (240, 246, 252), 0.8),
        mix(old.far, (198, 214, 230), 0.65),
        mix(old.near, (206, 222, 236), 0.35),
        old.accent,
        (244, 250, 255),
    )


def _sunset(old: Palette) -> Palette:
    return Palette(
        mix(old.top, (98, 74, 138), 0.7),
        mix(old.horizon, (255, 172, 110), 0.85),
        mix(old.far, (190, 92, 104), 0.55),
        mix(darker(old.near, 0.3), (110, 52, 80), 0.45),
        (255, 214, 140),
        (255, 196, 140),
    )


def _night(old: Palette) -> Palette:
    return Palette(
        mix(old.top, (12, 18, 50), 0.88),
        mix(old.horizon, (52, 62, 112), 0.8),
        mix(old.far, (30, 40, 82), 0.72),
        mix(old.near, (16, 20, 48), 0.75),
        mix(old.accent, (255, 214, 140), 0.5),
        (176, 190, 240),
    )


def _neon(old: Palette) -> Palette:
    return Palette(
        mix(old.top, (24, 12, 58), 0.95),
        mix(old.horizon, (170, 46, 150), 0.95),
        mix(old.far, (60, 32, 112), 0.9),
        mix(old.near, (24, 16, 60), 0.9),
        (60, 232, 236),
        (250, 130, 230),
    )
