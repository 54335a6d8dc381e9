"""Says in percent, and in a word, how much a face is that of somebody's photos."""

from enum import StrEnum

from services.photos.coach.judging import SAME_PERSON_FROM

CLEAR_FROM = 0.57
"""SFace's cosine: the least that any of 38 pairs of photos of one person had."""

_SAME_PERSON_PERCENT = 50


class Resemblance(StrEnum):
    """How much a face is that of somebody's photos."""

    CLEAR = "clear"
    """As much as two photos of one person resemble each other."""
    FAIR = "fair"
    """One person's still, though less than photos of them do."""
    STRANGER = "stranger"


def percent_of(similarity: float) -> int:
    """Return a median similarity (SFace's cosine, -1 to 1) in percent.

    Half is `SAME_PERSON_FROM`, where two faces begin to count as one person's, so that the number
    can be understood; all is the same picture. Between them it grows evenly.
    """
    if similarity < SAME_PERSON_FROM:
        return int(max(0.0, similarity) / SAME_PERSON_FROM * _SAME_PERSON_PERCENT)
    beyond = (similarity - SAME_PERSON_FROM) / (1 - SAME_PERSON_FROM)
    return min(100, round(_SAME_PERSON_PERCENT + beyond * _SAME_PERSON_PERCENT))


CLEAR_PERCENT = percent_of(CLEAR_FROM)
STRANGER_BELOW = percent_of(SAME_PERSON_FROM)


def resemblance_of(percent: int) -> Resemblance:
    """Return the word for a likeness in percent."""
    if percent >= CLEAR_PERCENT:
        return Resemblance.CLEAR
    return Resemblance.FAIR if percent >= STRANGER_BELOW else Resemblance.STRANGER
