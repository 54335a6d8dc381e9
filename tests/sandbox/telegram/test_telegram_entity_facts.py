"""Entities as the real server reads and finds them.

`facts/*.json` says what goes in and what comes out, one fact a line, as the published tests of
tdlib 1.8.66 (test/message_entities.cpp) have it: the library that the real Bot API server runs.
An entity is `[type, offset, length]` and its argument.
"""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.telegram import tags, urls
from sandbox.telegram.entities import QUOTES, STYLES
from sandbox.telegram.errors import ApiError
from sandbox.telegram.html_text import parse_html
from sandbox.telegram.markdown import parse_markdown_v2
from sandbox.telegram.markdown_old import parse_markdown
from sandbox.telegram.text import fixed_text

Json = dict[str, Any]

FACTS = Path(__file__).parent / "facts"


def facts(name: str, part: str) -> list[Any]:
    rows: list[Any] = json.loads((FACTS / f"{name}.json").read_text("utf-8"))[part]
    assert rows
    return rows


_ARGUMENTS = ("language", "url", "custom_emoji_id")


def short(entity: Json) -> list[Any]:
    row = [entity["type"], entity["offset"], entity["length"]]
    row += [entity[name] for name in _ARGUMENTS if name in entity]
    if "user" in entity:
        row.append(entity["user"]["id"])
    if "unix_time" in entity:
        row.append([entity["unix_time"], entity["date_time_format"]])
    return row


def whole(kind: str, offset: int, length: int, url: str = "") -> Json:
    entity = {"type": kind, "offset": offset, "length": length}
    return {**entity, "url": url} if url else entity


_FINDERS: dict[str, Callable[[str], Iterator[tags.Span]]] = {
    "mention": tags.mentions,
    "bot_command": tags.commands,
    "hashtag": tags.hashtags,
    "cashtag": tags.cashtags,
    "bank_card_number": tags.card_numbers,
    "app_link": urls.app_links,
}


@pytest.mark.parametrize(
    ("kind", "text", "found"), [(k, *row) for k in _FINDERS for row in facts("found", k)]
)
def test_tags_and_numbers_are_found(kind: str, text: str, found: list[str]) -> None:
    assert [text[begin:end] for begin, end in _FINDERS[kind](text)] == found


@pytest.mark.parametrize(("text", "web", "mail"), facts("found", "address"))
def test_addresses_are_found(text: str, web: list[str], mail: list[str]) -> None:
    found = list(urls.web_addresses(text))
    assert [text[begin:end] for (begin, end), is_mail in found if not is_mail] == web
    assert [text[begin:end] for (begin, end), is_mail in found if is_mail] == mail


_GOOD_USERS = ("a.a.a.a.a.a.a.a.a.a.a", "+.+.+.+.+._", "a..a", ".a.a", "aZ0-_+-aZ9_.-._.+-")
_BAD_USERS = ("", "a.a.a.a.a.a.a.a.a.a.a.a", "+.+.+", "*.a", "a.*", "a.a.", f"a.{'b' * 36}")
_GOOD_HOSTS = ("a.ab", "a.a.a.a.a.a.AbOyZ", f"{'b' * 30}.ab", "ab0cd.ab_d.aA-sd.0.9.0-9.ABOYZ")
_BAD_HOSTS = (
    "localhost",
    ".ab",
    "a..ab",
    "a.a",
    "a.a.a.a.a.a.a.ab",
    "a.abcdefghi",
    "a.ab0yz",
    "a+a.ab",
    f"{'b' * 31}.ab",
    "-b.ab",
    "b_.ab",
    "a.-.ab",
)


@pytest.mark.parametrize("user", _GOOD_USERS + _BAD_USERS)
def test_a_mail_address_has_a_good_user_and_a_good_host(user: str) -> None:
    hosts = _GOOD_HOSTS + _BAD_HOSTS
    good = [host for host in hosts if urls.is_email(f"{user}@{host}")]
    assert good == (list(_GOOD_HOSTS) if user in _GOOD_USERS else [])
    assert not any(urls.is_email(user + host) for host in hosts)


_PARSERS = {"html": parse_html, "markdown_v2": parse_markdown_v2}


@pytest.mark.parametrize(
    ("mode", "text", "plain", "entities"),
    [(mode, *row) for mode in _PARSERS for row in facts(mode, "read")],
)
def test_marks_become_entities(mode: str, text: str, plain: str, entities: list[Any]) -> None:
    read, found = _PARSERS[mode](text)
    assert (read, [short(entity) for entity in found]) == (plain, entities)


@pytest.mark.parametrize(
    ("mode", "text", "refusal"),
    [(mode, *row) for mode in _PARSERS for row in facts(mode, "refused")],
)
def test_bad_marks_are_refused_in_the_servers_words(mode: str, text: str, refusal: str) -> None:
    with pytest.raises(ApiError) as caught:
        _PARSERS[mode](text)
    assert caught.value.description == f"Bad Request: can't parse entities: {refusal}"


@pytest.mark.parametrize("reference", ["&#57311;", "&#xDFDF;", "&#xDFDF"])
def test_half_a_pair_is_no_character(reference: str) -> None:
    with pytest.raises(ApiError, match="check for unmatched surrogate code units"):
        parse_html(reference)


@pytest.mark.parametrize(
    "char", [chr(code) for code in range(1, 126) if chr(code) not in "_*[~`>"]
)
def test_markdown_reserves_some_characters(char: str) -> None:
    if char not in "]()>#+-=|{}.!":
        assert parse_markdown_v2(char) == (char, [])
        return
    with pytest.raises(ApiError, match="is reserved and must be escaped"):
        parse_markdown_v2(char)
    assert parse_markdown_v2(f"\\{char}") == (char, [])


@pytest.mark.parametrize(
    ("text", "plain", "entities"),
    [
        ("*b* _i_ `c`", "b i c", [["bold", 0, 1], ["italic", 2, 1], ["code", 4, 1]]),
        ("😀*b*", "😀b", [["bold", 2, 1]]),
        ("*a_b*", "a_b", [["bold", 0, 3]]),
        (r"a\_b \x", r"a_b \x", []),
        ("```py\nx```", "x", [["pre", 0, 1, "py"]]),
        ("```\nx```", "x", [["pre", 0, 1]]),
        ("[x](telegram.org)", "x", [["text_link", 0, 1, "http://telegram.org/"]]),
        ("[x](tg://user?id=5)", "x", [["text_mention", 0, 1, 5]]),
        ("[telegram.org]", "telegram.org", [["text_link", 0, 12, "http://telegram.org/"]]),
        ("[](telegram.org)", "(telegram.org)", []),
        ("** x", " x", []),
    ],
)
def test_the_first_markdown_knows_four_marks(text: str, plain: str, entities: list[Any]) -> None:
    read, found = parse_markdown(text)
    assert (read, [short(entity) for entity in found]) == (plain, entities)


@pytest.mark.parametrize(
    ("text", "place"), [("я_x", 2), ("*x", 0), ("a`x", 1), ("```x`", 0), ("[x", 0)]
)
def test_the_first_markdown_names_where_an_entity_has_no_end(text: str, place: int) -> None:
    with pytest.raises(ApiError) as caught:
        parse_markdown(text)
    words = "Can't find end of the entity starting at byte offset"
    assert caught.value.description == f"Bad Request: can't parse entities: {words} {place}"


@pytest.mark.parametrize(
    ("trim", "text", "given", "kept", "entities"),
    [(part == "trimmed", *row) for part in ("kept", "trimmed") for row in facts("fixed", part)],
)
def test_texts_and_entities_are_put_right(
    text: str, given: list[Any], kept: str, entities: list[Any], *, trim: bool
) -> None:
    fixed = fixed_text(text, [whole(*row) for row in given], trim=trim)
    assert (fixed.text, [short(entity) for entity in fixed.entities]) == (kept, entities)


@pytest.mark.parametrize("place", range(10))
def test_entities_begin_and_end_between_characters(place: int) -> None:
    text = "👉 👉  "
    bold = whole("bold", place, 1)
    if place not in {2, 5, 6}:
        with pytest.raises(ApiError, match=r"entity begin(s|ning)"):
            fixed_text(text, [bold])
        return
    assert [short(e) for e in fixed_text(text, [bold], trim=False).entities] == [
        ["bold", place, 1]
    ]
    assert len(fixed_text(text, [bold]).entities) == (place == 2)


@pytest.mark.parametrize("offset", range(-3, 11))
@pytest.mark.parametrize("length", [-3, -1, 0, 1, 4, 8, 10])
def test_entities_are_within_their_text(offset: int, length: int) -> None:
    bold = whole("bold", offset, length)
    if length < 0 or offset < 0 or (length > 0 and offset + length > 8):
        with pytest.raises(ApiError):
            fixed_text("aba caba", [bold])
        return
    expected = [["bold", offset, length]] if length else []
    assert [short(e) for e in fixed_text("aba caba", [bold]).entities] == expected


def test_control_characters_become_spaces_and_returns_vanish() -> None:
    controls = "".join(map(chr, range(33)))
    spaces = "".join(" " if code != 10 else "\n" for code in range(33) if code != 13)
    assert fixed_text(controls, [], trim=False).text == ""
    assert fixed_text(controls + "a", [], trim=False).text == spaces + "a"


def test_direction_marks_in_a_row_become_one() -> None:
    marks = "\u200f\u200f  \u200e\u200e\u200e\u200c \u200f\u200e \u200f"
    assert fixed_text(marks, []).text == ""
    kept = "\u200c\u200f  \u200c\u200c\u200e\u200c \u200c\u200e \u200f a"
    assert fixed_text(f"{marks} a", []).text == kept


def test_what_is_found_is_placed_in_the_trimmed_text() -> None:
    text = "  /test @abaca #ORD $ABC  telegram.org "
    assert [short(entity) for entity in fixed_text(text, []).entities] == [
        ["bot_command", 0, 5],
        ["mention", 6, 6],
        ["hashtag", 13, 4],
        ["cashtag", 18, 4],
        ["url", 24, 12],
    ]


_KINDS = [*STYLES, *QUOTES, "code", "pre", "text_link", "text_mention"]


def _marks(length: int, entities: list[Json]) -> list[set[str]]:
    marks: list[set[str]] = [set() for _ in range(length)]
    for entity in entities:
        for place in range(entity["offset"], entity["offset"] + entity["length"]):
            marks[place].add(entity["type"])
    return marks


@pytest.mark.parametrize("first", range(0, 1000, 100))
def test_whatever_is_given_what_is_kept_is_in_order(first: int) -> None:
    for seed in range(first, first + 100):
        _check_order(seed)


def _check_order(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311
    text = dice.choice(["a:example.com:aa", "a" * dice.randint(1, 20)])
    given = []
    for _ in range(dice.randint(1, 20)):
        offset = dice.randrange(len(text))
        length = dice.randint(0, min(4 if seed % 2 else 20, len(text) - offset))
        given.append(whole(dice.choice(_KINDS), offset, length))
    kept = fixed_text(text, given).entities
    before, after = _marks(len(text), given), _marks(len(text), kept)
    for was, now in zip(before, after, strict=True):
        # Styles stay where they were, except inside code.
        assert now & set(STYLES) == (set() if now & {"code", "pre"} else was & set(STYLES))
    for place, outer in enumerate(kept):
        outer_end = outer["offset"] + outer["length"]
        for inner in kept[place + 1 :]:
            assert (inner["offset"], -inner["length"]) >= (outer["offset"], -outer["length"])
            if inner["offset"] >= outer_end:
                continue
            assert inner["offset"] + inner["length"] <= outer_end
            assert inner["type"] != outer["type"]
            assert outer["type"] not in {"code", "pre"}
            assert outer["type"] in {*STYLES, *QUOTES} or inner["type"] in STYLES
