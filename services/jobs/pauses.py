"""How long to wait before fal is asked again."""

import random

LONGEST_PAUSE_S = 60.0
SHARE = 0.05
"""A search that has gone on for t seconds waits 5 % of t: 5 s after 100 s, a minute after 20."""

LONG_S = 3600.0
LONG_SHARE = 0.01
"""A job that fal has had for longer than an hour waits 1 % of its time: 36 s, a minute after 100
minutes. Most trainings take minutes, so whatever takes hours waits in a long queue."""

LOOKS_PER_S = 150.0
"""So many times in a second fal is asked how the jobs of one kind stand. With more jobs than that
each is looked at more rarely, in turn, so that the users of the bot are not kept waiting."""

JITTER = 0.1
"""What began together drifts apart: a pause is up to so much shorter."""


def pause_after(elapsed_s: float, poll_s: float) -> float:
    """Return the seconds to wait in a search that has gone on for `elapsed_s`."""
    return max(poll_s, min(elapsed_s * SHARE, LONGEST_PAUSE_S))


def pause_of(bad_answers: int, poll_s: float) -> float:
    """Return the seconds to wait after so many bad answers in a row: doubled with each."""
    return max(poll_s, min(poll_s * 2.0 ** min(bad_answers - 1, 16), LONGEST_PAUSE_S))


def pause_between_looks(elapsed_s: float, poll_s: float, jobs: int) -> float:
    """Return the seconds until fal is asked again how a job stands.

    Args:
        elapsed_s: How long fal has had it.
        poll_s: The pause of an ordinary job, which is never much exceeded in its first hour.
        jobs: How many are watched in all.
    """
    pause_s = max(poll_s, jobs / LOOKS_PER_S)
    if elapsed_s > LONG_S:
        pause_s = max(pause_s, min(elapsed_s * LONG_SHARE, LONGEST_PAUSE_S))
    return pause_s * random.uniform(1 - JITTER, 1.0)  # noqa: S311  # jitter, no secret
