"""Filters made of `F` and of states, decided at once.

aiogram runs whatever is no coroutine in a thread, which takes longer than all filters together.
"""

from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.handler import FilterObject
from aiogram.filters import Filter, StateFilter
from aiogram.fsm.state import State
from aiogram.types import TelegramObject
from magic_filter import MagicFilter


class Matches(Filter):
    """A filter made of `F`."""

    def __init__(self, rule: MagicFilter) -> None:
        self._rule = rule

    async def __call__(self, event: TelegramObject) -> Any:  # noqa: ANN401  # whatever the rule gives
        """Return what the rule makes of an event."""
        return self._rule.resolve(event)


def decide_at_once(root: Router) -> None:
    """Have the filters of all handlers decided without a thread.

    Those of whole routers are not reached from outside; they are made with `Matches`.
    """
    for router in root.chain_tail:
        for observer in router.observers.values():
            for handler in observer.handlers:
                handler.filters = [_at_once(each) for each in handler.filters or ()]


def _at_once(given: FilterObject) -> FilterObject:
    if given.magic is not None:
        return FilterObject(Matches(given.magic))
    if isinstance(given.callback, State):
        return FilterObject(StateFilter(given.callback))
    return given
