"""Bring colours that are named by code points (ITU-T H.273) to sRGB.

HEIF and AVIF name them in an `nclx` box, PNG in a `cICP` chunk: primaries as of Display P3 or
BT.2020, and transfer functions of HDR (PQ of SMPTE ST 2084, HLG of ARIB STD-B67).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from PIL import Image, ImageFilter

Colour = tuple[float, float, float]
Matrix = tuple[Colour, Colour, Colour]
Primaries = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]
"""Chromaticities of red, green and blue."""

# Chromaticities of red, green and blue (H.273, table 2); all have the white point D65.
_PRIMARIES: dict[int, Primaries] = {
    1: ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)),  # BT.709, sRGB
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),  # BT.2020
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),  # Display P3
}
_WHITE = (0.3127, 0.3290)
_SRGB = 1
_LIKE_SRGB = frozenset({1, 2, 5, 6, 7})
"""Primaries that are sRGB's, or so near that nobody converts them; 2 says nothing."""

_SDR_WHITE_NITS, _HLG_PEAK_NITS = 203.0, 1000.0
"""ITU-R BT.2408: the brightness of paper in an HDR picture; BT.2100: the reference display."""
_KNEE = 0.75
"""Brightness up to which colours stay as they are; what is brighter is pressed together above."""
_GRID = 33
"""Points a side of the table between which colours are interpolated."""
_PQ, _HLG, _LINEAR, _GAMMA_22, _GAMMA_28 = 16, 18, 8, 4, 5


def converted(image: Image.Image, code_points: tuple[int, int]) -> Image.Image:
    """Convert a picture to sRGB.

    The transfer function is applied to each colour by itself, exactly; then the primaries are
    changed by a table, which is interpolated.

    Args:
        image: Mode RGB.
        code_points: Colour primaries and transfer function. Unknown ones are taken for sRGB's.

    Returns:
        Mode RGB; the same object where nothing has to be done.
    """
    primaries, transfer = code_points
    if transfer in _TRANSFERS:
        image = image.point(_curve(transfer) * 3)
    if primaries in _PRIMARIES and primaries not in _LIKE_SRGB:
        image = image.filter(_table(_PRIMARIES[primaries]))
    return image


@dataclass(frozen=True)
class Calibration:
    """What a PNG says of its colours by numbers (`gAMA` and `cHRM`); None where it is as sRGB's.

    Attributes:
        gamma: Light is the value to the power of this.
        primaries: With the white point D65.
    """

    gamma: float | None = None
    primaries: Primaries | None = None


def calibrated(image: Image.Image, calibration: Calibration) -> Image.Image:
    """Convert a picture to sRGB; as `converted`, with numbers instead of code points."""
    if (gamma := calibration.gamma) is not None:
        light = [_light_to_srgb((value / 255) ** gamma) for value in range(256)]
        image = image.point([round(value * 255) for value in light] * 3)
    if calibration.primaries is not None:
        image = image.filter(_table(calibration.primaries))
    return image


@cache
def _curve(transfer: int) -> list[int]:
    """Return what each of the 256 values of a transfer function is in sRGB's."""
    to_light = _TRANSFERS[transfer]
    return [round(_light_to_srgb(to_light(value / 255)) * 255) for value in range(256)]


@lru_cache(maxsize=8)
def _table(primaries: Primaries) -> ImageFilter.Color3DLUT:
    matrix = _product(_inverse(_to_xyz(_PRIMARIES[_SRGB])), _to_xyz(primaries))

    def convert(red: float, green: float, blue: float) -> Colour:
        light = (_srgb_to_light(red), _srgb_to_light(green), _srgb_to_light(blue))
        red, green, blue = _times(matrix, light)
        return _light_to_srgb(red), _light_to_srgb(green), _light_to_srgb(blue)

    return ImageFilter.Color3DLUT.generate(_GRID, convert)


def _srgb_to_light(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _light_to_srgb(light: float) -> float:
    light = min(max(light, 0.0), 1.0)
    return light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def _pq_to_light(value: float) -> float:
    """SMPTE ST 2084; 1 is the white of paper."""
    m1, m2 = 2610 / 16384, 2523 / 4096 * 128
    c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
    root = value ** (1 / m2)
    return float((max(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1) * 10000 / _SDR_WHITE_NITS)


def _hlg_to_light(value: float) -> float:
    """ARIB STD-B67 with the system gamma of its reference display; 1 is the white of paper."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = value * value / 3 if value <= 0.5 else (math.exp((value - c) / a) + b) / 12
    return float(scene**1.2 * _HLG_PEAK_NITS / _SDR_WHITE_NITS)


def _toned(light: float) -> float:
    """Press what is brighter than paper into the range of a screen."""
    over = light - _KNEE
    return light if over <= 0 else _KNEE + (1 - _KNEE) * over / (over + 1 - _KNEE)


_TRANSFERS: dict[int, Callable[[float], float]] = {
    _GAMMA_22: lambda value: value**2.2,
    _GAMMA_28: lambda value: value**2.8,
    _LINEAR: lambda value: value,
    _PQ: lambda value: _toned(_pq_to_light(value)),
    _HLG: lambda value: _toned(_hlg_to_light(value)),
}


def _to_xyz(primaries: Primaries) -> Matrix:
    """The usual way from chromaticities to a matrix: columns scaled so that white is white."""
    columns = [(x / y, 1.0, (1 - x - y) / y) for x, y in primaries]
    x, y = _WHITE
    rows = tuple(zip(*columns, strict=True))
    scale = _times(_inverse(_matrix(rows)), (x / y, 1.0, (1 - x - y) / y))
    return _matrix([[value * by for value, by in zip(row, scale, strict=True)] for row in rows])


def _matrix(rows: "list[list[float]] | tuple[tuple[float, ...], ...]") -> Matrix:
    first, second, third = ((row[0], row[1], row[2]) for row in rows)
    return first, second, third


def _times(matrix: Matrix, colour: Colour) -> Colour:
    red, green, blue = (
        row[0] * colour[0] + row[1] * colour[1] + row[2] * colour[2] for row in matrix
    )
    return red, green, blue


def _product(one: Matrix, other: Matrix) -> Matrix:
    columns = [_times(one, (other[0][i], other[1][i], other[2][i])) for i in range(3)]
    return _matrix([[column[row] for column in columns] for row in range(3)])


def _inverse(m: Matrix) -> Matrix:
    cofactors = [
        [
            m[(i + 1) % 3][(j + 1) % 3] * m[(i + 2) % 3][(j + 2) % 3]
            - m[(i + 1) % 3][(j + 2) % 3] * m[(i + 2) % 3][(j + 1) % 3]
            for i in range(3)
        ]
        for j in range(3)
    ]
    determinant = sum(m[0][i] * cofactors[i][0] for i in range(3))
    return _matrix([[value / determinant for value in row] for row in cofactors])
