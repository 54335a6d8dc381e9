"""Telegram's HTML: tags become entities, mistakes become Telegram's own refusals.

A port of `parse_html` of tdlib (td/telegram/MessageEntity.cpp), which the real server runs. It
works on bytes, because the refusals count in bytes; entities count in UTF-16 code units.
"""

from dataclasses import dataclass
from typing import Any

from sandbox.telegram.dates import date_format
from sandbox.telegram.entities import in_order
from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.links import link_entity
from sandbox.telegram.params import leading_int

Json = dict[str, Any]

_SPACE = b" \t\r\n\0\v\f"
_NAMED = {b"lt": 0x3C, b"gt": 0x3E, b"amp": 0x26, b"quot": 0x22}
_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_HALF_A_PAIR = (
    "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
    "surrogate code units"
)
_TAGS = {*_SIMPLE, "a", "tg-emoji", "tg-time", "pre", "code", "blockquote"}


@dataclass
class _Open:
    tag: str
    argument: str
    unix: int
    offset: int
    begin: int


def parse_html(text: str) -> tuple[str, list[Json]]:
    """Split HTML into plain text and entities.

    Returns:
        The text without tags, and entities in order.

    Raises:
        ApiError: 400 `can't parse entities: ...` with the byte offset of the mistake.
    """
    return _Parser(text).run()


def _refusal(message: str) -> ApiError:
    return bad_request(f"Can't parse entities: {message}")


class _Parser:
    """One pass over the bytes; the source ends with a zero byte, as a C string does."""

    def __init__(self, text: str) -> None:
        self.size = len(text.encode())
        self.source = text.encode() + b"\0"
        self.at = 0
        self.out = bytearray()
        self.utf16 = 0
        self.stack: list[_Open] = []
        self.entities: list[Json] = []

    def run(self) -> tuple[str, list[Json]]:
        while self.at < self.size:
            byte = self.source[self.at]
            if byte == 0x26 and (code := self.reference()):
                self.utf16 += 1 + (code > 0xFFFF)
                self.out += chr(code).encode("utf-8", "surrogatepass")
            elif byte != 0x3C:
                if byte & 0xC0 != 0x80:
                    self.utf16 += 1 + (byte >= 0xF0)
                self.out.append(byte)
                self.at += 1
            elif self.source[self.at + 1] == 0x2F:
                self.end_tag()
            else:
                self.start_tag()
        if self.stack:
            tag = self.stack[-1].tag
            raise _refusal(f'Can\'t find end tag corresponding to start tag "{tag}"')
        entities = [_without_language(entity) for entity in self.entities]
        try:
            return self.out.decode(), in_order(entities)
        except UnicodeDecodeError:
            raise _refusal(_HALF_A_PAIR) from None

    def reference(self) -> int:
        """Decode `&...;` at the cursor and step over it; 0 leaves the ampersand alone."""
        end = self.at + 1
        if self.source[end] == 0x23:
            end += 1
            is_hex = self.source[end] == 0x78
            end += is_hex
            digits = b"0123456789abcdefABCDEF" if is_hex else b"0123456789"
            start = end
            while self.source[end] in digits:
                end += 1
            code = int(self.source[start:end] or b"0", 16 if is_hex else 10)
            if code == 0 or code >= 0x10FFFF or end - self.at >= 10:
                return 0
        else:
            while chr(self.source[end]).isascii() and chr(self.source[end]).isalpha():
                end += 1
            code = _NAMED.get(self.source[self.at + 1 : end], 0)
            if code == 0:
                return 0
        self.at = end + (self.source[end] == 0x3B)
        return code

    def skip_spaces(self) -> None:
        while self.source[self.at] != 0 and self.source[self.at] in _SPACE:
            self.at += 1

    def until(self, stops: bytes) -> bytes:
        start = self.at
        while self.source[self.at] not in stops:
            self.at += 1
        return self.source[start : self.at]

    def start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self.until(_SPACE + b">").decode().lower()
        if self.source[self.at] == 0:
            raise _refusal(f"Unclosed start tag at byte offset {begin}")
        if tag not in _TAGS:
            raise _refusal(f'Unsupported start tag "{tag}" at byte offset {begin}')
        opened = _Open(tag, "", 0, self.utf16, len(self.out))
        while self.source[self.at] != 0x3E:
            self.skip_spaces()
            if self.source[self.at] == 0x3E:
                break
            self.attribute(opened, begin)
        if tag == "span" and opened.argument != "spoiler":
            raise _refusal(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.stack.append(opened)
        self.at += 1

    def attribute(self, opened: _Open, begin: int) -> None:
        tag = opened.tag
        name = self.until(_SPACE + b"=>/\"'").decode()
        if not name:
            raise _refusal(f'Empty attribute name in the tag "{tag}" at byte offset {begin}')
        self.skip_spaces()
        if self.source[self.at] == 0x3D:
            self.at += 1
            self.skip_spaces()
            value = self.attribute_value(tag, begin)
        elif self.source[self.at] == 0:
            raise _refusal(f'Unclosed start tag "{tag}" at byte offset {begin}')
        else:
            value = None
        _keep_attribute(opened, name, value)

    def attribute_value(self, tag: str, begin: int) -> str:
        quote = self.source[self.at]
        if quote == 0:
            raise _refusal(f'Unclosed start tag "{tag}" at byte offset {begin}')
        if quote not in b"\"'":
            start = self.at
            while chr(self.source[self.at]).isascii() and (
                chr(self.source[self.at]).isalnum() or self.source[self.at] in b".-"
            ):
                self.at += 1
            if self.source[self.at] != 0x3E and self.source[self.at] not in _SPACE:
                raise _refusal(f"Unexpected end of name token at byte offset {start}")
            value = self.source[start : self.at].lower()
        else:
            value = self.quoted(quote)
        if self.source[self.at] == 0:
            raise _refusal(f"Unclosed start tag at byte offset {begin}")
        return value.decode()

    def quoted(self, quote: int) -> bytes:
        self.at += 1
        value = bytearray()
        while self.source[self.at] not in {quote, 0}:
            if self.source[self.at] == 0x26 and (code := self.reference()):
                value += chr(code).encode("utf-8", "replace")
                continue
            value.append(self.source[self.at])
            self.at += 1
        if self.source[self.at] == quote:
            self.at += 1
        return bytes(value)

    def end_tag(self) -> None:
        begin = self.at
        if not self.stack:
            raise _refusal(f"Unexpected end tag at byte offset {begin}")
        self.at += 2
        found = self.until(_SPACE + b">").decode().lower()
        self.skip_spaces()
        if self.source[self.at] != 0x3E:
            raise _refusal(f"Unclosed end tag at byte offset {begin}")
        opened = self.stack.pop()
        if found and found != opened.tag:
            raise _refusal(
                f"Unmatched end tag at byte offset {begin}, "
                f'expected "</{opened.tag}>", found "</{found}>"'
            )
        self.at += 1
        if self.utf16 > opened.offset:
            self.close(opened)

    def close(self, opened: _Open) -> None:
        place: Json = {"offset": opened.offset, "length": self.utf16 - opened.offset}
        tag, argument = opened.tag, opened.argument
        if tag in _SIMPLE:
            self.entities.append({**place, "type": _SIMPLE[tag]})
        elif tag == "a":
            self.close_link(place, argument or self.out[opened.begin :].decode())
        elif tag in {"pre", "code"}:
            self.close_code(place, tag, argument)
        elif tag == "blockquote":
            kind = "expandable_blockquote" if argument else "blockquote"
            self.entities.append({**place, "type": kind})
        elif tag == "tg-emoji":
            self.close_emoji(place, argument)
        elif tag == "tg-time":
            self.close_time(place, opened)

    def close_link(self, place: Json, url: str) -> None:
        argument = link_entity(url)
        if argument is not None:
            self.entities.append({**place, **argument})

    def close_emoji(self, place: Json, emoji: str) -> None:
        if not emoji.isdecimal() or int(emoji) == 0:
            raise _refusal("Invalid custom emoji identifier specified")
        self.entities.append({**place, "type": "custom_emoji", "custom_emoji_id": emoji})

    def close_time(self, place: Json, opened: _Open) -> None:
        shown = date_format(opened.argument)
        if shown is None:
            raise _refusal("Invalid date format used")
        if opened.unix > 0:
            moment = {"unix_time": opened.unix, "date_time_format": shown}
            self.entities.append({**place, "type": "date_time", **moment})

    def close_code(self, place: Json, tag: str, language: str) -> None:
        last = self.entities[-1] if self.entities else {}
        same = last.get("offset") == place["offset"] and last.get("length") == place["length"]
        if tag == "pre" and same and last["type"] == "code" and last.get("language"):
            last["type"] = "pre"
        elif tag == "code" and same and last["type"] == "pre" and language:
            last["language"] = language
        elif tag == "pre":
            self.entities.append({**place, "type": "pre"})
        else:
            self.entities.append({**place, "type": "code", "language": language})


def _keep_attribute(opened: _Open, name: str, value: str | None) -> None:
    """Remember the few attributes that mean something; others are ignored."""
    match (opened.tag, name, value):
        case ("a", "href", str()) | ("tg-emoji", "emoji-id", str()) | ("tg-time", "format", str()):
            opened.argument = value or ""
        case ("tg-time", "unix", str()):
            opened.unix = leading_int(value or "")
        case ("code", "class", str()) if (value or "").startswith("language-"):
            opened.argument = (value or "")[9:]
        case ("span", "class", str()) if (value or "").startswith("tg-"):
            opened.argument = (value or "")[3:]
        case ("blockquote", "expandable", _):
            opened.argument = "1"


def _without_language(entity: Json) -> Json:
    if entity["type"] == "code" or not entity.get("language", "x"):
        return {key: value for key, value in entity.items() if key != "language"}
    return entity
