"""Faults that a test or a person injects into the HTTP between the bot and the services."""

import time
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Service(StrEnum):
    """Which of the two imitated services a call goes to."""

    TELEGRAM = "telegram"
    FAL = "fal"


class FaultKind(StrEnum):
    """What happens to a matching call."""

    STATUS = "status"
    HTML = "html"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    HANG = "hang"
    HANG_AFTER = "hang_after"
    SLOW = "slow"
    TRICKLE = "trickle"
    FLOOD = "flood"
    DUPLICATE = "duplicate"
    REORDER = "reorder"


# How long a hanging or slow call waits when nobody says.
_DEFAULT_SECONDS = {
    FaultKind.HANG: 3600.0,
    FaultKind.HANG_AFTER: 3600.0,
    FaultKind.SLOW: 5.0,
    FaultKind.TRICKLE: 5.0,
    FaultKind.FLOOD: 5.0,
}
_ONLY_TELEGRAM = {
    FaultKind.FLOOD: "flood is Telegram's; use status 429 for fal.",
    FaultKind.DUPLICATE: "duplicate is about Telegram's updates.",
    FaultKind.REORDER: "reorder is about Telegram's getUpdates.",
}
_HITS_LATER = {FaultKind.HANG_AFTER, FaultKind.SLOW}
"""Of these a test wants to know when the call is whole: who calls may be stopped in the middle."""
_DEFAULT_STATUS = {FaultKind.STATUS: 500, FaultKind.HTML: 502}


@dataclass
class Fault:
    """One injected fault.

    Attributes:
        match: substring of `METHOD path` with the token masked; letter case does not matter.
        status: HTTP status of `status` and `html`.
        body: answer body of `status` (a string, or JSON); None gives the service's own error.
        seconds: how long `hang`, `hang_after` and `slow` wait and `trickle` sends; retry_after
            of `flood`.
        times: how many calls it hits; 0 hits until it is removed.
        until: monotonic time after which it is over, None for never.
        hits: how many calls it has hit.
        pending: how many of them `hang_after` has yet to do the work of, or `slow` has not read.
    """

    id: int
    service: Service
    kind: FaultKind
    match: str
    status: int
    body: Any
    seconds: float
    times: int
    until: float | None = None
    hits: int = 0
    pending: int = 0

    @property
    def is_over(self) -> bool:
        """Whether it hits nothing any more."""
        used_up = self.times > 0 and self.hits >= self.times
        return used_up or (self.until is not None and time.monotonic() >= self.until)

    def settle(self) -> None:
        """Note of one call that its work is done, or never will be."""
        self.pending = max(0, self.pending - 1)

    def as_json(self) -> dict[str, Any]:
        """The control plane's view, where work that is not done yet is no hit."""
        shown = asdict(self)
        del shown["until"]
        shown["hits"] -= self.pending
        return shown


class FaultError(ValueError):
    """A fault that cannot be: the text says why."""


class Faults:
    """The faults that are in force, oldest first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._last_id = 0

    def add(self, wanted: dict[str, Any]) -> Fault:
        """Put a fault in force.

        Args:
            wanted: `service`, `kind` and optionally `match`, `status`, `body`, `seconds`,
                `times` (default 1) and `for_s` (over after so many seconds).

        Raises:
            FaultError: an unknown field or a value out of range.
        """
        allowed = {"service", "kind", "match", "status", "body", "seconds", "times", "for_s"}
        unknown = sorted(set(wanted) - allowed)
        if unknown:
            raise FaultError(f"Unknown fields: {', '.join(unknown)}.")
        try:
            service, kind = Service(wanted.get("service", "")), FaultKind(wanted.get("kind", ""))
            status = int(wanted.get("status") or _DEFAULT_STATUS.get(kind, 0))
            seconds = wanted.get("seconds")
            seconds = _DEFAULT_SECONDS.get(kind, 0.0) if seconds is None else float(seconds)
            times, for_s = int(wanted.get("times", 1)), wanted.get("for_s")
            until = None if for_s is None else time.monotonic() + float(for_s)
        except (TypeError, ValueError) as error:
            raise FaultError(str(error)) from None
        if kind in _DEFAULT_STATUS and not 200 <= status <= 599:
            raise FaultError("status is 200 to 599.")
        if times < 0 or seconds < 0:
            raise FaultError("times and seconds are not negative.")
        if kind in _ONLY_TELEGRAM and service is not Service.TELEGRAM:
            raise FaultError(_ONLY_TELEGRAM[kind])
        self._last_id += 1
        match = str(wanted.get("match", ""))
        if kind in {FaultKind.DUPLICATE, FaultKind.REORDER}:
            match = match or "/getUpdates"
        fault = Fault(
            self._last_id, service, kind, match, status, wanted.get("body"), seconds, times, until
        )
        self._faults.append(fault)
        return fault

    def remove(self, fault_id: int | None = None) -> int:
        """Lift one fault, or all; gives how many were lifted."""
        before = len(self._faults)
        self._faults = [f for f in self._faults if fault_id is not None and f.id != fault_id]
        return before - len(self._faults)

    def listed(self) -> list[dict[str, Any]]:
        """The faults in force, as JSON."""
        self._faults = [fault for fault in self._faults if fault.pending or not fault.is_over]
        return [fault.as_json() for fault in self._faults]

    def take(self, service: Service, line: str) -> Fault | None:
        """The fault that hits a call, counted as a hit; None lets the call through.

        Args:
            service: where the call goes.
            line: `METHOD path`, token masked.
        """
        for fault in self._faults:
            fits = fault.service is service and fault.match.lower() in line.lower()
            if fits and not fault.is_over:
                fault.hits += 1
                fault.pending += fault.kind in _HITS_LATER
                return fault
        return None

    def take_lost_answer(self) -> bool:
        """Whether the answer to a push is lost: `duplicate`, where nobody asks for updates."""
        for fault in self._faults:
            if fault.kind is FaultKind.DUPLICATE and not fault.is_over:
                fault.hits += 1
                return True
        return False
