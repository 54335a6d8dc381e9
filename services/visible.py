"""Whether a text that a user typed can be seen, and reads in the order it is written."""

import unicodedata

JOINERS = frozenset("\u200c\u200d")
"""They join letters of some scripts, and emoji."""

BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs of Unicode that are drawn as nothing."""


_DIRECTIONS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Embeddings, overrides and isolates of Unicode's bidirectional algorithm (UAX #9)."""


def is_visible(text: str) -> bool:
    """Return whether at least one sign of a text leaves ink."""
    return any(
        unicodedata.category(sign)[0] in "LNPS" and sign not in BLANKS and sign.isprintable()
        for sign in text
    )


def has_hidden_signs(text: str) -> bool:
    """Return whether a text has control or format signs, such as overrides of its direction."""
    return any(unicodedata.category(sign) in {"Cc", "Cf"} and sign not in JOINERS for sign in text)


def without_turns(text: str) -> str:
    """Return a text without the signs that turn around what stands behind it, too."""
    return text.translate(_DIRECTIONS)
