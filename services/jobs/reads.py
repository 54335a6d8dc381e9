"""Reads of single rows, put together: what is asked for at about one time is one query."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

Row = TypeVar("Row")

MOST_AT_ONCE = 200
"""Of one query; databases bound the number of its parameters."""


class Reads(Generic[Row]):
    """Reads rows, those that are asked for while a query is under way with the next one.

    So a thousand jobs take one connection of the database, and no more queries than it has time
    for.

    Args:
        read: Returns the rows of some ids, by id; what is not there is left out.
    """

    def __init__(self, read: Callable[[Sequence[str]], Awaitable[Mapping[str, Row]]]) -> None:
        self._read = read
        self._asked: dict[asyncio.Future[Row | None], str] = {}
        self._turn = asyncio.Lock()

    async def get(self, row_id: str) -> Row | None:
        """Return a row as it is now; None where it is gone."""
        answer: asyncio.Future[Row | None] = asyncio.get_running_loop().create_future()
        self._asked[answer] = row_id
        try:
            async with self._turn:
                if not answer.done():
                    # Whoever is about to ask in this turn of the loop comes along.
                    await asyncio.sleep(0)
                    await self._read_next(answer)
        finally:
            self._asked.pop(answer, None)
        return answer.result()

    async def _read_next(self, own: asyncio.Future[Row | None]) -> None:
        others = [answer for answer in self._asked if answer is not own][: MOST_AT_ONCE - 1]
        batch = {answer: self._asked[answer] for answer in (own, *others)}
        # Fails for the one who reads; the others read for themselves.
        rows = await self._read(list(dict.fromkeys(batch.values())))
        for answer, row_id in batch.items():
            if not answer.done():
                answer.set_result(rows.get(row_id))
