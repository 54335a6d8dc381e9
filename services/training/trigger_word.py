"""The trigger word: the rare token that stands for the subject in every prompt."""

import re
import secrets
import unicodedata

from anyascii import anyascii

MAX_LENGTH = 48
SUFFIX_BYTES = 2
"""The suffix is 4 hex digits."""

NAMELESS = "MODEL"


def trigger_word_base(name: str) -> str:
    """Return the part of the trigger word that comes from the model's name.

    Any script is transliterated to ASCII; signs that are no letters, marks or digits (emoji,
    punctuation) part words.
    """
    readable = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in name)
    ascii_name = anyascii(readable).upper()
    longest = MAX_LENGTH - 1 - 2 * SUFFIX_BYTES
    base = re.sub(r"[^A-Z0-9]+", "_", ascii_name).strip("_")[:longest].rstrip("_")
    return base or NAMELESS


def draw_trigger_word(name: str) -> str:
    """Return a trigger word for a model's name: `My Portrait 2025` -> `MY_PORTRAIT_2025_A3F2`.

    The last 4 hex digits are drawn afresh on each call; whether the word is free is for the
    database to say.
    """
    return f"{trigger_word_base(name)}_{secrets.token_hex(SUFFIX_BYTES).upper()}"
