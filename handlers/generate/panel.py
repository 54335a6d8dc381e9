"""The panel of the next pictures, under the prompt question and under results."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery

from handlers.generate import panel_screens
from handlers.generate.callbacks import MakeAgain, PanelChoice, SecondAction, SecondPerson
from handlers.generate.states import GenerateForm
from handlers.telegram.callbacks import OpenPanel
from handlers.telegram.presses import press_of
from handlers.telegram.replies import place_of, release, replace, reply
from services.domain.values import User
from services.errors import StaleButton
from services.generation.panel import Panel, PanelService
from services.generation.repeating import RepeatService
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of the panel."""
    router = Router(name="panel")
    router.callback_query.register(open_panel, OpenPanel.filter())
    router.callback_query.register(choose, PanelChoice.filter())
    about_second = router.callback_query
    about_second.register(ask_second, SecondPerson.filter(F.action == SecondAction.LIST))
    about_second.register(show_panel, SecondPerson.filter(F.action == SecondAction.BACK))
    about_second.register(choose_second, SecondPerson.filter())
    router.callback_query.register(make_again, MakeAgain.filter())
    return router


async def open_panel(
    query: CallbackQuery, callback_data: OpenPanel, user: User, t: Texts, panels: PanelService
) -> None:
    """Show the panel as a new message, so that a picture keeps its own buttons."""
    panel = await panels.panel(user.id, callback_data.generation_id)
    screen = panel_screens.options(t, panel)
    await reply(query, screen.text, screen.keyboard)


async def choose(
    query: CallbackQuery,
    callback_data: PanelChoice,
    state: FSMContext,
    user: User,
    t: Texts,
    panels: PanelService,
) -> None:
    """Remember a choice and show it in place."""
    panel = await panels.choose(
        user.id, callback_data.option, callback_data.value, callback_data.generation_id
    )
    await _show(query, state, t, panel, asks=callback_data.asks)


async def ask_second(
    query: CallbackQuery, callback_data: SecondPerson, user: User, t: Texts, panels: PanelService
) -> None:
    """Ask who else should be in the pictures.

    Raises:
        StaleButton: Nobody can be there any more.
    """
    others = await panels.others(user.id)
    if not others:
        raise StaleButton
    screen = panel_screens.others(t, others, asks=callback_data.asks)
    await replace(query, screen.text, screen.keyboard)


async def show_panel(
    query: CallbackQuery,
    callback_data: SecondPerson,
    state: FSMContext,
    user: User,
    t: Texts,
    panels: PanelService,
) -> None:
    """Show the panel again, with nothing changed."""
    await _show(query, state, t, await panels.panel(user.id), asks=callback_data.asks)


async def choose_second(
    query: CallbackQuery,
    callback_data: SecondPerson,
    state: FSMContext,
    user: User,
    t: Texts,
    panels: PanelService,
) -> None:
    """Remember who else is in the pictures, or that nobody is, and show it in place."""
    panel = await panels.choose_second(user.id, callback_data.second_id)
    await _show(query, state, t, panel, asks=callback_data.asks)


async def _show(
    query: CallbackQuery, state: FSMContext, t: Texts, panel: Panel, *, asks: bool
) -> None:
    if not asks:
        screen = panel_screens.options(t, panel)
    else:
        screen = panel_screens.question(t, panel)
        await state.update_data(stars=panel.stars)
        if await state.get_state() is None:
            # The question was answered before; who turns to it again is about to write another.
            await state.set_state(GenerateForm.prompt)
    await replace(query, screen.text, screen.keyboard)


async def make_again(
    query: CallbackQuery, callback_data: MakeAgain, user: User, repeats: RepeatService
) -> None:
    """Generate the prompt of a result with what the panel shows."""
    await repeats.make_again(
        user.id, place_of(query), callback_data.generation_id, press_of(query)
    )
    await release(query)
