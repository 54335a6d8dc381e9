"""JSON as the Bot API server reads it."""

import json
from typing import Any

# tdlib's parser goes no deeper (td/utils/JsonBuilder).
_MAX_DEPTH = 100


def read_json(text: str | bytes) -> Any:  # noqa: ANN401  (any JSON value)
    """The value of a JSON text.

    Raises:
        ValueError: it is no JSON, or nested more than 100 deep.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("Too big object depth") from None
    level = [value]
    for _ in range(_MAX_DEPTH + 1):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return value
    raise ValueError("Too big object depth")


def _inside(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
