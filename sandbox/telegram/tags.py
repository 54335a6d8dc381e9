"""Mentions, commands, hashtags, cashtags and card numbers in a text, as Telegram finds them.

The rules are those of tdlib (td/telegram/MessageEntity.cpp), whose published test vectors are
run in tests/sandbox. Places here are characters; `found.py` turns them into UTF-16 units.
"""

import re
import unicodedata
from collections.abc import Iterator

Span = tuple[int, int]

# Usernames under four characters that exist: Telegram's own inline bots and collectibles.
_SHORT_NAMES = {"gif", "nft", "pic", "ufc", "vid"}

_MENTION = re.compile(r"(?<!\w)@([A-Za-z0-9_]{2,32})(?!\w)")
_COMMAND = re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32}|(?!@))(?![\w/<>])")
_TAG_NAME = re.compile(r"@[A-Za-z0-9_]{3,32}")
_CASHTAG = re.compile(r"1INCH|[A-Z]+")
_CASHTAG_NAME = re.compile(r"@[A-Za-z0-9_]+")
_MAX_HASHTAG = 256
_CARD = re.compile(r"[0-9][0-9 -]*")


def mentions(text: str) -> Iterator[Span]:
    """`@name` of four to 32 characters, or a known shorter one."""
    for match in _MENTION.finditer(text):
        if len(match[1]) >= 4 or match[1].lower() in _SHORT_NAMES:
            yield match.span()


def commands(text: str) -> Iterator[Span]:
    """`/command` and `/command@name`."""
    return (match.span() for match in _COMMAND.finditer(text))


def is_letter(char: str) -> bool:
    """Whether Unicode calls a character a letter."""
    return unicodedata.category(char)[0] == "L"


def _is_tag_char(char: str) -> bool:
    # The Sinhala block is taken whole, and the zero-width non-joiner and the middle dot.
    if char in "_\u200c\u00b7" or "\u0d80" <= char <= "\u0dff":
        return True
    return is_letter(char) or unicodedata.category(char) == "Nd"


def hashtags(text: str) -> Iterator[Span]:
    """`#tag` and `#tag@name`: up to 256 characters, at least one of them a letter."""
    at = text.find("#")
    while at >= 0:
        end = at + 1
        while end < len(text) and _is_tag_char(text[end]):
            end += 1
        cut = min(end, at + 1 + _MAX_HASHTAG)
        is_bad = at > 0 and _is_tag_char(text[at - 1])
        name = _TAG_NAME.match(text, end) if cut == end and end > at + 1 else None
        if name is not None:
            cut = end = name.end()
        body = text[at + 1 : cut].partition("@")[0]
        is_bad = is_bad or text[end : end + 1] == "#" or not any(map(is_letter, body))
        if not is_bad:
            yield at, cut
        at = text.find("#", max(end, at + 1))


def cashtags(text: str) -> Iterator[Span]:
    """`$ABC` and `$ABC@name`: one to eight capital letters, or 1INCH."""
    at = text.find("$")
    while at >= 0:
        code = _CASHTAG.match(text, at + 1)
        end = at + 1 if code is None else code.end()
        is_bad = code is None or end - at > 9
        is_bad = is_bad or (at > 0 and _excludes_cashtag(text[at - 1]))
        name = None if is_bad else _CASHTAG_NAME.match(text, end)
        if name is not None and 3 <= len(name[0]) - 1 <= 32:
            end = name.end()
        is_bad = is_bad or (end < len(text) and _excludes_cashtag(text[end]))
        if not is_bad:
            yield at, end
        at = text.find("$", max(end, at + 1))


def _excludes_cashtag(char: str) -> bool:
    return char == "$" or _is_tag_char(char)


def card_numbers(text: str) -> Iterator[Span]:
    """Bank card numbers: 13 to 19 digits with a right check digit, spaces and dashes between."""
    at = 0
    while (match := _CARD.search(text, at)) is not None:
        begin, at = match.start(), _end_of_run(match)
        digits = sum(map(str.isdigit, text[begin:at]))
        end = begin + len(text[begin:at].rstrip(" -"))
        before = text[begin - 1 : begin]
        if before and (before in ".,+-_" or is_letter(before)):
            at = match.end()
            continue
        after = text[end : end + 1]
        is_apart = not after or not (after in "-_" or is_letter(after))
        if 13 <= digits <= 19 and end - begin <= 2 * digits - 1 and is_apart:
            number = "".join(filter(str.isdigit, text[begin:end]))
            if _is_card(number):
                yield begin, end


def _end_of_run(match: re.Match[str]) -> int:
    # 16 to 19 digits in a row end at a space: another number may follow.
    whole = match[0].partition(" ")[0]
    if 16 <= len(whole) <= 19 and whole.isdigit():
        return match.start() + len(whole)
    return match.end()


# Which lengths card schemes have: first digits from, to, and the lengths.
_SCHEMES = (
    ("4", "4", {13, 16, 18, 19}),
    ("51", "55", {16}),
    ("2221", "2720", {16}),
    ("34", "34", {15}),
    ("37", "37", {15}),
    ("62", "62", {16, 17, 18, 19}),
    ("81", "81", {16, 17, 18, 19}),
    ("2200", "2204", {16}),
)


def _is_card(number: str) -> bool:
    doubled = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
    backwards = [int(digit) for digit in reversed(number)]
    if (sum(backwards[::2]) + sum(doubled[digit] for digit in backwards[1::2])) % 10:
        return False
    for first, last, lengths in _SCHEMES:
        if first <= number[: len(first)] <= last:
            return len(number) in lengths
    return True
