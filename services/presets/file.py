"""Reads a file of presets, and says on which line its first mistake is."""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.presets.catalogue import Catalogue, Category, Entry, Pack, Preset

BUILT_IN = Path(__file__).with_name("built_in.toml")

Place: TypeAlias = tuple[str | int, ...]
"""The way to a value from the top of the file: `("presets", 3, "shape")`."""


class BadPresets(ValueError):
    """The file cannot be used; the text is one line that says where and why."""


class _Mistake(Exception):
    def __init__(self, place: Place, words: str) -> None:
        super().__init__(words)
        self.place = place
        self.words = words


class _Contents(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    extend: bool = False
    categories: tuple[Category, ...] = ()
    presets: tuple[Preset, ...] = Field(min_length=1)
    packs: tuple[Pack, ...] = ()


@cache
def _built_in() -> Catalogue:
    """Return the presets that come with the bot."""
    return _read(BUILT_IN, None)


def load_presets(path: str) -> Catalogue:
    """Return the presets of an operator's file, or the built-in ones when there is no path.

    With `extend = true` at its top the file adds to the built-in presets, and an entry whose id
    is there already takes that one's place; otherwise the file replaces them all.

    Raises:
        BadPresets: The file cannot be read, or has a mistake.
    """
    return _read(Path(path), _built_in()) if path else _built_in()


def _read(path: Path, base: Catalogue | None) -> Catalogue:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        msg = f"{path} cannot be read: {reason}"
        raise BadPresets(msg) from None
    try:
        return _catalogue(_parsed(text), base)
    except tomllib.TOMLDecodeError as error:
        line, words = _syntax_mistake(text, str(error))
    except _Mistake as mistake:
        line, words = _line_of(text, mistake.place), mistake.words
    msg = f"{path}, line {line}: {words}"
    raise BadPresets(msg) from None


def _syntax_mistake(text: str, words: str) -> tuple[int, str]:
    # Before Python 3.14 the parser tells the place within its words only.
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", words)
    if found is None:
        return 1, words
    return int(found[2] or len(text.rstrip().split("\n"))), found[1]


def _parsed(text: str) -> _Contents:
    try:
        return _Contents.model_validate(tomllib.loads(text))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
    place = first["loc"]
    what = ".".join(str(step) for step in place if isinstance(step, str))
    words = {
        "missing": "is missing",
        "extra_forbidden": "is not known here",
    }.get(first["type"], first["msg"].removeprefix("Value error, "))
    raise _Mistake(place, f"{what}: {words}")


def _catalogue(contents: _Contents, base: Catalogue | None) -> Catalogue:
    for kind in ("categories", "presets", "packs"):
        _refuse_twins(kind, [entry.id for entry in getattr(contents, kind)])
    whole = Catalogue(contents.categories, contents.presets, contents.packs)
    if base is not None and contents.extend:
        whole = Catalogue(
            _merged(base.categories, contents.categories),
            _merged(base.presets, contents.presets),
            _merged(base.packs, contents.packs),
        )
    _refuse_strangers(contents, whole)
    return whole


def _refuse_twins(kind: str, ids: Sequence[str]) -> None:
    for index, entry_id in enumerate(ids):
        if entry_id in ids[:index]:
            raise _Mistake((kind, index, "id"), f"{kind}.id: {entry_id} is there twice")


def _refuse_strangers(contents: _Contents, whole: Catalogue) -> None:
    categories = {category.id for category in whole.categories}
    for index, preset in enumerate(contents.presets):
        if preset.category not in categories:
            words = f"presets.category: there is no category {preset.category}"
            raise _Mistake(("presets", index, "category"), words)
    presets = {preset.id for preset in whole.presets}
    for index, pack in enumerate(contents.packs):
        for position, preset_id in enumerate(pack.presets):
            if preset_id not in presets:
                words = f"packs.presets: there is no preset {preset_id}"
                raise _Mistake(("packs", index, "presets", position), words)


def _merged(ours: Sequence[Entry], theirs: Sequence[Entry]) -> Sequence[Entry]:
    # A dict keeps the place of what is replaced, and appends what is new.
    return tuple({entry.id: entry for entry in (*ours, *theirs)}.values())


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
