"""How much fits under a picture."""

MAX_CAPTION = 1024
"""Telegram's limit, in UTF-16 units."""

PROMPT_ROOM = 900
"""How much of a caption the prompt may take, in UTF-16 units."""

NAME_ROOM = 64
"""How much of it somebody's name may take, in UTF-16 units."""


def cut(text: str, units: int) -> str:
    """Shorten a text to so many UTF-16 units; what is cut off shows as `…`."""
    encoded = text.encode("utf-16-le")
    if len(encoded) <= 2 * units:
        return text
    return encoded[: 2 * (units - 1)].decode("utf-16-le", "ignore") + "…"
