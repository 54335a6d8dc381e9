"""Message text as the server keeps it: parsed, cleaned, trimmed, with entities found in it."""

import re
from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.entities import end_of, in_order, settled, with_found
from sandbox.telegram.errors import bad_request
from sandbox.telegram.found import found_entities, utf16_length
from sandbox.telegram.given import given_entities
from sandbox.telegram.html_text import parse_html
from sandbox.telegram.markdown import parse_markdown_v2
from sandbox.telegram.markdown_old import parse_markdown

Json = dict[str, Any]

MAX_TEXT = 4096
MAX_CAPTION = 1024
_MAX_RAW_BYTES = 32768
_MAX_PLACE = 1_000_000
_PARSERS = {"html": parse_html, "markdown": parse_markdown, "markdownv2": parse_markdown_v2}


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
        parse_mode: HTML, Markdown, MarkdownV2, none or empty.
        entities: the entities parameter as JSON; used without a parse mode only.

    Raises:
        ApiError: 400 in the server's words.
    """
    if len(raw.encode()) > _MAX_RAW_BYTES:
        raise bad_request("Text is too long")
    mode = parse_mode.lower()
    if raw and mode not in {"", "none"}:
        if mode not in _PARSERS:
            raise bad_request("Unsupported parse_mode")
        text, parsed = _PARSERS[mode](raw)
        return fixed_text(text, parsed)
    return fixed_text(raw, given_entities(entities))


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
    return fixed_text(raw, [])


# Line and paragraph separators and direction overrides, and three combining lines.
_REMOVED = {"\r", *map(chr, range(0x2028, 0x202F)), "\u0333", "\u033f", "\u030a"}
# Of direction marks in a row all but the last become a zero-width non-joiner.
_MARKS_IN_A_ROW = re.compile("[\u200e\u200f](?=[\u200e\u200f])")
# A text of these alone is empty (tdlib, strip_empty_characters).
_EMPTY = re.compile(
    "[ \n\u00a0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc"
    "\U000e0000-\U000e007f]*"
)


def fixed_text(text: str, entities: list[Json], *, trim: bool = True) -> Formatted:
    """What the server keeps of a text (tdlib, fix_formatted_text).

    Returns:
        An empty text when nothing visible is left.

    Raises:
        ApiError: 400 for an entity that is not within the text.
    """
    for entity in entities:
        for name in ("offset", "length"):
            if not 0 <= entity[name] <= _MAX_PLACE:
                raise bad_request(f"Receive an entity with incorrect {name} {entity[name]}")
    text, entities = _cleaned(text, settled(_not_empty(entities)))
    if not text.strip(" \n"):
        return Formatted("")
    entities = settled(_not_empty(entities))
    if trim:
        text, entities = _trimmed(text, entities)
    if _EMPTY.fullmatch(text):
        return Formatted("")
    # The sandbox's bot has no right to custom emoji: its owner has no Premium.
    entities = [entity for entity in entities if entity["type"] != "custom_emoji"]
    return Formatted(text, with_found(entities, found_entities(text)))


def _not_empty(entities: list[Json]) -> list[Json]:
    return [entity for entity in entities if entity["length"] > 0]


def _cleaned_char(char: str) -> str:
    if char in _REMOVED:
        return ""
    return " " if char < " " and char != "\n" else char


def _cleaned(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Remove and replace what tdlib's clean_input_string does; entities move along."""
    out: list[str] = []
    # Where each UTF-16 unit goes; the second half of a pair goes nowhere.
    places: list[int | None] = []
    byte_of: list[int] = []
    place = at_byte = 0
    for char in text:
        cleaned = _cleaned_char(char)
        out.append(cleaned)
        places += [place] if char <= "\uffff" else [place, None]
        byte_of += [at_byte] if char <= "\uffff" else [at_byte, at_byte + len(char.encode())]
        place += utf16_length(cleaned)
        at_byte += len(char.encode())
    places.append(place)
    byte_of.append(at_byte)
    moved = [_moved(entity, places, byte_of) for entity in entities]
    return _MARKS_IN_A_ROW.sub("\u200c", "".join(out)), moved


def _moved(entity: Json, places: list[int | None], byte_of: list[int]) -> Json:
    offset, end = entity["offset"], end_of(entity)
    if offset >= len(places):
        raise bad_request(f"Entity begins after the end of the text at UTF-16 offset {offset}")
    begin = places[offset]
    if begin is None:
        raise bad_request(
            f"Entity begins in a middle of a UTF-16 symbol at byte offset {byte_of[offset]}"
        )
    where = f"Entity beginning at UTF-16 offset {offset} ends"
    if end >= len(places):
        raise bad_request(f"{where} after the end of the text at UTF-16 offset {end}")
    last = places[end]
    if last is None:
        raise bad_request(f"{where} in a middle of a UTF-16 symbol at byte offset {byte_of[end]}")
    return {**entity, "offset": begin, "length": last - begin}


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    text = text.rstrip(" \n")
    end = utf16_length(text)
    entities = in_order(
        [
            {**entity, "length": min(entity["length"], end - entity["offset"])}
            for entity in entities
            if entity["offset"] < end
        ]
    )
    # Leading spaces go only up to the first entity.
    limit = entities[0]["offset"] if entities else end
    lead = min(limit, len(text) - len(text.lstrip(" \n")))
    return text[lead:], [{**entity, "offset": entity["offset"] - lead} for entity in entities]
