"""What an assumption is. The `about_...` modules list them: a new one is an entry there."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from services.verify.evidence import Evidence


class Verdict(StrEnum):
    """What became of an assumption."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    NOT_SEEN = "not seen"


@dataclass(frozen=True)
class Finding:
    """A verdict, and what was seen."""

    verdict: Verdict
    seen: str


@dataclass(frozen=True)
class Assumption:
    """Something that the code takes for granted.

    Attributes:
        id: What it is called; it never changes.
        sentence: What is assumed.
        where: The code that relies on it.
        judge: Says what the evidence makes of it.
    """

    id: str
    sentence: str
    where: str
    judge: Callable[[Evidence], Finding]


def holds(is_so: bool, seen: str) -> Finding:  # noqa: FBT001  # `holds(a == b, ...)` reads well
    """Return that an assumption is confirmed or refuted."""
    return confirmed(seen) if is_so else refuted(seen)


def confirmed(seen: str) -> Finding:
    """Return that it is as assumed."""
    return Finding(Verdict.CONFIRMED, seen)


def refuted(seen: str) -> Finding:
    """Return that it is otherwise."""
    return Finding(Verdict.REFUTED, seen)


def not_seen(why: str) -> Finding:
    """Return that nothing can be said."""
    return Finding(Verdict.NOT_SEEN, why)
