r"""Telegram's first Markdown, kept for old bots: no nesting, four marks.

The rules are those of tdlib (td/telegram/MessageEntity.cpp, parse_markdown).
"""

from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.found import utf16_length
from sandbox.telegram.links import link_entity
from sandbox.telegram.markdown import read_language

Json = dict[str, Any]

_MARKS = b"_*`["
_ESCAPED = {b"\\_", b"\\*", b"\\`", b"\\["}
_KINDS = {b"_": "italic", b"*": "bold", b"`": "code", b"```": "pre"}


def parse_markdown(text: str) -> tuple[str, list[Json]]:
    """Split Markdown into plain text and entities, in order.

    Raises:
        ApiError: 400 `can't parse entities: Can't find end of the entity ...`.
    """
    source = text.encode()
    at = offset = 0
    parts: list[str] = []
    entities: list[Json] = []
    while at < len(source):
        body, kind, at = _next(source, at)
        parts.append(body.decode())
        length = utf16_length(parts[-1])
        if kind is not None and length > 0:
            entities.append({"offset": offset, "length": length, **kind})
        offset += length
    return "".join(parts), entities


def _next(source: bytes, at: int) -> tuple[bytes, Json | None, int]:
    """The next piece: its text, its kind when it has one, and where the rest begins."""
    if source[at : at + 2] in _ESCAPED:
        return source[at + 1 : at + 2], None, at + 2
    if source[at] in _MARKS:
        return _entity(source, at)
    end = at + 1
    while end < len(source) and source[end] not in _MARKS + b"\\":
        end += 1
    return source[at:end], None, end


def _entity(source: bytes, at: int) -> tuple[bytes, Json | None, int]:
    begin, mark, language = at, source[at : at + 1], ""
    at += 1
    if source.startswith(b"```", begin):
        mark = b"```"
        language, at = read_language(source, begin + 3)
    end = source.find(b"]" if mark == b"[" else mark, at)
    if end < 0:
        raise bad_request(
            f"Can't parse entities: Can't find end of the entity starting at byte offset {begin}"
        )
    body = source[at:end]
    if mark == b"[" and body:
        return _link(source, body, end + 1)
    kind: Json = {"type": _KINDS.get(mark, "")}
    return body, {**kind, "language": language} if language else kind, end + len(mark)


def _link(source: bytes, body: bytes, at: int) -> tuple[bytes, Json | None, int]:
    if source[at : at + 1] != b"(":
        return body, link_entity(body.decode()), at
    # A parenthesis that is not closed takes the rest.
    end = source.find(b")", at)
    end = len(source) if end < 0 else end
    return body, link_entity(source[at + 1 : end].decode()), end + 1
