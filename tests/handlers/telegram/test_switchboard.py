"""The switchboard asks the same handlers, in the same order, as aiogram's own tree."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiogram import F, Router
from aiogram.dispatcher.event.bases import UNHANDLED, SkipHandler
from aiogram.filters.callback_data import CallbackData
from aiogram.types import CallbackQuery, ErrorEvent, TelegramObject, Update, User

from handlers.routing import build_router
from handlers.telegram.magic import Matches
from handlers.telegram.switchboard import Entries, Narrowed, Switchboard, _Own
from services.domain.trouble import DatabaseUnavailable

ANN, BOB = (User(id=id_, is_bot=False, first_name="Ann") for id_ in (1, 2))


class Apple(CallbackData, prefix="apple"):
    ripe: bool


class Pear(CallbackData, prefix="pear", sep="|"):
    ripe: bool


async def _is_ann(event: CallbackQuery) -> dict[str, Any] | bool:
    return {"who": "Ann"} if event.from_user.id == ANN.id else False


def _answers(
    words: str, *, passes: bool = False, leaves: bool = False
) -> Callable[..., Awaitable[Any]]:
    async def handler(
        _event: TelegramObject,
        asked: list[str],
        who: str = "?",
        callback_data: CallbackData | None = None,
    ) -> object:
        asked.append(words)
        if passes:
            raise SkipHandler
        if leaves:
            return UNHANDLED
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
    # Left as it is by who has run, it is asked of other routers, and of no other handler of this.
    first.callback_query.register(_answers("leaves", leaves=True), Matches(F.data == "left"))
    first.callback_query.register(_answers("not asked"), Matches(F.data == "left"))
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
    [
        "apple:1",
        "apple:0",
        "apple:what",
        "pear|1",
        "pear",
        "melon",
        "left",
        "",
        None,
        ":",
        "other:1",
    ],
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
    assert (found[0][0] is UNHANDLED) == (found[0][1] in ([], ["passes"], ["leaves"]))


def test_what_no_button_of_its_prefix_wants_is_not_asked() -> None:
    root = build_router()
    assert isinstance(root, Switchboard)
    everything = sum(len(router.callback_query.handlers) for router in root.chain_tail)
    assert max(map(_count, root._by_prefix.values())) < everything / 3


def _count(entries: Entries) -> int:
    return sum(
        len(entry.handlers) if isinstance(entry, _Own) else _count(entry.entries)
        for entry in entries
    )


async def test_what_the_database_kept_from_being_handled_is_left_to_the_intake() -> None:
    """An apology would have it count as handled, and nobody would handle it again."""
    update = Update(update_id=1)
    event = ErrorEvent(update=update, exception=DatabaseUnavailable("InterfaceError"))
    assert await build_router().propagate_event("error", event) is UNHANDLED


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
