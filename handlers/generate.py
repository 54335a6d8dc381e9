"""Prompts in, pictures out; and the choice of the model."""

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from db.tables import User
from handlers import keyboards, screens
from handlers.callbacks import Again, Menu, MenuItem, UseModel
from handlers.replies import release, replace, reply
from handlers.states import GenerateForm
from handlers.texts import Texts
from services.generation.service import GenerationService
from services.training.service import TrainingService

TRAININGS_LISTED = 20


def build_router() -> Router:
    """Give the router of models and generations."""
    router = Router(name="generate")
    router.message.register(generate, Command("generate"))
    router.callback_query.register(ask, Menu.filter(F.item == MenuItem.GENERATE))
    router.message.register(take_prompt, GenerateForm.prompt, F.text, ~F.text.startswith("/"))
    router.callback_query.register(again, Again.filter())
    router.message.register(show_models, Command("models"))
    router.callback_query.register(show_models, Menu.filter(F.item == MenuItem.MODELS))
    router.callback_query.register(use_for_prompt, UseModel.filter(F.then_prompt))
    router.callback_query.register(use, UseModel.filter(~F.then_prompt))
    return router


async def generate(
    message: Message,
    command: CommandObject,
    state: FSMContext,
    user: User,
    t: Texts,
    generations: GenerationService,
) -> None:
    """Generate at once when the command carries a prompt, else ask for one."""
    if command.args:
        await generations.generate(user.id, message.chat.id, command.args, _origin(message))
    else:
        await ask(message, state, user, t, generations)


async def ask(
    event: Message | CallbackQuery,
    state: FSMContext,
    user: User,
    t: Texts,
    generations: GenerationService,
) -> None:
    """Ask for the prompt, and before it for the model where there are several."""
    models = await generations.models(user.id)
    if len(models) > 1:
        await state.set_state(GenerateForm.model)
        keyboard = keyboards.choose_model(t, models, then_prompt=True)
        await reply(event, t("ask-which-model"), keyboard)
        return
    model = await generations.active_model(user.id)
    await state.set_state(GenerateForm.prompt)
    await reply(
        event, t("ask-prompt", model=model.name), keyboards.ways_out(t, GenerateForm.prompt)
    )


async def take_prompt(
    message: Message, state: FSMContext, user: User, generations: GenerationService
) -> None:
    """Generate from the prompt."""
    await generations.generate(user.id, message.chat.id, message.text or "", _origin(message))
    await state.clear()


async def again(
    query: CallbackQuery, callback_data: Again, user: User, generations: GenerationService
) -> None:
    """Generate the same prompt with a new seed."""
    await generations.again(user.id, query.from_user.id, callback_data.generation_id)
    await release(query)


async def show_models(
    event: Message | CallbackQuery,
    user: User,
    t: Texts,
    generations: GenerationService,
    trainings: TrainingService,
) -> None:
    """List the user's models and what is in the making."""
    models = await generations.models(user.id)
    screen = screens.model_list(t, models, await trainings.latest(user.id, TRAININGS_LISTED))
    await reply(event, screen.text, screen.keyboard)


async def use(
    query: CallbackQuery,
    callback_data: UseModel,
    user: User,
    t: Texts,
    generations: GenerationService,
    trainings: TrainingService,
) -> None:
    """Make a model active and show the list anew."""
    model = await generations.activate(user.id, callback_data.model_id)
    models = await generations.models(user.id)
    screen = screens.model_list(t, models, await trainings.latest(user.id, TRAININGS_LISTED))
    toast = t.plain("model-activated", name=model.name)
    await replace(query, screen.text, screen.keyboard, toast=toast)


async def use_for_prompt(
    query: CallbackQuery,
    callback_data: UseModel,
    state: FSMContext,
    user: User,
    t: Texts,
    generations: GenerationService,
) -> None:
    """Make a model active and ask for the prompt."""
    model = await generations.activate(user.id, callback_data.model_id)
    await state.set_state(GenerateForm.prompt)
    await reply(
        query, t("ask-prompt", model=model.name), keyboards.ways_out(t, GenerateForm.prompt)
    )


def _origin(message: Message) -> str:
    return f"message:{message.chat.id}:{message.message_id}"
