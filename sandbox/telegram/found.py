"""What Telegram finds in a plain text: addresses, mentions, tags, commands, card numbers.

Phone numbers are found by Telegram's closed servers only; nothing is published, so none is found.
"""

from collections.abc import Iterator
from typing import Any

from sandbox.telegram import tags, urls
from sandbox.telegram.entities import in_order

Json = dict[str, Any]


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, the unit of entities."""
    return len(text) + sum(char > "\uffff" for char in text)


def utf16_places(text: str) -> list[int]:
    """Where each character begins in UTF-16 units, and at last where the text ends."""
    places = [0]
    for char in text:
        places.append(places[-1] + 1 + (char > "\uffff"))
    return places


def found_entities(text: str) -> list[Json]:
    """Entities of a text without any; where two share a character, the first and longer one."""
    places = utf16_places(text)
    found = [
        {"type": kind, "offset": places[begin], "length": places[end] - places[begin]}
        for kind, (begin, end) in _found(text)
    ]
    kept: list[Json] = []
    for entity in in_order(found):
        if not kept or entity["offset"] >= kept[-1]["offset"] + kept[-1]["length"]:
            kept.append(entity)
    return kept


def _found(text: str) -> Iterator[tuple[str, tags.Span]]:
    for kind, spans in (
        ("mention", tags.mentions),
        ("bot_command", tags.commands),
        ("hashtag", tags.hashtags),
        ("cashtag", tags.cashtags),
        ("bank_card_number", tags.card_numbers),
        ("url", urls.app_links),
    ):
        for span in spans(text):
            yield kind, span
    for span, is_email in urls.web_addresses(text):
        yield "email" if is_email else "url", span
