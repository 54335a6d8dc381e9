"""Server-sent events: what somebody looks at, each time it has changed."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from api.limits import counted
from api.problems import Refused
from services.domain.trouble import DatabaseUnavailable
from services.errors import NotFound

LOOK_EVERY_S = 1.0
"""What is shown is read so often, whichever replica works on it: a short transaction of a few
reads takes milliseconds, and a person sees no difference."""

HEARTBEAT_S = 15.0
"""Proxies give up on a silent connection after 30 to 60 seconds."""

LONGEST_S = 3600.0
"""Then the caller opens another stream, and shows again who they are."""

MOST = 5
"""Streams that one person has open at once."""

EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": (
            "Events named `change`, each with the whole as JSON; `gone` when it was deleted."
        ),
        # What a stream holds cannot be said in a schema of OpenAPI 3.1.
        "content": {"text/event-stream": {}},
    }
}


@dataclass(frozen=True)
class Seen:
    """What there is to see now, and whether nothing will follow."""

    body: BaseModel
    is_end: bool


Look = Callable[[], Awaitable[Seen]]


async def stream(
    request: Request, user_id: int, look: Look, stopping: asyncio.Event
) -> StreamingResponse:
    """Return a stream of events.

    Args:
        request: Who looks; the stream ends when they leave.
        user_id: Who that is.
        look: Returns what there is to see.
        stopping: Set when the process stops.

    Raises:
        Refused: They have too many open.
        NotFound: There is nothing to see for them.
    """
    first = await look()
    streams = request.app.state.streams
    if streams[user_id] >= MOST:
        raise Refused(HTTPStatus.TOO_MANY_REQUESTS, "too-many-streams", int(HEARTBEAT_S))

    async def events() -> AsyncIterator[str]:
        with counted(streams, user_id):
            async for event in _events(first, look, stopping):
                yield event

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(events(), media_type="text/event-stream", headers=headers)


async def _events(seen: Seen, look: Look, stopping: asyncio.Event) -> AsyncIterator[str]:
    began_s = said_s = time.monotonic()
    told = ""
    while True:
        text = seen.body.model_dump_json()
        if text != told:
            yield f"event: change\ndata: {text}\n\n"
            told, said_s = text, time.monotonic()
        elif time.monotonic() - said_s > HEARTBEAT_S:
            yield ":\n\n"
            said_s = time.monotonic()
        if seen.is_end or time.monotonic() - began_s > LONGEST_S:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_EVERY_S):
                await stopping.wait()
            return
        try:
            seen = await look()
        except NotFound:
            yield "event: gone\ndata: {}\n\n"
            return
        except DatabaseUnavailable:
            # Said again when it answers; the heartbeat goes on.
            continue
