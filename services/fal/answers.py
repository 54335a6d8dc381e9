"""Reads the answers of fal: JSON of any shape, of which only what is needed must be right."""

import json
import math
import re
from typing import Any

MAX_ANSWER_BYTES = 8 * 1024 * 1024
"""No more of an answer is read: real ones have some kilobytes, a long log some hundred."""

LONGEST_ADDRESS = 2048
"""Longer URLs are refused by most servers, Telegram's included."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
"""UUIDs, so far."""

MOST_SIDE_PX = 100_000


class Unreadable(ValueError):
    """An answer that is no JSON that we can read."""


def json_of(content: bytes) -> Any:  # noqa: ANN401  # whatever fal sent
    """Return the JSON value of an answer, `NaN` and infinities as None.

    Raises:
        Unreadable: Whatever is wrong with it: no JSON, nested too deeply, numbers too long.
    """
    try:
        return json.loads(content, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as error:
        raise Unreadable(type(error).__name__) from error


def object_of(content: bytes) -> dict[str, Any]:
    """Return the JSON object of an answer.

    Raises:
        Unreadable: There is none.
    """
    value = json_of(content)
    if not isinstance(value, dict):
        raise Unreadable(f"a JSON {type(value).__name__}")
    return value


def whole_number(value: object, least: int, most: int) -> int | None:
    """Return a number that may be given as a float or as digits; None when it is no such one."""
    if isinstance(value, str) and len(value) <= 20 and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if least <= value <= most else None


def address(value: object) -> str | None:
    """Return a text that may be an address; None for what is none."""
    if isinstance(value, dict):
        value = value.get("url")
    if not isinstance(value, str):
        return None
    value = value.strip()
    return value if 0 < len(value) <= LONGEST_ADDRESS and value.isprintable() else None


def usable_id(value: object) -> str | None:
    """Return the id of a request as it may be put into an address; None for what is none."""
    return value if isinstance(value, str) and _REQUEST_ID.fullmatch(value) else None


def web_address(value: object) -> str | None:
    """Return an http(s) address, given as itself or as a file with a `url`; None for no such."""
    found = address(value)
    return found if found and found.lower().startswith(("https://", "http://")) else None
