"""What the photo process can be asked for where photos are looked at, beside its other work."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from services.photos.coach.eye import load, look
from services.photos.coach.memory import FaceMemory
from services.photos.coach.seen import Compared
from services.photos.messages import Message

load()
_memory = FaceMemory()


def _check_and_look(request: Message) -> Message:
    facts, seen, vector = look(*request.parts)
    _memory.keep(facts.sha256, vector)
    return Message({"facts": asdict(facts), "seen": seen.stored()})


def _alike(request: Message) -> Message:
    return _told(_memory.alike(request.head["photos"]))


def _likeness(request: Message) -> Message:
    *_, vector = look(*request.parts)
    return _told(_memory.likeness(vector, request.head["photos"]))


def _told(compared: Compared) -> Message:
    return Message(compared._asdict())


COACH_WORK: dict[Any, Callable[[Message], Message]] = {
    "look": _check_and_look,
    "alike": _alike,
    "likeness": _likeness,
}
"""What can be asked for, by name."""
