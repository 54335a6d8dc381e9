"""The recorded HTTP calls between the bot and the services, with secrets masked."""

import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox.faults import Service

_KEPT_CALLS = 5000
_MAX_TEXT = 2000
_MAX_ITEMS = 60
_MASK = "***"
# A handler that has parsed a body leaves here what the journal shows of it.
REQUEST_SUMMARY = web.RequestKey("request_summary", dict)

_SECRET_NAMES = {"token", "secret_token", "authorization", "api_key", "access_token"}


@dataclass(frozen=True)
class CallRecord:
    """One HTTP call.

    Attributes:
        at: when it began, seconds since the epoch.
        status: HTTP status; 0 when the connection was closed without an answer.
        ms: how long it took, milliseconds.
    """

    seq: int
    at: float
    service: Service
    method: str
    path: str
    status: int
    request: Any
    response: Any
    ms: float

    def as_json(self) -> dict[str, Any]:
        """The control plane's view."""
        return dict(vars(self))


class Journal:
    """The latest calls, numbered from 1."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = sorted((s for s in secrets if s), key=len, reverse=True)
        self._calls: deque[CallRecord] = deque(maxlen=_KEPT_CALLS)
        self._last = 0

    def masked(self, text: str) -> str:
        """Text without the tokens and keys that are known."""
        for secret in self._secrets:
            text = text.replace(secret, _MASK)
        return text

    def shown(self, value: Any) -> Any:  # noqa: ANN401  (any JSON value)
        """A value made fit to be kept: masked, long texts and lists cut with a note."""
        if isinstance(value, dict):
            return {
                str(key): _MASK if str(key).lower() in _SECRET_NAMES and item else self.shown(item)
                for key, item in value.items()
            }
        if isinstance(value, list):
            rest = len(value) - _MAX_ITEMS
            kept = [self.shown(item) for item in value[:_MAX_ITEMS]]
            return [*kept, f"... and {rest} more"] if rest > 0 else kept
        if isinstance(value, str):
            text = self.masked(value)
            if len(text) > _MAX_TEXT:
                return f"{text[:_MAX_TEXT]}... ({len(text)} characters)"
            return text
        return value

    def body(self, data: bytes, content_type: str) -> Any:  # noqa: ANN401  (any JSON value)
        """A body made fit to be kept: JSON and text opened, other bytes as their size."""
        if not data:
            return None
        if content_type.startswith("application/json"):
            try:
                return self.shown(json.loads(data))
            except (ValueError, RecursionError):
                pass
        if content_type == "application/x-www-form-urlencoded":
            return self.shown(dict(parse_qsl(data.decode("utf-8", "replace"))))
        if content_type.startswith(("text/", "application/json")):
            return self.shown(data.decode("utf-8", "replace"))
        return f"<{len(data)} bytes {content_type or 'of unknown type'}>"

    def record(self, **fields: Any) -> CallRecord:  # noqa: ANN401  (fields of CallRecord)
        """Keep a call; `request` and `response` are already fit to be kept."""
        self._last += 1
        call = CallRecord(seq=self._last, **fields)
        self._calls.append(call)
        return call

    def after(self, seq: int, service: Service | None, match: str = "") -> list[CallRecord]:
        """Calls with a higher number, ascending; of one service, or of both.

        Args:
            seq: The number.
            service: The service, None for both.
            match: What `METHOD path` of a call holds.
        """
        return [
            call
            for call in self._calls
            if call.seq > seq
            and service in {None, call.service}
            and match in f"{call.method} {call.path}"
        ]

    def clear(self) -> None:
        """Forget the calls; numbers go on."""
        self._calls.clear()
