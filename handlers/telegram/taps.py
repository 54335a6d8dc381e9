"""Second taps: the same button again, right after it has been handled, with nothing in between.

Whoever taps twice means it once. Most buttons are right by themselves about that, as what they
order is ordered once; here are those that only show something, which would be shown twice, and the
buttons of a question that the first tap has answered.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiogram import BaseMiddleware, F, Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, TelegramObject, Update, User

from handlers.telegram.callbacks import Menu, OpenPanel, UseModel
from handlers.telegram.replies import release

SECOND_TAP_S = 3.0
"""A press that comes so soon after an answer was meant for that one."""
REMEMBERED = 1000
"""Presses, one of each person; whose is forgotten is answered as before."""


@dataclass(frozen=True)
class _Tap:
    message_id: int
    data: str | None
    press: str

    def is_again(self, other: "_Tap | None") -> bool:
        """Whether this is another press of the same button."""
        return (
            other is not None
            and (self.message_id, self.data) == (other.message_id, other.data)
            and self.press != other.press
        )


class TapMiddleware(BaseMiddleware):
    """Tells handlers and filters whether a press is a second tap: `is_second_tap`.

    A press that was answered with an error is no first tap, and one that is handled again is no
    second one. Each process remembers its own. It stands before what writes the dialogue: a press
    whose dialogue could not be written counts as failed.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: OrderedDict[int, tuple[_Tap, float]] = OrderedDict()

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:  # noqa: ANN401  # whatever the handler returns
        """Compare a press with the last thing that its user did."""
        person: User | None = data.get("event_from_user")
        if person is None:
            return await handler(event, data)
        tap = _tap_of(event)
        last, at = self._last.pop(person.id, (None, 0.0))
        is_soon = self._clock() - at <= SECOND_TAP_S
        is_second = is_soon and tap is not None and tap.is_again(last)
        data["is_second_tap"] = is_second
        result = await handler(event, data)
        if tap is not None:
            # Whoever goes on tapping means it again three seconds after the first.
            self._last[person.id] = tap, at if is_second else self._clock()
            if len(self._last) > REMEMBERED:
                self._last.popitem(last=False)
        return result


class SecondTap(Filter):
    """Lets only second taps through."""

    async def __call__(self, _query: CallbackQuery, *, is_second_tap: bool = False) -> bool:
        """Return what `TapMiddleware` has found."""
        return is_second_tap


def build_router() -> Router:
    """Return the router of second taps on what only shows something."""
    router = Router(name="second taps")
    for rule in (Menu.filter(), UseModel.filter(F.then_prompt), OpenPanel.filter()):
        router.callback_query.register(pass_over, rule, SecondTap())
    return router


async def pass_over(query: CallbackQuery) -> None:
    """Release the button; what it shows is there."""
    await release(query)


def _tap_of(event: TelegramObject) -> _Tap | None:
    query = event.callback_query if isinstance(event, Update) else None
    if query is None:
        return None
    return _Tap(query.message.message_id if query.message else 0, query.data, query.id)
