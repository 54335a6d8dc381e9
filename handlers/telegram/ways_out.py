"""The ways out of a question: Back and Cancel under it, and /cancel anywhere."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.filters.callback_data import CallbackQueryFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from handlers.telegram.callbacks import Go, Way
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.keyboards import main_menu
from handlers.telegram.messages import turn_into
from handlers.telegram.replies import reply
from handlers.telegram.screen import Screen
from handlers.telegram.states import state_label
from handlers.telegram.words import Says
from services.domain.values import User
from services.rules import TrainingRules
from services.users.service import UserService
from texts.reader import Texts

WaysBack = Mapping[State, Callable[..., Awaitable[Any]]]
"""For each state the handler that shows what comes before its question."""


def build_router(ways_back: WaysBack) -> Router:
    """Return the router of Back under every question, and of Cancel where nothing is kept."""
    router = Router(name="ways out")
    router.message.register(cancel, TextCommand("cancel"))
    for state, show_before in ways_back.items():
        router.callback_query.register(show_before, state, is_way(Way.BACK, state))
        router.callback_query.register(cancel, state, is_way(Way.CANCEL, state))
    return router


def build_words_router(*forms: type[StatesGroup]) -> Router:
    """Return the router of a plain "cancel" where it would be taken for an answer.

    Args:
        forms: The dialogues that take words, of which nothing is kept.
    """
    router = Router(name="ways out in words")
    router.message.register(cancel, StateFilter(*forms), Says("said-cancel"))
    return router


def is_way(way: Way, state: State) -> CallbackQueryFilter:
    """Return the filter of Back or Cancel under the question of a state.

    A second tap, or a tap under an old message, must not leave another question.
    """
    return Go.filter((F.way == way) & (F.at == state_label(state.state)))


async def show_main_menu(
    query: CallbackQuery,
    state: FSMContext,
    user: User,
    t: Texts,
    users: UserService,
    rules: TrainingRules,
) -> None:
    """Leave a dialogue by its first question."""
    menu = main_menu(t, await users.what_works_now(user.id))
    await leave(query, state, welcome(t, rules), menu)


async def cancel(
    event: Message | CallbackQuery, state: FSMContext, user: User, t: Texts, users: UserService
) -> None:
    """Leave a dialogue of which nothing is kept."""
    is_anywhere = await state.get_state() is not None
    text = t("cancelled" if is_anywhere else "nothing-to-leave")
    await leave(event, state, text, main_menu(t, await users.what_works_now(user.id)))


async def leave(
    event: Message | CallbackQuery, state: FSMContext, text: str, menu: InlineKeyboardMarkup
) -> None:
    """End a dialogue, say so, and show where one can go from here."""
    await state.clear()
    if isinstance(event, CallbackQuery):
        await turn_into(event, Screen(text, menu))
    else:
        await reply(event, text, menu)


def welcome(t: Texts, rules: TrainingRules) -> str:
    """Return the three lines of the start message."""
    return t("start", min=rules.min_photos, max=rules.max_photos)
