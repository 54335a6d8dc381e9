"""Prompts that nobody asked for: a text out of nowhere, and a prompt that was edited."""

from aiogram import F, Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.generate import offers_screens
from handlers.generate.callbacks import OfferAction, OfferedPrompt
from handlers.telegram.presses import press_of
from handlers.telegram.replies import origin_of, place_of, release, remove_buttons, replace
from services.domain.values import User
from services.errors import StaleButton
from services.generation.improving import Improvements
from services.generation.offers import PromptEdit, PromptOffers
from services.models.service import ModelService
from services.training.service import TrainingService
from texts.reader import Texts

OFFERS_REMEMBERED = 5


def build_router() -> Router:
    """Return the router of prompts that were not asked for."""
    router = Router(name="offers")
    is_prompt = F.text & ~F.text.startswith("/")
    router.message.register(offer, StateFilter(None), is_prompt, _is_for_a_model)
    router.callback_query.register(make, OfferedPrompt.filter(F.action == OfferAction.MAKE))
    router.callback_query.register(leave, OfferedPrompt.filter(F.action == OfferAction.LEAVE))
    router.edited_message.register(take_edit, F.text)
    return router


async def _is_for_a_model(
    _message: Message, user: User, models: ModelService, trainings: TrainingService
) -> bool:
    return await models.has_any(user.id) or bool(await trainings.under_way(user.id))


async def offer(
    message: Message,
    state: FSMContext,
    user: User,
    t: Texts,
    prompt_offers: PromptOffers,
    improvements: Improvements,
) -> None:
    """Offer to make a picture of a text, and say what it costs.

    Raises:
        StillTraining: The user's first model is not ready yet.
    """
    text = message.text or ""
    if await prompt_offers.is_asked_for(user.id, origin_of(message)):
        # Handled again after a crash, when the question that it answered is over.
        return
    offered = await prompt_offers.offer(user.id, text)
    known: dict[str, str] = (await state.get_data()).get("offered", {})
    known[str(message.message_id)] = text
    for oldest in list(known)[:-OFFERS_REMEMBERED]:
        del known[oldest]
    await state.update_data(offered=known)
    improves = improvements.are_offered
    screen = offers_screens.offer(t, offered, message.message_id, improves=improves)
    await message.answer(screen.text, reply_markup=screen.keyboard)


async def make(
    query: CallbackQuery,
    callback_data: OfferedPrompt,
    state: FSMContext,
    user: User,
    prompt_offers: PromptOffers,
) -> None:
    """Make the picture that was offered.

    Raises:
        StaleButton: The text is no longer remembered.
    """
    known: dict[str, str] = (await state.get_data()).get("offered", {})
    text = known.get(str(callback_data.message_id))
    if text is None:
        raise StaleButton
    origin = f"message:{query.from_user.id}:{callback_data.message_id}"
    shown = press_of(query).stars
    await prompt_offers.make_offered(user.id, place_of(query), text, origin, shown)
    await release(query)
    await remove_buttons(query)


async def leave(query: CallbackQuery, t: Texts) -> None:
    """Make nothing."""
    await replace(query, t("offer-left"))


async def take_edit(
    message: Message,
    state: FSMContext,
    user: User,
    t: Texts,
    prompt_offers: PromptOffers,
    improvements: Improvements,
) -> None:
    """Take an edited prompt for the old one, or say that it is too late."""
    text = message.text or ""
    known: dict[str, str] = (await state.get_data()).get("offered", {})
    origin = origin_of(message)
    prompt = text.partition(" ")[2] if text.startswith("/") else text
    match await prompt_offers.edit_prompt(user.id, origin, prompt):
        case PromptEdit.TAKEN:
            await message.reply(t("prompt-edited"))
        case PromptEdit.TOO_LATE:
            await message.reply(t("prompt-edited-too-late"))
        case PromptEdit.UNKNOWN if str(message.message_id) in known:
            await offer(message, state, user, t, prompt_offers, improvements)
        case PromptEdit.UNKNOWN:
            # An edit of anything else changes nothing.
            pass
