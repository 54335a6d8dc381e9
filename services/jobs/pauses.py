"""How long to wait before fal is asked again."""

LONGEST_PAUSE_S = 60.0
SHARE = 0.05
"""A search that has gone on for t seconds waits 5 % of t: 5 s after 100 s, a minute after 20."""


def pause_after(elapsed_s: float, poll_s: float) -> float:
    """Return the seconds to wait in a search that has gone on for `elapsed_s`."""
    return max(poll_s, min(elapsed_s * SHARE, LONGEST_PAUSE_S))


def pause_of(bad_answers: int, poll_s: float) -> float:
    """Return the seconds to wait after so many bad answers in a row: doubled with each."""
    return max(poll_s, min(poll_s * 2.0 ** min(bad_answers - 1, 16), LONGEST_PAUSE_S))
