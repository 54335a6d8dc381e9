"""What tells a paid request from others in fal's history: texts that its input, as JSON, holds."""

import json
import re
from collections.abc import Sequence


def field_mark(name: str, value: str | int) -> str:
    """Return the mark of a field with exactly this value."""
    return f"{_written(name)}: {_written(value)}"


def ending_mark(text: str) -> str:
    """Return the mark of a text that ends so; what stands before that is not known."""
    return _written(text)[1:]


def has_all(marks: Sequence[str], given: object) -> bool:
    """Return whether an input has all marks, none as the beginning or end of a longer word."""
    try:
        text = _written(given)
    except (ValueError, RecursionError):
        return False
    return all(re.search(rf"(?<!\w){re.escape(mark)}(?!\w)", text) for mark in marks)


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
