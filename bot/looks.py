"""What is looked at again and again, by every replica or by the eldest."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING

from bot.parts import Parts
from db.fence import fenced
from services.domain.trouble import DatabaseUnavailable, LeaseLost
from services.jobs.carrier import Carrier
from services.jobs.replica import Replica

if TYPE_CHECKING:
    from services.copies.service import FileCopies

logger = logging.getLogger(__name__)

RETRY_LOOK_S = 60.0

ELDEST_LOOK_S = 20.0
"""How often a replica asks whether it is the eldest now."""

COPIES_LOOK_S = 60.0
"""How often files without a copy, and copies whose file was deleted, are looked for."""


async def again_and_again(look: Callable[[], Awaitable[float]]) -> None:
    """Look, and again after as many seconds as the look returns, whatever it raises."""
    while True:
        try:
            delay_s = await look()
        except LeaseLost:
            # Another one is the eldest now.
            delay_s = ELDEST_LOOK_S
        except DatabaseUnavailable as error:
            logger.warning("a look waits for the database: %s", error)
            delay_s = RETRY_LOOK_S
        except Exception:
            # A bug for once must not end the looking for good.
            logger.exception("a look failed and is tried again")
            delay_s = RETRY_LOOK_S
        await asyncio.sleep(delay_s)


def by_eldest(
    replica: Replica, look: Callable[[], Awaitable[float]]
) -> Callable[[], Awaitable[float]]:
    """Return a look that only the eldest of the replicas makes."""

    async def look_if_eldest() -> float:
        if not replica.is_eldest:
            return ELDEST_LOOK_S
        with fenced(replica.id):
            return await look()

    return look_if_eldest


def start_copies(parts: Parts, copies: "FileCopies", stack: AsyncExitStack) -> None:
    """Have files copied into the operator's store for as long as the stack is open."""
    carrier = Carrier("copy", parts.nursery, copies.step, max_at_once=2)
    stack.push_async_callback(carrier.drain)

    async def look() -> float:
        carrier.begin([one for one in await copies.unfinished() if one not in carrier])
        return COPIES_LOOK_S

    parts.nursery.keep(partial(again_and_again, look), name="copies")
