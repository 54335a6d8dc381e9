"""Judging is arithmetic: what was seen goes in, what is to be said comes out."""

from dataclasses import replace

import pytest

from services.photos.coach.judging import Flaw, Lack, flaws_of, judge
from services.photos.coach.seen import Seen, seen_in

GOOD = Seen(faces=1, face_px=300, sharpness=800.0, light=190.0, eyes=0.8, alike=0.8)
VARIED = [
    replace(GOOD, side=side, light=light)
    for side, light in ((0.0, 150.0), (0.2, 190.0), (-0.25, 210.0), (0.05, 170.0), (0.0, 200.0))
]


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"second": 0.35}, Flaw.SEVERAL),
        ({"face_px": 159}, Flaw.SMALL),
        ({"sharpness": 272.9}, Flaw.BLURRED),
        ({"light": 79.0}, Flaw.DARK),
        ({"glare": 0.26}, Flaw.BRIGHT),
        ({"eyes": 0.39}, Flaw.EYES),
    ],
)
def test_each_flaw_has_a_threshold(change: dict[str, float], flaw: Flaw) -> None:
    assert flaws_of(GOOD) == ()
    assert flaws_of(Seen(**{**GOOD.stored(), **change})) == (flaw,)


def test_neither_darkness_nor_distance_is_called_blur() -> None:
    assert flaws_of(replace(GOOD, light=50.0, sharpness=20.0)) == (Flaw.DARK,)
    assert flaws_of(replace(GOOD, face_px=90, sharpness=90.0)) == (Flaw.SMALL,)


def test_a_good_set_has_nothing_to_be_said() -> None:
    verdict = judge(VARIED * 2, [], recommended=10)
    assert (verdict.score, verdict.lack, verdict.flawed) == (100, None, 0)


def test_a_stranger_is_named() -> None:
    verdict = judge([*VARIED, replace(GOOD, alike=0.39)], [], recommended=5)
    assert verdict.flaws[5] == (Flaw.STRANGER,)
    assert verdict.lack is Lack.ONE_PERSON
    assert verdict.score == round(100 * 5 / 6)


def test_where_there_are_as_many_strangers_as_others_nobody_is_one() -> None:
    verdict = judge([replace(photo, alike=0.2) for photo in VARIED], [], recommended=5)
    assert verdict.flawed == 0
    assert verdict.lack is Lack.ONE_PERSON


def test_copies_are_named_with_what_else_is_wrong() -> None:
    verdict = judge([*VARIED, replace(GOOD, light=20.0)], [5], recommended=5)
    assert verdict.flaws[5] == (Flaw.DARK, Flaw.COPY)
    assert verdict.lack is Lack.COPIES


def test_what_all_photos_have_in_common_is_said() -> None:
    frontal = [replace(photo, side=0.02) for photo in VARIED]
    assert judge(frontal, [], recommended=5).lack is Lack.SIDES
    assert judge(frontal, [], recommended=5).score == 90
    same_light = [replace(photo, light=190.0) for photo in VARIED]
    assert judge(same_light, [], recommended=5).lack is Lack.LIGHTS
    assert judge([], [], recommended=5).score == 0


def test_too_few_good_photos_are_not_praised_for_variety() -> None:
    assert judge(VARIED[:4], [], recommended=5).lack is Lack.MORE
    assert judge(VARIED[:4], [], recommended=5).score == 80
    blurred = [replace(GOOD, sharpness=10.0)] * 2
    assert judge([*VARIED[:4], *blurred], [], recommended=5).lack is Lack.MORE
    assert judge([*VARIED[:4], *blurred, VARIED[4]], [], recommended=5).lack is None
    assert judge(VARIED[:4], [3], recommended=5).lack is Lack.COPIES


def test_mostly_bad_photos_are_the_first_thing_to_change() -> None:
    bad = [replace(GOOD, sharpness=10.0)] * 6
    assert judge([*VARIED, *bad], [], recommended=10).lack is Lack.GOOD_PHOTOS


def test_what_a_row_keeps_is_read_back_and_another_version_of_it_is_nothing() -> None:
    assert seen_in(GOOD.stored()) == GOOD
    assert seen_in(None) is None
    assert seen_in({"faces": 1, "mood": 3}) is None
