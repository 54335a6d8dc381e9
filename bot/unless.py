"""Work that gives way to the end."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Do the work, or give it up and return None as soon as `stop` is set."""
    doing = asyncio.create_task(work)  # noqa: TID251  # awaited here
    stopping = asyncio.create_task(stop.wait())  # noqa: TID251  # awaited here
    try:
        await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return doing.result() if doing.done() else None
    finally:
        doing.cancel()
        stopping.cancel()
        await asyncio.gather(doing, stopping, return_exceptions=True)
