"""Reads the progress of a training from fal's log lines.

fal's queue knows no percentage; the log of a trainer is all there is, and its exact lines are not
documented. What is known: trainers print tqdm bars (several updates in one message, parted by
carriage returns) or `Step n/total` lines, and other bars (downloads, captions) run from 0 to 100 %
before the training's own. So a count is trusted only when its total can be the number of steps.
"""

import re
from collections.abc import Iterable

# Numbers have a longest length: without one, a long run of digits is gone over again and again.
_COUNT = re.compile(r"(\d{1,9})/(\d{1,9})\s*\[|\bstep\s+(\d{1,9})\s*/\s*(\d{1,9})", re.IGNORECASE)
_FRACTION = re.compile(r"\d(?=/\d)")
_BARE_PERCENT = re.compile(r"(?<![\d.])(\d{1,3})%")

SMALLEST_STEP_TOTAL = 100
"""Bars with a smaller total count photos or shards, not steps: a training has more steps."""

BEFORE_THE_END = 99
"""A training is at most this far, in percent, until fal says that it has ended."""

LEAST_ELAPSED_S = 10.0
LEAST_PERCENT = 3
"""Before this much has passed, a guess of the time left would only jump about."""


def percent_of(log_lines: Iterable[str], steps: int) -> int | None:
    """Return how far a training of `steps` steps is, in whole percent; None if no line tells."""
    best: int | None = None
    for line in log_lines:
        for piece in re.split(r"[\r\n]+", line):
            percent = _percent_in(piece, steps)
            if percent is not None and (best is None or percent > best):
                best = percent
    return None if best is None else min(best, BEFORE_THE_END)


def _percent_in(piece: str, steps: int) -> int | None:
    found: int | None = None
    for match in _COUNT.finditer(piece):
        done, total = (int(number) for number in match.groups() if number is not None)
        if (total == steps or total >= SMALLEST_STEP_TOTAL) and done <= total:
            found = done * 100 // total
    if found is None and (bare := _bare_percent(piece)) is not None and bare < 100:
        # A bare 100 % may be the end of anything; the end of the training is fal's to say.
        found = bare
    return found


def _bare_percent(piece: str) -> int | None:
    """Return the first percentage that no fraction follows, as in `40% done`."""
    last_fraction = max((match.start() for match in _FRACTION.finditer(piece)), default=-1)
    for match in _BARE_PERCENT.finditer(piece):
        if match.end() > last_fraction:
            return int(match[1])
    return None


def seconds_left(percent: int, elapsed_s: float) -> int | None:
    """Guess the seconds left from the rate so far, or None while it is too early to tell."""
    if percent < LEAST_PERCENT or elapsed_s < LEAST_ELAPSED_S:
        return None
    return round(elapsed_s * (100 - percent) / percent)
