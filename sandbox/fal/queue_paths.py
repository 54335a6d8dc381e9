"""Reading the paths of the queue: fal's rules for endpoint ids and request addresses."""

from dataclasses import dataclass
from enum import StrEnum

from sandbox.fal.endpoints import NAMESPACES


class Action(StrEnum):
    """What can be asked about a request."""

    RESULT = "result"
    STATUS = "status"
    STREAM = "stream"
    CANCEL = "cancel"


METHODS = {
    Action.RESULT: "GET",
    Action.STATUS: "GET",
    Action.STREAM: "GET",
    Action.CANCEL: "PUT",
}

_TAILS = {
    (): Action.RESULT,
    ("response",): Action.RESULT,
    ("status",): Action.STATUS,
    ("status", "stream"): Action.STREAM,
    ("cancel",): Action.CANCEL,
}


@dataclass(frozen=True)
class RequestPath:
    """`{app}/requests/{id}/…`; `action` is None for a tail that means nothing.

    `has_sub_path` says that the address wrongly holds the whole endpoint id.
    """

    app: str
    request_id: str
    action: Action | None
    has_sub_path: bool


def read_request_path(path: str) -> RequestPath | None:
    """The parts of a request's address, or None for any other path."""
    parts = path.strip("/").split("/")
    if "requests" not in parts[2:]:
        return None
    cut = parts.index("requests", 2)
    if cut + 1 >= len(parts):
        return None
    app_parts = 3 if parts[0] in NAMESPACES else 2
    action = _TAILS.get(tuple(parts[cut + 2 :]))
    return RequestPath("/".join(parts[:cut]), parts[cut + 1], action, cut > app_parts)
