"""Prompts in, pictures out."""

from aiogram import F, Router
from aiogram.filters import CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.generate.questions import GenerateQuestions
from handlers.generate.states import GenerateForm
from handlers.telegram.callbacks import Menu, MenuItem, UseModel
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.replies import origin_of, place_of
from handlers.telegram.ways_out import WaysBack, show_main_menu
from services.domain.values import User
from services.generation.service import GenerationService
from services.models.service import ModelService
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of generations."""
    router = Router(name="generate")
    router.message.register(generate, TextCommand("generate", magic=F.args))
    router.message.register(ask, TextCommand("generate"))
    router.callback_query.register(ask, Menu.filter(F.item == MenuItem.GENERATE))
    router.message.register(take_prompt, GenerateForm.prompt, F.text, ~F.text.startswith("/"))
    router.callback_query.register(use_for_prompt, UseModel.filter(F.then_prompt))
    return router


async def generate(
    message: Message,
    command: CommandObject,
    state: FSMContext,
    user: User,
    models: ModelService,
    generations: GenerationService,
) -> None:
    """Generate at once from the prompt that the command carries."""
    if await models.has_any(user.id):
        # Should the line be refused, the next message is the corrected prompt.
        await state.set_state(GenerateForm.prompt)
    await generations.generate(user.id, place_of(message), command.args or "", origin_of(message))
    await state.clear()


async def ask(
    event: Message | CallbackQuery,
    state: FSMContext,
    user: User,
    t: Texts,
    generate_questions: GenerateQuestions,
) -> None:
    """Ask for the prompt, and before it for the model where there are several."""
    await generate_questions.ask(event, state, user.id, t)


async def take_prompt(
    message: Message,
    state: FSMContext,
    user: User,
    models: ModelService,
    generations: GenerationService,
) -> None:
    """Generate from the prompt, at the price that was shown with the question."""
    if not await models.has_any(user.id):
        # The model is gone since, so the next message is no prompt.
        await state.clear()
    shown = await state.get_value("stars")
    # Where it costs more by now, the user reads how much, and that is what the next one is for.
    await state.update_data(stars=await generations.stars_next(user.id))
    place, text = place_of(message), message.text or ""
    await generations.generate(user.id, place, text, origin_of(message), shown=shown)
    await state.clear()


async def use_for_prompt(
    query: CallbackQuery,
    callback_data: UseModel,
    state: FSMContext,
    user: User,
    t: Texts,
    generate_questions: GenerateQuestions,
) -> None:
    """Make a model active and ask for the prompt."""
    await generate_questions.models.activate(user.id, callback_data.model_id)
    await generate_questions.ask_prompt(query, state, user.id, t)


WAYS_BACK: WaysBack = dict.fromkeys(GenerateForm, show_main_menu)
