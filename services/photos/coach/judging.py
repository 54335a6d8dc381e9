"""Judges photos by what was seen on them, one by one and as a set; no I/O, no pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.photos.coach.seen import Seen

LARGE_ENOUGH_PX = 160
"""Of a face after preparation. A product rule: a fifth of the picture a trainer sees."""
ALONE_AT_MOST = 0.35
"""Width of a second face: flagged couples and crowds, and let 61 of 61 others pass."""
SHARP_FROM = 273.0
"""Set so that 5 % of sharp press photos are warned of; found 57 of 57 blurred by 0.8 to 3 % of the
width of the face, and 96 % of those moved by 5 %."""
DARK_BELOW = 80.0
"""Not the mean, which depends on the skin. Drawn portraits have 179 to 224, at half of their light
103, at 0.3 of it 62."""
GLARE_ABOVE = 0.25
"""Drawn portraits have 0.00, and 0.70 at one and a half times their light."""
EYES_SEEN_FROM = 0.40
"""A hundredth of photos have less than 0.48; dark glasses, painted on, 0.30 at most."""
SAME_PERSON_FROM = 0.40
"""SFace's cosine: 38 of 38 pairs of one person have more (0.57 at least), 262 of 262 of two people
less (0.38 at most); by its median to the rest of a set, 200 of 200 strangers were found."""
TURNED_FROM = 0.15
"""Profiles have 0.22 to 0.35, the median of all photos is 0.05."""
TURNED_WANTED = 2
ONE_LIGHT_WITHIN = 15.0
"""Of 255; a rule of thumb."""
COMPARED_FROM = 4
"""Fewer faces do not tell which of them is the stranger."""
VARIETY_FROM = 5
"""Photos without a flaw from which it matters that they differ."""
LACK_COSTS = 10


class Flaw(StrEnum):
    """What would make one photo better, the worst first."""

    STRANGER = "stranger"
    SEVERAL = "several"
    SMALL = "small"
    DARK = "dark"
    BRIGHT = "bright"
    BLURRED = "blurred"
    EYES = "eyes"
    COPY = "copy"


class Lack(StrEnum):
    """What a set lacks, the worst first."""

    ONE_PERSON = "one-person"
    GOOD_PHOTOS = "good-photos"
    COPIES = "copies"
    SIDES = "sides"
    LIGHTS = "lights"
    MORE = "more"
    """There are too few good photos to tell whether they differ."""


@dataclass(frozen=True)
class SetVerdict:
    """What is to be said of a set.

    Attributes:
        flaws: Those of each photo, in the order of the photos.
        score: 0 to 100: the part of the photos, or of as many as are recommended, that have no
            flaw, less `LACK_COSTS` for each of sides and lights that the set lacks.
        lack: What would help most; None where the set is good.
    """

    flaws: tuple[tuple[Flaw, ...], ...]
    score: int
    lack: Lack | None

    @property
    def flawed(self) -> int:
        """How many photos have a flaw."""
        return sum(bool(each) for each in self.flaws)


def judge(photos: Sequence[Seen], copies: Sequence[int], recommended: int) -> SetVerdict:
    """Judge a set.

    Args:
        photos: What was seen on each, where each shows somebody.
        copies: Indices of those that are nearly a copy of an earlier one.
        recommended: How many photos a good set has.
    """
    is_mixed = _shows_several_people(photos)
    flaws = tuple(
        (*_flaws_of(photo, is_mixed=is_mixed), *([Flaw.COPY] if index in copies else []))
        for index, photo in enumerate(photos)
    )
    good = [photo for photo, found in zip(photos, flaws, strict=True) if not found]
    lacks = _lacks(photos, good, flaws, is_mixed=is_mixed)
    score = round(100 * len(good) / max(len(photos), recommended, 1))
    score -= LACK_COSTS * len({Lack.SIDES, Lack.LIGHTS} & set(lacks))
    return SetVerdict(flaws, max(0, score), min(lacks, key=list(Lack).index, default=None))


def flaws_of(photo: Seen) -> tuple[Flaw, ...]:
    """Return what would make a photo better, whatever the others of its set are."""
    return _flaws_of(photo, is_mixed=True)


def _flaws_of(photo: Seen, *, is_mixed: bool) -> tuple[Flaw, ...]:
    is_dark, is_small = photo.light < DARK_BELOW, photo.face_px < LARGE_ENOUGH_PX
    found = {
        Flaw.STRANGER: not is_mixed and _is_stranger(photo),
        Flaw.SEVERAL: photo.second >= ALONE_AT_MOST,
        Flaw.SMALL: is_small,
        Flaw.DARK: is_dark,
        Flaw.BRIGHT: photo.glare > GLARE_ABOVE,
        # In the dark, and on an enlarged face, there are no edges that could be sharp.
        Flaw.BLURRED: not (is_dark or is_small) and photo.sharpness < SHARP_FROM,
        Flaw.EYES: photo.eyes < EYES_SEEN_FROM,
    }
    return tuple(flaw for flaw, is_so in found.items() if is_so)


def _is_stranger(photo: Seen) -> bool:
    return photo.alike is not None and photo.alike < SAME_PERSON_FROM


def _shows_several_people(photos: Sequence[Seen]) -> bool:
    """Return whether there are as many strangers as others, so that nobody is the stranger."""
    strangers = sum(_is_stranger(photo) for photo in photos)
    return strangers * 2 >= len(photos) and strangers > 0


def _lacks(
    photos: Sequence[Seen],
    good: Sequence[Seen],
    flaws: Sequence[Sequence[Flaw]],
    *,
    is_mixed: bool,
) -> list[Lack]:
    lights = [photo.light for photo in good]
    has_many = len(good) >= VARIETY_FROM
    turned = sum(abs(photo.side) >= TURNED_FROM for photo in good)
    copied = sum(Flaw.COPY in each for each in flaws)
    lacking = {
        Lack.ONE_PERSON: is_mixed or any(Flaw.STRANGER in each for each in flaws),
        Lack.GOOD_PHOTOS: len(good) * 2 < len(photos),
        Lack.COPIES: copied > 0,
        Lack.SIDES: has_many and turned < TURNED_WANTED,
        Lack.LIGHTS: has_many and max(lights) - min(lights) < ONE_LIGHT_WITHIN,
        Lack.MORE: not has_many,
    }
    return [lack for lack, is_so in lacking.items() if is_so]
