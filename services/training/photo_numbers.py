"""Understand "remove 3, 7" as people write it."""

import re

_VERBS = (
    *("remove", "delete", "drop"),
    *("убрать", "убери", "уберите", "удалить", "удали", "удалите"),
)
_NUMBER = r"(?:[№#] ?)?\d{1,4}"
# Phones turn a hyphen between numbers into a dash.
_RANGE = re.compile(rf"({_NUMBER})(?: ?[-–—] ?({_NUMBER}))?")
_BETWEEN = r"(?: ?[,;] ?| )(?:(?:and|и) )?"
# No two parts can match the same text in different ways, so any text is judged in one pass.
_REQUEST = re.compile(
    rf"/?(?:{'|'.join(_VERBS)})(?: (?:photos?|фото))?:? ?"
    rf"({_RANGE.pattern}(?:{_BETWEEN}{_RANGE.pattern})*) ?[.!]?",
    re.IGNORECASE,
)


def numbers_to_remove(text: str) -> tuple[int, ...]:
    """Return the numbers that a message asks to remove.

    The verb is needed: a bare number may mean anything, and photos are at stake.

    Args:
        text: What the user wrote, such as `remove 3, 7`, `убрать 3-5 и 9`.

    Returns:
        The numbers, ascending and each once; empty when the text is no such request.
    """
    request = _REQUEST.fullmatch(" ".join(text.split()))
    if request is None:
        return ()
    numbers: set[int] = set()
    for first, last in _RANGE.findall(request[1]):
        ends = sorted((_number(first), _number(last or first)))
        numbers.update(range(ends[0], ends[1] + 1))
    return tuple(sorted(numbers))


def _number(text: str) -> int:
    return int(text.lstrip("№# "))
