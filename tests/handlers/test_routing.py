"""The tree of routers: whatever a handler asks for is there, and every state has its ways out."""

import inspect
from collections.abc import Iterator, Mapping
from typing import get_args, get_type_hints

import pytest
from aiogram import Bot, Router
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.filters import CommandObject
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup

from handlers.offered import Offered
from handlers.routing import EXPECTATIONS, WAYS_BACK, build_router
from handlers.train.order import before
from handlers.train.states import TrainForm
from services.domain.values import User
from services.rules import TrainingRules
from texts.reader import Texts

OFFERED: Mapping[str, object] = get_type_hints(Offered)

FROM_AIOGRAM = {"bot": Bot, "state": FSMContext}
FROM_MIDDLEWARES = {"user": User, "t": Texts}
FROM_FILTERS = {
    "command": CommandObject,
    "numbers": tuple[int, ...],
    "said": str,
    "thread_id": str,
}
"""What filters put beside the event, besides callback data, which is a class of each button."""


def handlers_below(router: Router) -> Iterator[HandlerObject]:
    for observer in router.observers.values():
        yield from observer.handlers
    for child in router.sub_routers:
        yield from handlers_below(child)


HANDLERS = {
    f"{handler.callback.__module__}.{handler.callback.__qualname__}": handler
    for handler in handlers_below(build_router())
}


@pytest.mark.parametrize("name", HANDLERS)
def test_a_handler_is_offered_what_it_asks_for(name: str) -> None:
    hints = get_type_hints(HANDLERS[name].callback)
    _event, *asked = inspect.signature(HANDLERS[name].callback).parameters
    known = {**OFFERED, **FROM_AIOGRAM, **FROM_MIDDLEWARES, **FROM_FILTERS}
    for parameter in asked:
        if parameter == "callback_data":
            kinds = set(get_args(hints[parameter]) or [hints[parameter]]) - {type(None)}
            assert all(issubclass(kind, CallbackData) for kind in kinds)
        else:
            assert hints[parameter] == known[parameter], parameter


def test_nothing_is_offered_that_nobody_asks_for() -> None:
    callbacks = [handler.callback for handler in HANDLERS.values()]
    callbacks += [one.callback for handler in HANDLERS.values() for one in handler.filters or ()]
    asked = {name for callback in callbacks for name in inspect.signature(callback).parameters}
    assert asked >= OFFERED.keys()


def test_every_state_of_every_dialogue_has_a_way_back() -> None:
    forms = [form for form in StatesGroup.__subclasses__() if form.__module__.startswith("hand")]
    states = {state for form in forms for state in form}
    assert set(WAYS_BACK) == set(EXPECTATIONS) == states


def test_back_leads_from_every_question_of_a_training_to_the_start() -> None:
    question: State | None = TrainForm.confirm
    several = TrainingRules(trainers=("one", "another"))
    walked = []
    while question is not None:
        walked.append(question)
        question = before(question, several)
    assert walked == list(reversed(list(TrainForm)))
