"""Reads a TOML file that an operator wrote, and says on which line its first mistake is."""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError

Contents = TypeVar("Contents", bound=BaseModel)
Made = TypeVar("Made")

Place: TypeAlias = tuple[str | int, ...]
"""The way to a value from the top of the file: `("presets", 3, "shape")`."""


class BadFile(ValueError):
    """The file cannot be used; the text is one line that says where and why."""


class Mistake(Exception):
    """What is written at a place cannot be; `words` says why."""

    def __init__(self, place: Place, words: str) -> None:
        super().__init__(words)
        self.place = place
        self.words = words


def read_toml(path: Path, kind: type[Contents], make: Callable[[Contents], Made]) -> Made:
    """Return what is made of a file.

    Args:
        path: The file.
        kind: The form of it.
        make: Makes something of its contents; may raise `Mistake`.

    Raises:
        BadFile: The file cannot be read, or has a mistake.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        msg = f"{path} cannot be read: {reason}"
        raise BadFile(msg) from None
    try:
        return make(_parsed(text, kind))
    except tomllib.TOMLDecodeError as error:
        line, words = _syntax_mistake(text, str(error))
    except Mistake as mistake:
        line, words = _line_of(text, mistake.place), mistake.words
    msg = f"{path}, line {line}: {words}"
    raise BadFile(msg) from None


def _syntax_mistake(text: str, words: str) -> tuple[int, str]:
    # Before Python 3.14 the parser tells the place within its words only.
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", words)
    if found is None:
        return 1, words
    return int(found[2] or len(text.rstrip().split("\n"))), found[1]


def _parsed(text: str, kind: type[Contents]) -> Contents:
    try:
        return kind.model_validate(tomllib.loads(text))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    place = first["loc"]
    what = ".".join(str(step) for step in place if isinstance(step, str))
    words = {
        "missing": "is missing",
        "extra_forbidden": "is not known here",
    }.get(first["type"], first["msg"].removeprefix("Value error, "))
    raise Mistake(place, f"{what}: {words}")


def _line_of(text: str, place: Place) -> int:
    """Return the line on which the value at a place begins; of a missing one, its table's.

    It is found by reading the file again, line by line as it were: the value begins right after
    the last line with which it is not there yet.
    """
    lines = text.split("\n")
    while place and not _holds(_beginning(lines)[1], place):
        place = place[:-1]
    if not place:
        return 1
    end = bisect_left(
        range(len(lines)), x=True, key=lambda count: _holds(_beginning(lines[:count])[1], place)
    )
    return _beginning(lines[: end - 1])[0] + 1


def _beginning(lines: Sequence[str]) -> tuple[int, dict[str, Any]]:
    """Return as many of the lines as make a file of their own, and what they say."""
    for count in range(len(lines), 0, -1):
        try:
            return count, tomllib.loads("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            continue
    return 0, {}


def _holds(value: Any, place: Place) -> bool:  # noqa: ANN401  # whatever TOML can say
    for step in place:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return False
    return True
