"""Prompts in, pictures out."""

from aiogram import F, Router
from aiogram.filters import CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.generate import keyboards, panel_screens
from handlers.generate.states import GenerateForm
from handlers.telegram.callbacks import Menu, MenuItem, UseModel
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.replies import reply
from services.domain.values import User
from services.generation.panel import PanelService
from services.generation.service import GenerationService
from services.models.service import ModelService
from texts.reader import Texts


def build_router() -> Router:
    """Give the router of generations."""
    router = Router(name="generate")
    router.message.register(generate, TextCommand("generate"))
    router.callback_query.register(ask, Menu.filter(F.item == MenuItem.GENERATE))
    router.message.register(take_prompt, GenerateForm.prompt, F.text, ~F.text.startswith("/"))
    router.callback_query.register(use_for_prompt, UseModel.filter(F.then_prompt))
    return router


async def generate(
    message: Message,
    command: CommandObject,
    state: FSMContext,
    user: User,
    t: Texts,
    generations: GenerationService,
    models: ModelService,
    panels: PanelService,
) -> None:
    """Generate at once when the command carries a prompt, else ask for one."""
    if command.args:
        # Should the line be refused, the next message is the corrected prompt.
        await state.set_state(GenerateForm.prompt)
        await generations.generate(user.id, message.chat.id, command.args, _origin(message))
        await state.clear()
    else:
        await ask(message, state, user, t, models, panels)


async def ask(
    event: Message | CallbackQuery,
    state: FSMContext,
    user: User,
    t: Texts,
    models: ModelService,
    panels: PanelService,
) -> None:
    """Ask for the prompt, and before it for the model where there are several."""
    choice = await models.all_of(user.id)
    if len(choice) > 1:
        await state.set_state(GenerateForm.model)
        await reply(event, t("ask-which-model"), keyboards.choose_model(t, choice))
        return
    await ask_prompt(event, state, user, t, panels)


async def ask_prompt(
    event: Message | CallbackQuery, state: FSMContext, user: User, t: Texts, panels: PanelService
) -> None:
    """Ask for the prompt, with the panel under the question."""
    panel = await panels.panel(user.id)
    await state.set_state(GenerateForm.prompt)
    screen = panel_screens.question(t, panel)
    await reply(event, screen.text, screen.keyboard)


async def take_prompt(
    message: Message, state: FSMContext, user: User, generations: GenerationService
) -> None:
    """Generate from the prompt."""
    await generations.generate(user.id, message.chat.id, message.text or "", _origin(message))
    await state.clear()


async def use_for_prompt(
    query: CallbackQuery,
    callback_data: UseModel,
    state: FSMContext,
    user: User,
    t: Texts,
    models: ModelService,
    panels: PanelService,
) -> None:
    """Make a model active and ask for the prompt."""
    await models.activate(user.id, callback_data.model_id)
    await ask_prompt(query, state, user, t, panels)


def _origin(message: Message) -> str:
    return f"message:{message.chat.id}:{message.message_id}"
