"""Colours named by code points become right in sRGB."""

import pytest
from PIL import Image

from services.photos.code_points import converted
from services.photos.colour import Colours, to_srgb
from tests.services.photos.corpus import display_p3_profile

P3, BT_2020, SRGB = 12, 9, 13
PQ, HLG = 16, 18


def shown(colour: tuple[int, int, int], primaries: int, transfer: int) -> tuple[int, ...]:
    pixel = converted(Image.new("RGB", (4, 4), colour), (primaries, transfer)).getpixel((1, 1))
    assert isinstance(pixel, tuple)
    return pixel


@pytest.mark.parametrize("code_points", [(1, 13), (1, 1), (2, 2), (6, 6), (99, 13), (5, 99)])
def test_what_is_srgb_or_unknown_stays_as_it_is(code_points: tuple[int, int]) -> None:
    image = Image.new("RGB", (4, 4), (10, 90, 200))
    assert converted(image, code_points) is image


@pytest.mark.parametrize("grey", [0, 64, 128, 180])
def test_grey_stays_grey_in_other_primaries(grey: int) -> None:
    for primaries in (P3, BT_2020):
        assert shown((grey,) * 3, primaries, SRGB) == pytest.approx((grey,) * 3, abs=1)


def test_display_p3_is_converted_as_by_its_icc_profile() -> None:
    for colour in ((200, 110, 90), (90, 160, 100), (100, 100, 190), (224, 172, 145), (70, 50, 40)):
        image = Image.new("RGB", (4, 4), colour)
        by_profile = to_srgb(image, Colours(display_p3_profile())).getpixel((1, 1))
        assert shown(colour, P3, SRGB) == pytest.approx(by_profile, abs=2)
        assert by_profile != colour


def test_the_white_of_paper_is_bright_and_nothing_is_cut_off_above_it() -> None:
    # ITU-R BT.2408: 203 nits are 58 % of PQ and 75 % of HLG.
    for transfer, paper in ((PQ, 148), (HLG, 191)):
        assert shown((paper,) * 3, BT_2020, transfer) == pytest.approx((240,) * 3, abs=8)
        brighter = [shown((value,) * 3, BT_2020, transfer)[0] for value in (paper, 210, 255)]
        assert brighter == sorted(set(brighter))


def test_middle_grey_of_hdr_is_middle_grey() -> None:
    # ITU-R BT.2408: the 18 % grey card is 38 % of both PQ and HLG, here 26 of 203 nits.
    for transfer in (PQ, HLG):
        assert shown((97,) * 3, BT_2020, transfer) == pytest.approx((101,) * 3, abs=8)
