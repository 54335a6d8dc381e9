"""A richer version of a prompt: asked for, shown, taken or left."""

from aiogram import F, Router
from aiogram.enums import MessageEntityType
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.generate.callbacks import Improve, ImproveAction
from handlers.generate.improvement_sender import ImprovementSender
from handlers.telegram.presses import press_of
from handlers.telegram.replies import place_of, release, remove_buttons, replace
from services.domain.values import User
from services.errors import StaleButton
from services.generation.improving import Improvements, Source, Words
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of richer prompts."""
    router = Router(name="improving")
    presses = router.callback_query
    presses.register(improve, Improve.filter(F.action == ImproveAction.ASK))
    presses.register(take, Improve.filter(F.action == ImproveAction.TAKE))
    presses.register(leave, Improve.filter(F.action == ImproveAction.LEAVE))
    return router


async def improve(
    query: CallbackQuery,
    callback_data: Improve,
    state: FSMContext,
    user: User,
    t: Texts,
    improvement_sender: ImprovementSender,
) -> None:
    """Have a richer version thought of and sent, behind the press."""
    source = await _source(callback_data, state)
    await improvement_sender.send(user.id, place_of(query), t, source, callback_data)
    await release(query, t.plain("improving"))


async def take(
    query: CallbackQuery,
    callback_data: Improve,
    state: FSMContext,
    user: User,
    improvements: Improvements,
) -> None:
    """Make the picture of a richer version: of the very words that the message shows.

    Raises:
        StaleButton: Telegram does not show the message any more.
    """
    source, message = await _source(callback_data, state), query.message
    if not isinstance(message, Message):
        raise StaleButton
    words = words_in(message)
    await improvements.take(user.id, place_of(query), source, press_of(query), words)
    await release(query)
    await remove_buttons(query)


async def leave(query: CallbackQuery, t: Texts) -> None:
    """Make nothing."""
    await replace(query, t("offer-left"))


def words_in(message: Message) -> Words:
    """Return the words of a richer version from the message that shows it.

    Raises:
        StaleButton: There are none.
    """
    shown = [
        entity.extract_from(message.text or "")
        for entity in message.entities or []
        if entity.type == MessageEntityType.CODE
    ]
    if not shown:
        raise StaleButton
    return Words(own=shown[0], english=shown[-1])


async def _source(button: Improve, state: FSMContext) -> Source:
    if button.generation_id is not None:
        return Source(generation_id=button.generation_id)
    known: dict[str, str] = (await state.get_data()).get("offered", {})
    line = known.get(str(button.message_id))
    if line is None:
        raise StaleButton
    return Source(line=line)
