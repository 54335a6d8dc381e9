"""Finds the handler of an update without walking the whole tree of routers.

aiogram asks router after router and handler after handler. With fifty routers and two hundred
buttons that takes longer than most handlers, while the prefix of a button names the few that may
want it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aiogram import Router
from aiogram.dispatcher.event.bases import UNHANDLED, SkipHandler
from aiogram.dispatcher.event.handler import CallbackType, HandlerObject
from aiogram.dispatcher.event.telegram import TelegramEventObserver
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.types import CallbackQuery, TelegramObject

SEPARATOR = ":"
"""What follows the prefix in a button, unless its class says otherwise."""


class Narrowed(Router):
    """A router whose handlers, and those below it, are only asked where a filter lets through.

    Args:
        name: The router's name.
        filters: A filter for each kind of event that is narrowed.
    """

    def __init__(self, *, name: str, **filters: CallbackType) -> None:
        super().__init__(name=name)
        self.narrowed = filters.keys()
        for kind, rule in filters.items():
            self.observers[kind].filter(rule)


@dataclass(frozen=True)
class _Own:
    """Handlers of one router: once one of them has run, no other of these is asked.

    Attributes:
        handlers: In the router's order.
        prefixes: For each, the prefix of the only buttons that it wants, None where it has none.
    """

    handlers: Sequence[HandlerObject]
    prefixes: Sequence[str | None]


@dataclass(frozen=True)
class _Behind:
    """Handlers behind the filter of a router."""

    observer: TelegramEventObserver
    entries: "Entries"


Entries = Sequence[_Own | _Behind]


class Switchboard(Router):
    """The root of a tree of routers, whose handlers it asks in the tree's order.

    Routers below are for putting handlers in order: their filters count (`Narrowed`), and they
    have no middlewares. `arrange` is called when the tree is complete.
    """

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)
        self._entries: dict[str, Entries] = {}
        self._by_prefix: dict[str, Entries] = {}

    def arrange(self) -> None:
        """Put all handlers in line.

        Raises:
            ValueError: A router has middlewares, which would not be called.
        """
        for router in self.chain_tail:
            if any(
                len(observer.middleware) or len(observer.outer_middleware)
                for observer in router.observers.values()
            ):
                msg = f"{router} has middlewares"
                raise ValueError(msg)
        lines = {kind: _in_line(self, kind) for kind in self.observers}
        self._entries = lines
        presses = lines["callback_query"]
        # What wants only buttons of other prefixes is left out.
        self._by_prefix = {each: _wanting(presses, each) for each in _prefixes(presses)}
        lines["callback_query"] = _wanting(presses, None)

    async def propagate_event(self, update_type: str, event: TelegramObject, **kwargs: Any) -> Any:  # noqa: ANN401  # as aiogram's own
        """Hand an event to the first handler that wants it; aiogram's `UNHANDLED` if none does."""
        entries = self._entries.get(update_type, ())
        if isinstance(event, CallbackQuery):
            prefix = (event.data or "").partition(SEPARATOR)[0]
            entries = self._by_prefix.get(prefix, entries)
        return await _offer(entries, event, kwargs | {"event_router": self})


async def _offer(entries: Entries, event: TelegramObject, data: dict[str, Any]) -> Any:  # noqa: ANN401  # whatever the handler returns
    for entry in entries:
        if isinstance(entry, _Behind):
            fits, found = await entry.observer.check_root_filters(event, **data)
            answer = await _offer(entry.entries, event, data | found) if fits else UNHANDLED
        else:
            answer = await _ask(entry.handlers, event, data)
        if answer is not UNHANDLED:
            return answer
    return UNHANDLED


async def _ask(
    handlers: Iterable[HandlerObject], event: TelegramObject, data: dict[str, Any]
) -> Any:  # noqa: ANN401  # whatever the handler returns
    for handler in handlers:
        fits, found = await handler.check(event, **data)
        if fits:
            try:
                return await handler.call(event, **(found | {"handler": handler}))
            except SkipHandler:
                continue
    return UNHANDLED


def _in_line(router: Router, kind: str) -> Entries:
    own = router.observers[kind].handlers
    entries: list[_Own | _Behind] = [_Own(tuple(own), [*map(_prefix_of, own)])] if own else []
    for below in router.sub_routers:
        entries += _in_line(below, kind)
    if entries and isinstance(router, Narrowed) and kind in router.narrowed:
        return [_Behind(router.observers[kind], entries)]
    return entries


def _prefixes(entries: Entries) -> Iterable[str]:
    for entry in entries:
        if isinstance(entry, _Behind):
            yield from _prefixes(entry.entries)
        else:
            yield from (prefix for prefix in entry.prefixes if prefix is not None)


def _wanting(entries: Entries, prefix: str | None) -> Entries:
    wanting: list[_Own | _Behind] = []
    for entry in entries:
        if isinstance(entry, _Behind):
            if below := _wanting(entry.entries, prefix):
                wanting.append(_Behind(entry.observer, below))
        elif own := [
            (handler, wanted)
            for handler, wanted in zip(entry.handlers, entry.prefixes, strict=True)
            if wanted is None or wanted == prefix
        ]:
            wanting.append(_Own(*zip(*own, strict=True)))
    return wanting


def _prefix_of(handler: HandlerObject) -> str | None:
    """Return the prefix of the only buttons that a handler wants, if its filters say so."""
    for each in handler.filters or ():
        rule = each.callback
        if isinstance(rule, CallbackQueryFilter) and rule.callback_data.__separator__ == SEPARATOR:
            return rule.callback_data.__prefix__
    return None
