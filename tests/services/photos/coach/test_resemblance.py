"""A likeness in percent: half is where two faces begin to count as one person's."""

import pytest

from services.photos.coach.resemblance import (
    CLEAR_PERCENT,
    STRANGER_BELOW,
    Resemblance,
    percent_of,
    resemblance_of,
)


@pytest.mark.parametrize(
    ("similarity", "percent", "resemblance"),
    [
        (-0.3, 0, Resemblance.STRANGER),
        (0.2, 25, Resemblance.STRANGER),
        # The most alike of 262 pairs of two people.
        (0.38, 47, Resemblance.STRANGER),
        (0.39, 48, Resemblance.STRANGER),
        (0.40, 50, Resemblance.FAIR),
        (0.5, 58, Resemblance.FAIR),
        # The least alike of 38 pairs of one person.
        (0.57, 64, Resemblance.CLEAR),
        (0.84, 87, Resemblance.CLEAR),
        (1.0, 100, Resemblance.CLEAR),
        (1.01, 100, Resemblance.CLEAR),
    ],
)
def test_a_similarity_is_told_in_percent_and_in_a_word(
    similarity: float, percent: int, resemblance: Resemblance
) -> None:
    assert (percent_of(similarity), resemblance_of(percent)) == (percent, resemblance)


def test_the_words_begin_where_the_measurements_do() -> None:
    assert (STRANGER_BELOW, CLEAR_PERCENT) == (50, 64)
