"""What an update says of itself before aiogram reads it: number, lane, urgency, and the like."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Json = dict[str, Any]

PRE_CHECKOUT_LANES = 1 << 60
"""Added to a user's id, which has at most 52 bits: an invoice waits for no other update."""

URGENT = ("pre_checkout_query", "shipping_query", "callback_query", "inline_query")
"""Telegram cancels a payment after 10 s, a pressed button spins until it is answered, and who asks
inline is writing."""

LATE_AFTER_S = 30.0
"""A message that was sent so long before it was taken has waited already."""

PART_UNITS = 3000
"""Apps split a text at 4096 UTF-16 units or at a word before: less is no part of a longer one."""

PARTS_WITHIN_S = 2
"""Parts of a text are sent at once; Telegram dates them in whole seconds."""

FULL_PART_UNITS = 4096
"""A part of that length may have been cut within a word (`TextUtilities` of the apps)."""


@dataclass(frozen=True)
class Incoming:
    """An update that waits for its turn.

    Attributes:
        update_id: Telegram's number.
        lane: Whose update it is.
        is_urgent: Whether it goes before the others.
        is_late: Whether it has waited for longer than people expect.
        command: The command that is all it says, if it is one.
        date: When the text was sent (Unix time); None for what is no text of its sender's.
        is_plain: Whether it is a text and no command.
        chat: Where it was written; 0 for what is no message.
        is_part: Whether the text is so long that the next one may go on with it.
    """

    update_id: int
    lane: int
    is_urgent: bool = False
    is_late: bool = False
    command: str | None = None
    date: int | None = None
    is_plain: bool = False
    is_part: bool = False
    chat: int = 0

    def repeats(self, before: "Incoming") -> bool:
        """Return whether it is the same command again, in the same chat."""
        is_same = self.command == before.command and self.chat == before.chat
        return self.command is not None and is_same

    def goes_on(self, before: "Incoming") -> bool:
        """Return whether it is the next part of a text that an app has split."""
        return (
            before.is_part
            and self.is_plain
            and self.chat == before.chat
            and self.date is not None
            and before.date is not None
            and 0 <= self.date - before.date <= PARTS_WITHIN_S
        )


def number_of(update: object) -> int | None:
    """Return an update's number, if it has one.

    A negative one does not count: as an offset it would have Telegram forget all before it.
    """
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int and number >= 0 else None


def read(update: Json, now_s: float) -> Incoming:
    """Return what can be told of an update, of whatever form.

    Args:
        update: It has a number.
        now_s: The present moment (Unix time).
    """
    kind, event = _event(update)
    date = event.get("date")
    text = _text(kind, event)
    is_command = text.startswith("/")
    # Telegram's clock is not ours, so a date may lie ahead.
    is_late = kind == "message" and isinstance(date, int) and now_s - date > LATE_AFTER_S
    return Incoming(
        update_id=update["update_id"],
        lane=_lane(kind, event),
        is_urgent=kind in URGENT,
        is_late=is_late,
        command=text if is_command and len(text.split()) == 1 else None,
        date=date if text and isinstance(date, int) else None,
        is_plain=bool(text) and not is_command,
        is_part=_units(text) >= PART_UNITS,
        chat=_id_in(event.get("chat")) or 0,
    )


def joined(parts: Sequence[Json]) -> Json:
    """Return the first part of a split text with the whole text."""
    first = parts[0]
    text = first["message"]["text"]
    for before, part in pairwise(parts):
        # Where an app cut between words, the space is lost.
        is_cut_within = _units(before["message"]["text"]) >= FULL_PART_UNITS
        text += ("" if is_cut_within else " ") + part["message"]["text"]
    return {**first, "message": {**first["message"], "text": text}}


def dumped(update: Json) -> str:
    """Return an update as it is kept."""
    return json.dumps(update, ensure_ascii=False, separators=(",", ":"))


def loaded(payload: str) -> Json:
    """Return an update from how it is kept."""
    update: Json = json.loads(payload)
    return update


def _event(update: Json) -> tuple[str, Mapping[str, Any]]:
    for kind, event in update.items():
        if isinstance(event, dict):
            return kind, event
    return "", {}


def _lane(kind: str, event: Mapping[str, Any]) -> int:
    user_id = _id_in(event.get("from")) or _id_in(event.get("user"))
    if user_id is not None:
        return user_id + PRE_CHECKOUT_LANES if kind == "pre_checkout_query" else user_id
    return _id_in(event.get("chat")) or 0


def _id_in(one: object) -> int | None:
    found = one.get("id") if isinstance(one, dict) else None
    return found if type(found) is int and abs(found) < PRE_CHECKOUT_LANES else None


def _text(kind: str, event: Mapping[str, Any]) -> str:
    text = event.get("text") if kind == "message" and "forward_origin" not in event else None
    return text if isinstance(text, str) else ""


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
