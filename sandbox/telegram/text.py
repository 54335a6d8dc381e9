"""Message text as the server keeps it: parsed, trimmed, with entities found in it."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.entities import found_entities, in_order, joined_entities, utf16_length
from sandbox.telegram.errors import bad_request
from sandbox.telegram.html_text import parse_html

Json = dict[str, Any]

MAX_TEXT = 4096
MAX_CAPTION = 1024
_MAX_RAW_BYTES = 32768


@dataclass(frozen=True)
class Formatted:
    """Text and its entities (offsets and lengths in UTF-16 code units)."""

    text: str
    entities: list[Json] = field(default_factory=list)

    def fields(self, text_key: str, entities_key: str) -> Json:
        """The two Bot API fields; empty ones are left out."""
        result: Json = {}
        if self.text:
            result[text_key] = self.text
            if self.entities:
                result[entities_key] = self.entities
        return result


def formatted_text(raw: str, parse_mode: str, entities: str) -> Formatted:
    """Parse what `sendMessage` and its like were given.

    Args:
        raw: the text parameter.
        parse_mode: HTML, none or empty (Markdown is not imitated and says so).
        entities: the entities parameter as JSON; used without a parse mode only.

    Raises:
        ApiError: 400 in the server's words.
    """
    if len(raw.encode()) > _MAX_RAW_BYTES:
        raise bad_request("Text is too long")
    mode = parse_mode.lower()
    if raw and mode not in {"", "none"}:
        if mode in {"markdown", "markdownv2"}:
            raise bad_request("The sandbox does not imitate parse_mode Markdown; use HTML")
        if mode != "html":
            raise bad_request("Unsupported parse_mode")
        return _fixed(*parse_html(raw))
    return _fixed(raw, _given_entities(entities))


def message_text(raw: str, parse_mode: str, entities: str) -> Formatted:
    """Text of a message: 1 to 4096 characters after parsing.

    Raises:
        ApiError: 400 when it is empty, too long or badly marked up.
    """
    if not raw:
        raise bad_request("Message text is empty")
    result = formatted_text(raw, parse_mode, entities)
    if not result.text:
        raise bad_request("Text must be non-empty")
    if len(result.text) > MAX_TEXT:
        raise bad_request("Message is too long")
    return result


def caption_text(raw: str, parse_mode: str, entities: str) -> Formatted:
    """A caption: 0 to 1024 characters after parsing.

    Raises:
        ApiError: 400 when it is too long or badly marked up.
    """
    result = formatted_text(raw, parse_mode, entities)
    if len(result.text) > MAX_CAPTION:
        raise bad_request("Message caption is too long")
    return result


def plain_text(raw: str) -> Formatted:
    """What a person typed: trimmed, with entities found in it."""
    return _fixed(raw, [])


def _given_entities(raw: str) -> list[Json]:
    try:
        value = json.loads(raw) if raw else []
    except ValueError:
        return []
    if not isinstance(value, list):
        return []
    for entity in value:
        if not isinstance(entity, dict):
            raise bad_request("Can't parse MessageEntity: expected an Object")
        for name in ("offset", "length"):
            if not isinstance(entity.get(name), int):
                raise bad_request(f"Can't parse MessageEntity: Can't find field \"{name}\"")
    # An entity of an unknown type is left out, as the server leaves it out.
    return [e for e in value if isinstance(e.get("type"), str) and e["length"] > 0]


# Line and paragraph separators and direction overrides, and three combining lines.
_REMOVED = {"\r", *map(chr, range(0x2028, 0x202F)), "\u0333", "\u033f", "\u030a"}
# Of direction marks in a row all but the last become a zero-width non-joiner.
_MARKS_IN_A_ROW = re.compile("[\u200e\u200f](?=[\u200e\u200f])")


def _cleaned_char(char: str) -> str:
    if char in _REMOVED:
        return ""
    return " " if char < " " and char != "\n" else char


def _clean(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Remove and replace what tdlib's clean_input_string does; entities move along."""
    places, out, place = [0], [], 0
    for char in text:
        cleaned = _cleaned_char(char)
        out.append(cleaned)
        place += utf16_length(cleaned)
        # A character outside the basic plane counts two places.
        places += [place] * (1 + (char > "\uffff"))

    def moved(entity: Json) -> Json:
        last = len(places) - 1
        begin = places[min(entity["offset"], last)]
        end = places[min(entity["offset"] + entity["length"], last)]
        return {**entity, "offset": begin, "length": end - begin}

    cleaned = _MARKS_IN_A_ROW.sub("\u200c", "".join(out))
    return cleaned, [moved(entity) for entity in entities if entity["offset"] >= 0]


def _fixed(text: str, entities: list[Json]) -> Formatted:
    text, entities = _clean(text, entities)
    stripped = text.rstrip()
    end = utf16_length(stripped)
    clipped = [
        {**entity, "length": min(entity["length"], end - entity["offset"])}
        for entity in entities
        if 0 <= entity["offset"] < end
    ]
    # Leading spaces go only up to the first entity, as in tdlib's fix_formatted_text.
    limit = min((entity["offset"] for entity in clipped), default=len(stripped))
    lead = 0
    while lead < limit and lead < len(stripped) and stripped[lead] in " \n":
        lead += 1
    moved = [{**entity, "offset": entity["offset"] - lead} for entity in clipped]
    text = stripped[lead:]
    kept = joined_entities(moved)
    return Formatted(text, in_order(kept + found_entities(text, kept)))
