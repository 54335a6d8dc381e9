"""The switchboard asks the same handlers, in the same order, as aiogram's own tree."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiogram import F, Router
from aiogram.dispatcher.event.bases import UNHANDLED, SkipHandler
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, TelegramObject, User

from handlers.routing import build_router
from handlers.telegram.magic import Matches
from handlers.telegram.switchboard import Narrowed, Switchboard

ANN, BOB = (User(id=id_, is_bot=False, first_name="Ann") for id_ in (1, 2))


class Apple(CallbackData, prefix="apple"):
    ripe: bool


class Pear(CallbackData, prefix="pear", sep="|"):
    ripe: bool


async def _is_ann(event: CallbackQuery) -> dict[str, Any] | bool:
    return {"who": "Ann"} if event.from_user.id == ANN.id else False


def _answers(words: str, *, passes: bool = False) -> Callable[..., Awaitable[Any]]:
    async def handler(
        _event: TelegramObject,
        asked: list[str],
        who: str = "?",
        callback_data: CallbackData | None = None,
    ) -> str:
        asked.append(words)
        if passes:
            raise SkipHandler
        return f"{words} {who} {callback_data}"

    return handler


def tree(root: Router) -> Router:
    first, last = Router(name="first"), Router(name="last")
    narrowed = Narrowed(name="narrowed", callback_query=_is_ann)
    below = Router(name="below")
    first.callback_query.register(_answers("ripe"), Apple.filter(F.ripe))
    first.callback_query.register(_answers("passes", passes=True), Apple.filter())
    narrowed.callback_query.register(_answers("Ann's apple"), Apple.filter())
    below.callback_query.register(_answers("Ann's pear"), Pear.filter())
    last.callback_query.register(_answers("pear"), Pear.filter())
    last.callback_query.register(_answers("melon"), Matches(F.data == "melon"))
    last.callback_query.register(_answers("Bob's"), Matches(F.from_user.id == BOB.id))
    narrowed.include_router(below)
    root.include_routers(first, narrowed, last)
    if isinstance(root, Switchboard):
        root.arrange()
    return root


@pytest.mark.parametrize("person", [ANN, BOB])
@pytest.mark.parametrize(
    "data",
    ["apple:1", "apple:0", "apple:what", "pear|1", "pear", "melon", "", None, ":", "other:1"],
)
async def test_it_answers_as_a_tree_of_aiogram_does(data: str | None, person: User) -> None:
    query = CallbackQuery(id="1", from_user=person, chat_instance="1", data=data)
    found = []
    for root in (Router(name="root"), Switchboard(name="root")):
        asked: list[str] = []
        found.append(
            (await tree(root).propagate_event("callback_query", query, asked=asked), asked)
        )
    assert found[0] == found[1]
    assert (found[0][0] is UNHANDLED) == (found[0][1] in ([], ["passes"]))


def test_what_no_button_of_its_prefix_wants_is_not_asked() -> None:
    root = build_router()
    assert isinstance(root, Switchboard)
    everything = sum(len(router.callback_query.handlers) for router in root.chain_tail)
    assert max(map(len, root._by_prefix.values())) < everything / 3


async def test_only_narrowed_routers_have_filters_of_their_own() -> None:
    for router in build_router().chain_tail:
        narrowed = router.narrowed if isinstance(router, Narrowed) else ()
        for kind in router.observers.keys() - narrowed:
            observer = router.observers[kind]
            assert await observer.check_root_filters(ANN) == (True, {}), (router, kind)


def test_middlewares_are_refused_as_they_would_not_be_called() -> None:
    root, below = Switchboard(name="root"), Router(name="below")
    below.message.middleware(lambda handler, event, data: handler(event, data))
    root.include_router(below)
    with pytest.raises(ValueError, match="below"):
        root.arrange()
