r"""Telegram's MarkdownV2: marks become entities, mistakes become Telegram's own refusals.

The rules are those of tdlib (td/telegram/MessageEntity.cpp, parse_markdown_v2), whose published
test vectors are run in tests/sandbox. It works on bytes, because the refusals count in bytes;
entities count in UTF-16 code units.
"""

from dataclasses import dataclass
from typing import Any

from sandbox.telegram.entities import in_order
from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.links import date_of_link, emoji_of_link, link_entity

Json = dict[str, Any]

_RESERVED = frozenset(b"_*[]()~`>#+-=|{}.!\n")
_SPACE = b" \t\r\n\0\v\f"
# As refusals call the kinds.
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "pre_code": "PreCode",
    "link": "TextUrl",
    "emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_CODE = {"code", "pre", "pre_code"}
_BEGINS = {
    b"__": "underline",
    b"_": "italic",
    b"*": "bold",
    b"~": "strikethrough",
    b"||": "spoiler",
    b"![": "emoji",
    b"[": "link",
    b"`": "code",
}
_ENDS = {
    "bold": b"*",
    "italic": b"_",
    "underline": b"__",
    "strikethrough": b"~",
    "spoiler": b"||",
    "code": b"`",
    "pre": b"```",
    "pre_code": b"```",
    "link": b"]",
    "emoji": b"]",
}


@dataclass
class _Open:
    kind: str
    offset: int
    at_byte: int
    out_begin: int
    language: str = ""


def parse_markdown_v2(text: str) -> tuple[str, list[Json]]:
    """Split MarkdownV2 into plain text and entities, in order.

    Raises:
        ApiError: 400 `can't parse entities: ...`.
    """
    return _Parser(text).run()


def _refusal(message: str) -> ApiError:
    return bad_request(f"Can't parse entities: {message}")


def _reserved(byte: int) -> ApiError:
    return _refusal(
        f"Character '{chr(byte)}' is reserved and must be escaped with the preceding '\\'"
    )


def is_escape(source: bytes, at: int) -> bool:
    """Whether a backslash at a place escapes what follows: any ASCII character."""
    return source[at : at + 1] == b"\\" and 0 < (source[at + 1 : at + 2] or b"\0")[0] <= 126


def skip_newline(source: bytes, at: int) -> int:
    r"""Behind one line break (`\n`, `\r`, or both) at a place."""
    pair = source[at : at + 2]
    return at + (2 if pair in {b"\r\n", b"\n\r"} else 1 if pair[:1] in {b"\n", b"\r"} else 0)


def read_language(source: bytes, at: int) -> tuple[str, int]:
    """The language that a code block names, and where its text begins."""
    end = at
    while end < len(source) and source[end] not in _SPACE and source[end] != 0x60:
        end += 1
    language = ""
    if at < end < len(source) and source[end] != 0x60:
        language, at = source[at:end].decode(), end
    return language, skip_newline(source, at)


class _Parser:
    def __init__(self, text: str) -> None:
        self.source = text.encode()
        self.at = 0
        self.out = bytearray()
        self.utf16 = 0
        self.stack: list[_Open] = []
        self.entities: list[Json] = []
        self.in_quote = False
        self.may_quote = True

    def run(self) -> tuple[str, list[Json]]:
        while self.at < len(self.source):
            byte = self.source[self.at]
            if is_escape(self.source, self.at):
                self.at += 1
                self.put(self.source[self.at])
            elif not self.is_mark(byte):
                self.put(byte)
            elif self.ends_here(byte):
                self.end(byte)
            else:
                self.begin(byte)
        self.end_quote_with_text()
        if self.stack:
            raise self.unfinished()
        return self.out.decode(), in_order(self.entities)

    def put(self, byte: int) -> None:
        """Copy a byte of the text."""
        self.at += 1
        self.out.append(byte)
        if byte & 0xC0 != 0x80:
            self.utf16 += 1 + (byte >= 0xF0)
            if byte != 0x0D:
                self.may_quote = byte == 0x0A

    def is_mark(self, byte: int) -> bool:
        if self.stack and self.stack[-1].kind in _CODE:
            return byte == 0x60
        return byte in _RESERVED

    def starts(self, mark: bytes) -> bool:
        return self.source.startswith(mark, self.at)

    def unfinished(self) -> ApiError:
        last = self.stack[-1]
        return _refusal(
            f"Can't find end of {_NAMES[last.kind]} entity at byte offset {last.at_byte}"
        )

    def ends_here(self, byte: int) -> bool:
        if not self.stack:
            return False
        if self.in_quote and byte == 0x0A and self.source[self.at + 1 : self.at + 2] != b">":
            return True
        kind = self.stack[-1].kind
        if kind == "blockquote":
            return False
        return self.starts(_ENDS[kind]) and not (kind == "italic" and self.starts(b"__"))

    def begin(self, byte: int) -> None:
        if byte == 0x0A:
            self.put(byte)
        elif byte == 0x3E:
            self.begin_quote()
        elif self.starts(b"```"):
            self.begin_pre()
        else:
            mark = next((mark for mark in _BEGINS if self.starts(mark)), None)
            if mark is None:
                raise _reserved(byte)
            self.open(_BEGINS[mark], len(mark))

    def open(self, kind: str, marks: int, language: str = "") -> None:
        self.stack.append(_Open(kind, self.utf16, self.at, len(self.out), language))
        # The byte that a refusal names is that of `!`, the last one before the bracket.
        self.at += marks

    def begin_quote(self) -> None:
        if not self.may_quote:
            raise _reserved(0x3E)
        if self.in_quote:
            self.at += 1
            return
        self.in_quote = True
        self.open("blockquote", 1)

    def begin_pre(self) -> None:
        language, begin = read_language(self.source, self.at + 3)
        self.open("pre_code" if language else "pre", begin - self.at, language)

    def end(self, byte: int) -> None:
        is_expandable = False
        if byte == 0x0A and self.stack[-1].kind != "blockquote":
            is_expandable = self.drop_quote_mark()
        last = self.stack.pop()
        if last.kind == "blockquote":
            self.in_quote = False
            self.put(byte)
            self.add(last, "expandable_blockquote" if is_expandable else "blockquote")
            return
        self.at += len(_ENDS[last.kind])
        if last.kind == "link":
            self.end_link(last)
        elif last.kind == "emoji":
            self.end_emoji(last)
        elif last.kind == "pre_code":
            self.add(last, "pre", language=last.language)
        else:
            self.add(last, last.kind)

    def drop_quote_mark(self) -> bool:
        """`||` at the end of a quote's last line makes it expandable."""
        last = self.stack[-1]
        line_end = self.at - 1 if self.out.endswith(b"\r") else self.at
        if last.kind != "spoiler" or last.at_byte not in {self.at - 2, line_end - 2}:
            raise self.unfinished()
        self.stack.pop()
        if self.stack[-1].kind != "blockquote":
            raise self.unfinished()
        return True

    def end_quote_with_text(self) -> None:
        if not self.in_quote:
            return
        kind = "blockquote"
        last = self.stack[-1]
        if last.kind == "spoiler" and last.at_byte == len(self.source) - 2:
            self.stack.pop()
            kind = "expandable_blockquote"
        if self.stack[-1].kind == "blockquote":
            self.add(self.stack.pop(), kind)

    def add(self, opened: _Open, kind: str, **more: object) -> None:
        length = self.utf16 - opened.offset
        if length > 0:
            self.entities.append({"type": kind, "offset": opened.offset, "length": length, **more})

    def address(self) -> str:
        """The address in parentheses at the cursor; steps over it."""
        self.at += 1
        begin = self.at
        url = bytearray()
        while self.at < len(self.source) and self.source[self.at] != 0x29:
            self.at += is_escape(self.source, self.at)
            url.append(self.source[self.at])
            self.at += 1
        if self.at >= len(self.source):
            raise _refusal(f"Can't find end of a URL at byte offset {begin}")
        self.at += 1
        return url.decode("utf-8", "replace")

    def end_link(self, opened: _Open) -> None:
        url = self.address() if self.starts(b"(") else self.out[opened.out_begin :].decode()
        argument = link_entity(url)
        if argument is not None:
            kind = str(argument.pop("type"))
            self.add(opened, kind, **argument)

    def end_emoji(self, opened: _Open) -> None:
        if not self.starts(b"("):
            raise _refusal("The entity must contain a tg://emoji or tg://time URL")
        url = self.address()
        argument = emoji_of_link(url) or date_of_link(url)
        if argument is None:
            raise _refusal("Invalid tg://emoji or tg://time URL specified")
        kind = str(argument.pop("type"))
        self.add(opened, kind, **argument)
