"""Entities of a text: their order, and which may stand inside which.

The rules are those of tdlib (td/telegram/MessageEntity.cpp, fix_entities): styles may be split,
so they go round and into everything but code; quotes hold everything but quotes; the others hold
styles only. Its published test vectors are run in tests/sandbox.
"""

from typing import Any

Json = dict[str, Any]

STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = ("blockquote", "expandable_blockquote")
_CODE = {"pre", "code", "date_time"}
# Of entities with one place, which comes first; all that are not named are 50.
_PRIORITY = {
    **dict.fromkeys(QUOTES, 0),
    "pre": 10,
    "code": 20,
    "date_time": 30,
    "text_link": 49,
    "text_mention": 49,
    **{style: 90 + place for place, style in enumerate(STYLES)},
    "custom_emoji": 99,
}


def end_of(entity: Json) -> int:
    """The first UTF-16 unit behind an entity."""
    return int(entity["offset"] + entity["length"])


def kind_of(entity: Json) -> str:
    """Its type; a code block that names a language is a kind of its own."""
    return "pre_code" if entity.get("language") else str(entity["type"])


def in_order(entities: list[Json]) -> list[Json]:
    """By place, longer first, then by kind: the order the server gives."""

    def key(entity: Json) -> tuple[int, int, int, int]:
        has_no_language = entity["type"] == "pre" and not entity.get("language")
        priority = _PRIORITY.get(entity["type"], 50)
        return entity["offset"], -entity["length"], priority, has_no_language

    return sorted(entities, key=key)


def settled(entities: list[Json]) -> list[Json]:
    """Entities as the server keeps them: none crosses another, none stands where it may not."""
    entities = in_order(entities)
    if _is_settled(entities):
        return entities
    quotes = _apart(_of(entities, QUOTES))
    others = _apart([e for e in entities if e["type"] not in {*QUOTES, *STYLES}])
    others = _not_across(others, quotes)
    return _with_styles(in_order(others + quotes), _of(entities, STYLES))


def with_found(entities: list[Json], found: list[Json]) -> list[Json]:
    """Add what was found in the text, where what was given leaves room."""
    if not found:
        return entities
    quotes = _of(entities, QUOTES)
    given = [e for e in entities if e["type"] not in {*QUOTES, *STYLES}]
    found = [e for e in _not_across(found, quotes) if not any(_meet(e, old) for old in given)]
    return _with_styles(in_order(given + found + quotes), _of(entities, STYLES))


def _of(entities: list[Json], kinds: tuple[str, ...]) -> list[Json]:
    return [entity for entity in entities if entity["type"] in kinds]


def _meet(one: Json, other: Json) -> bool:
    return bool(one["offset"] < end_of(other) and other["offset"] < end_of(one))


def _apart(entities: list[Json]) -> list[Json]:
    """Of those that share a character, the first."""
    kept: list[Json] = []
    for entity in entities:
        if not kept or entity["offset"] >= end_of(kept[-1]):
            kept.append(entity)
    return kept


def _not_across(entities: list[Json], quotes: list[Json]) -> list[Json]:
    """Without those that are neither inside nor outside a quote."""
    return [e for e in entities if not any(_meet(e, q) and not _holds(q, e) for q in quotes)]


def _holds(outer: Json, inner: Json) -> bool:
    return bool(outer["offset"] <= inner["offset"] and end_of(inner) <= end_of(outer))


def _is_settled(entities: list[Json]) -> bool:
    around: list[Json] = []
    style_ends: dict[str, int] = {}
    for entity in entities:
        while around and entity["offset"] >= end_of(around[-1]):
            around.pop()
        if around and not _may_stand_in(entity, around):
            return False
        if entity["type"] in STYLES:
            if style_ends.get(entity["type"], -1) >= entity["offset"]:
                return False
            style_ends[entity["type"]] = end_of(entity)
        around.append(entity)
    return True


def _may_stand_in(entity: Json, around: list[Json]) -> bool:
    if end_of(entity) > end_of(around[-1]) or around[-1]["type"] in _CODE:
        return False
    if any(outer["type"] in STYLES or kind_of(outer) == kind_of(entity) for outer in around):
        return False
    in_other = any(outer["type"] not in QUOTES for outer in around)
    if entity["type"] in _CODE:
        return not in_other
    if entity["type"] in QUOTES:
        return False
    return entity["type"] in STYLES or not in_other


def _with_styles(others: list[Json], styles: list[Json]) -> list[Json]:
    return in_order(others + _split(styles, others)) if styles else others


class _Splitter:
    """Runs of styles: each is cut where something else begins or ends."""

    def __init__(self, styles: list[Json]) -> None:
        self.waiting = list(reversed(styles))
        self.open: dict[str, tuple[int, int]] = {}
        self.pieces: list[Json] = []

    def cut(self, at: int) -> None:
        for style, (begin, end) in list(self.open.items()):
            if begin >= at:
                continue
            piece_end = min(end, at)
            piece = {"type": style, "offset": begin, "length": piece_end - begin}
            self.pieces.append(piece)
            if end <= at:
                del self.open[style]
            else:
                self.open[style] = (at, end)

    def take_until(self, at: int) -> None:
        while self.waiting and self.waiting[-1]["offset"] < at:
            style = self.waiting.pop()
            begin, end = style["offset"], end_of(style)
            known = self.open.get(style["type"])
            if known is not None and begin <= known[1]:
                self.open[style["type"]] = (known[0], max(known[1], end))
                continue
            self.cut(begin)
            self.open[style["type"]] = (begin, end)
        self.cut(at)

    def leave(self, other: Json) -> None:
        taken = len(self.pieces)
        self.take_until(end_of(other))
        if other["type"] in _CODE:
            del self.pieces[taken:]


def _split(styles: list[Json], others: list[Json]) -> list[Json]:
    splitter = _Splitter(styles)
    around: list[Json] = []
    for other in others:
        while around and other["offset"] >= end_of(around[-1]):
            splitter.leave(around.pop())
        splitter.take_until(other["offset"])
        around.append(other)
    while around:
        splitter.leave(around.pop())
    splitter.take_until(max((end_of(style) for style in styles), default=0) + 1)
    return splitter.pieces
