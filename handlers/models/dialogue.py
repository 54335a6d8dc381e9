"""The list of models, and what can be done from a model's card but for training it again."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.models import screens as model_screens
from handlers.models.states import ModelForm
from handlers.telegram.callbacks import Menu, MenuItem, ModelAction, ModelButton, UseModel
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.messages import send_card, turn_into
from handlers.telegram.replies import bot_of, place_of, reply
from handlers.telegram.screen import Screen
from handlers.telegram.ways_out import WaysBack
from services.domain.values import User
from services.models.service import ModelService
from services.rules import TrainingRules
from services.training.service import TrainingService
from texts.reader import Texts

TRAININGS_LISTED = 20


def build_router() -> Router:
    """Return the router of models."""
    router = Router(name="models")
    router.message.register(show_list, TextCommand("models"))
    router.callback_query.register(show_list, Menu.filter(F.item == MenuItem.MODELS))
    router.callback_query.register(back_to_list, ModelButton.filter(F.action == ModelAction.LIST))
    router.callback_query.register(show_card, ModelButton.filter(F.action == ModelAction.CARD))
    router.callback_query.register(use, UseModel.filter(~F.then_prompt))
    router.callback_query.register(ask_name, ModelButton.filter(F.action == ModelAction.RENAME))
    router.message.register(take_name, ModelForm.name, F.text, ~F.text.startswith("/"))
    router.callback_query.register(
        show_weights, ModelButton.filter(F.action == ModelAction.WEIGHTS)
    )
    router.callback_query.register(
        ask_to_delete, ModelButton.filter(F.action == ModelAction.DELETE)
    )
    router.callback_query.register(delete, ModelButton.filter(F.action == ModelAction.DELETE_SURE))
    return router


async def show_list(
    event: Message | CallbackQuery,
    user: User,
    t: Texts,
    models: ModelService,
    trainings: TrainingService,
) -> None:
    """List the user's models and what is in the making."""
    screen = await _list(user, t, models, trainings)
    await reply(event, screen.text, screen.keyboard)


async def back_to_list(
    query: CallbackQuery, user: User, t: Texts, models: ModelService, trainings: TrainingService
) -> None:
    """Turn a card into the list."""
    await turn_into(query, await _list(user, t, models, trainings))


async def show_card(
    query: CallbackQuery, callback_data: ModelButton, user: User, t: Texts, models: ModelService
) -> None:
    """Open the card of a model."""
    shown = await models.card(user.id, callback_data.model_id)
    await turn_into(query, model_screens.card(t, shown))


async def use(
    query: CallbackQuery, callback_data: UseModel, user: User, t: Texts, models: ModelService
) -> None:
    """Make a model active and show its card again."""
    model = await models.activate(user.id, callback_data.model_id)
    shown = await models.card(user.id, model.id)
    toast = t.plain("model-activated", name=model.name)
    await turn_into(query, model_screens.card(t, shown), toast=toast)


async def ask_name(
    query: CallbackQuery,
    callback_data: ModelButton,
    state: FSMContext,
    user: User,
    t: Texts,
    models: ModelService,
) -> None:
    """Ask what the model is to be called from now on."""
    shown = await models.card(user.id, callback_data.model_id)
    await state.set_data({"model_id": shown.model.id})
    await state.set_state(ModelForm.name)
    screen = model_screens.ask_name(t, shown.model)
    await reply(query, screen.text, screen.keyboard)


async def take_name(
    message: Message, state: FSMContext, user: User, t: Texts, models: ModelService
) -> None:
    """Take the new name and show the card with it."""
    model_id = await _asked_about(state)
    shown = await models.rename(user.id, model_id, message.text or "")
    await state.clear()
    await send_card(bot_of(message), place_of(message), model_screens.card(t, shown))


async def back_to_card(
    query: CallbackQuery, state: FSMContext, user: User, t: Texts, models: ModelService
) -> None:
    """Leave the name as it is."""
    model_id = await _asked_about(state)
    await state.clear()
    await turn_into(query, model_screens.card(t, await models.card(user.id, model_id)))


async def show_weights(
    query: CallbackQuery, callback_data: ModelButton, user: User, t: Texts, models: ModelService
) -> None:
    """Return the address of the LoRA."""
    shown = await models.card(user.id, callback_data.model_id)
    screen = model_screens.weights(t, shown.model)
    await reply(query, screen.text, screen.keyboard)


async def ask_to_delete(
    query: CallbackQuery,
    callback_data: ModelButton,
    user: User,
    t: Texts,
    models: ModelService,
    rules: TrainingRules,
) -> None:
    """Ask before a model is deleted."""
    shown = await models.card(user.id, callback_data.model_id)
    await turn_into(query, model_screens.ask_to_delete(t, shown, rules))


async def delete(
    query: CallbackQuery,
    callback_data: ModelButton,
    user: User,
    t: Texts,
    models: ModelService,
    trainings: TrainingService,
) -> None:
    """Delete a model, and show what is left."""
    place = place_of(query)
    deleted, deletion, receipt = await models.delete(user.id, callback_data.model_id, place)
    rest = await _list(user, t, models, trainings)
    text = model_screens.deleted(t, deleted, deletion, receipt)
    await turn_into(query, Screen(f"{text}\n\n{rest.text}", rest.keyboard))


async def _list(user: User, t: Texts, models: ModelService, trainings: TrainingService) -> Screen:
    made, borrowed = await models.all_of(user.id), await models.borrowed(user.id)
    latest = await trainings.latest(user.id, TRAININGS_LISTED)
    return model_screens.model_list(t, made, latest, borrowed)


async def _asked_about(state: FSMContext) -> str:
    return str((await state.get_data()).get("model_id"))


WAYS_BACK: WaysBack = {ModelForm.name: back_to_card}
