"""Entities of a text: their order, their merging, and those found in plain text."""

import re
from typing import Any

Json = dict[str, Any]

_SPLITTABLE = {"bold", "italic", "underline", "strikethrough", "spoiler"}


_ORDER = ["blockquote", "expandable_blockquote", "text_link", "text_mention", "pre", "code"]


# The server finds more (cash tags, phone and card numbers, bare domains of any zone); these are
# the kinds that a bot of this sort meets.
_FOUND = [
    (
        "email",
        re.compile(r"(?<![\w.@+-])[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"),
    ),
    (
        "url",
        re.compile(
            r"(?<![\w@/.-])(?:https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::\d+)?(?:[/?#][^\s<>\"]*)?"
            r"|(?:[A-Za-z0-9-]+\.)+(?:com|org|net|io|ai|me|ru|dev|app|ly)\b(?:[/?#][^\s<>\"]*)?)"
        ),
    ),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w#&])#\w*[^\W\d]\w*")),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z][A-Za-z0-9_]{2,31})?(?![\w/])"),
    ),
]


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of entities."""
    return len(text.encode("utf-16-le")) // 2


def _span(entity: Json) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def _meets(entity: Json, others: list[Json]) -> bool:
    begin, end = _span(entity)
    return any(begin < _span(other)[1] and _span(other)[0] < end for other in others)


def joined_entities(entities: list[Json]) -> list[Json]:
    """Code holds nothing else, and touching runs of one style are one entity."""
    code = [entity for entity in entities if entity["type"] in {"pre", "code"}]
    outer = [entity for entity in code if not _inside_other(entity, code)]
    result = list(outer)
    for entity in in_order([e for e in entities if e["type"] not in {"pre", "code"}]):
        if _meets(entity, outer) and entity["type"] not in {"blockquote", "expandable_blockquote"}:
            continue
        previous = next((e for e in reversed(result) if e["type"] == entity["type"]), None)
        if (
            previous is not None
            and entity["type"] in _SPLITTABLE
            and entity["offset"] <= _span(previous)[1]
        ):
            previous["length"] = max(_span(previous)[1], _span(entity)[1]) - previous["offset"]
            continue
        result.append(dict(entity))
    return result


def _inside_other(entity: Json, others: list[Json]) -> bool:
    begin, end = _span(entity)
    return any(
        other is not entity
        and _span(other)[0] <= begin
        and end <= _span(other)[1]
        and _span(other) != (begin, end)
        for other in others
    )


def in_order(entities: list[Json]) -> list[Json]:
    """By place, longer first: the order the server gives."""

    def key(entity: Json) -> tuple[int, int, int]:
        kind = entity["type"]
        return entity["offset"], -entity["length"], _ORDER.index(kind) if kind in _ORDER else 9

    return sorted(entities, key=key)


def found_entities(text: str, taken: list[Json]) -> list[Json]:
    """Addresses, mentions, tags and commands in a text, outside entities that exclude them."""
    blocking = [entity for entity in taken if entity["type"] not in _SPLITTABLE]
    blocking = [e for e in blocking if e["type"] not in {"blockquote", "expandable_blockquote"}]
    result: list[Json] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            found = match.group()
            if kind == "url":
                found = found.rstrip(".,:;!?)]}'\"")
            offset = utf16_length(text[: match.start()])
            entity: Json = {"offset": offset, "length": utf16_length(found), "type": kind}
            if not _meets(entity, blocking + result):
                result.append(entity)
    return result
