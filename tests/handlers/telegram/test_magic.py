"""No filter is run in a thread."""

from collections.abc import Iterator

from aiogram import F
from aiogram.dispatcher.event.handler import FilterObject
from aiogram.types import Chat

from handlers.routing import build_router
from handlers.telegram.magic import Matches


def filters() -> Iterator[tuple[str, FilterObject]]:
    for router in build_router().chain_tail:
        for name, observer in router.observers.items():
            for each in (observer._handler, *observer.handlers):
                yield from ((f"{router.name} {name}", found) for found in each.filters or ())


def test_every_filter_is_a_coroutine() -> None:
    assert [place for place, each in filters() if not each.awaitable] == []
    assert len(list(filters())) > 50


async def test_a_match_gives_what_the_rule_gives() -> None:
    chat = Chat(id=5, type="private")
    assert await Matches(F.type == "private")(chat) is True
    assert not await Matches(F.title)(chat)
    assert await Matches(F.id.as_("number"))(chat) == {"number": 5}
