"""What is said of photos that could be better."""

from collections.abc import Mapping, Sequence

from services.photos.coach.judging import Flaw
from texts.reader import Texts

MAX_NUMBERS_LISTED = 20
"""Keeps a message far below Telegram's 4096 characters."""


def flaw_lines(t: Texts, flaws: Mapping[Flaw, Sequence[int]]) -> list[str]:
    """Return a line for each flaw, with the numbers of the photos that have it."""
    return [
        t(f"flaw-{flaw}", numbers=listed(numbers), count=len(numbers))
        for flaw, numbers in flaws.items()
    ]


def listed(numbers: Sequence[int]) -> str:
    """Return numbers in a row, cut off where there are very many."""
    shown = ", ".join(map(str, numbers[:MAX_NUMBERS_LISTED]))
    return f"{shown}…" if len(numbers) > MAX_NUMBERS_LISTED else shown
