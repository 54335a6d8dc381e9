"""Single reads go together."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from services.jobs.reads import MOST_AT_ONCE, Reads


class Table:
    """Reads rows, each of which is its id in capitals, and may fail or be held up."""

    def __init__(self) -> None:
        self.queries: list[list[str]] = []
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()
        self.troubles = 0

    async def read(self, row_ids: Sequence[str]) -> Mapping[str, str]:
        self.queries.append(list(row_ids))
        await self.may_go_on.wait()
        if self.troubles:
            self.troubles -= 1
            raise OSError
        return {row_id: row_id.upper() for row_id in row_ids if row_id != "gone"}


async def test_what_is_asked_for_together_is_one_query() -> None:
    table = Table()
    reads = Reads(table.read)
    assert await asyncio.gather(*map(reads.get, ["a", "b", "a", "gone"])) == ["A", "B", "A", None]
    assert await reads.get("c") == "C"
    assert table.queries == [["a", "b", "gone"], ["c"]]


async def test_what_is_asked_for_meanwhile_goes_together_afterwards() -> None:
    table = Table()
    reads = Reads(table.read)
    table.may_go_on.clear()
    async with asyncio.TaskGroup() as group:
        group.create_task(reads.get("a"))
        while not table.queries:  # noqa: ASYNC110  # the table has no event for it
            await asyncio.sleep(0)
        later = [group.create_task(reads.get(f"b{number}")) for number in range(MOST_AT_ONCE + 1)]
        await asyncio.sleep(0)
        table.may_go_on.set()
    assert [task.result() for task in later] == [f"B{number}" for number in range(len(later))]
    assert [len(query) for query in table.queries] == [1, MOST_AT_ONCE, 1]


async def test_a_failure_is_told_to_the_one_who_read_and_the_others_read_again() -> None:
    table = Table()
    table.troubles = 1
    reads = Reads(table.read)
    found = await asyncio.gather(reads.get("a"), reads.get("b"), return_exceptions=True)
    assert isinstance(found[0], OSError)
    assert found[1] == "B"


async def test_who_reads_for_others_and_gives_up_keeps_nobody_waiting() -> None:
    table = Table()
    table.may_go_on.clear()
    reads = Reads(table.read)
    first, second = (asyncio.create_task(reads.get(name)) for name in ("a", "b"))  # noqa: TID251
    while not table.queries:  # noqa: ASYNC110  # the table has no event for it
        await asyncio.sleep(0)
    first.cancel()
    table.may_go_on.set()
    assert await second == "B"
    with pytest.raises(asyncio.CancelledError):
        await first
    assert not reads._asked
