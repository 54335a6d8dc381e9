"""/support: what a user writes next goes to the operator, and so does what answers an answer."""

from dataclasses import replace

from aiogram import F, Router
from aiogram.filters import CommandObject, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.support.states import SupportForm
from handlers.telegram.callbacks import Contact
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.keyboards import back_and_cancel, contact_button, keyboard_of
from handlers.telegram.replies import place_of, reply
from handlers.telegram.said import SAYS, said_in
from handlers.telegram.ways_out import WaysBack, show_main_menu
from services.domain.values import SentMessage, User
from services.support.service import SupportService
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of the user's side of a thread."""
    router = Router(name="support")
    router.message.register(ask_by_command, TextCommand("support", "paysupport"))
    router.callback_query.register(ask, Contact.filter())
    router.message.register(take, SupportForm.words, SAYS)
    router.message.register(take, F.reply_to_message, SAYS, answers_the_operator)
    router.message.register(take_more, StateFilter(None), F.media_group_id, SAYS, is_of_album)
    return router


async def ask_by_command(
    message: Message,
    command: CommandObject,
    state: FSMContext,
    user: User,
    t: Texts,
    support: SupportService,
) -> None:
    """Pass on what stands after the command, or ask."""
    if command.args and await support.has_somebody():
        said = replace(said_in(message), text=command.args)
        await support.write(user.id, place_of(message), said)
        await _say_passed_on(message, t)
    else:
        await ask(message, state, user, t, support)


async def ask(
    event: Message | CallbackQuery,
    state: FSMContext,
    user: User,
    t: Texts,
    support: SupportService,
    callback_data: Contact | None = None,
) -> None:
    """Ask what to write, or say kindly that nobody is there."""
    if not await support.has_somebody():
        await reply(event, t("support-nobody", id=str(user.id)))
        return
    await state.set_state(SupportForm.words)
    await state.set_data({"code": callback_data.code if callback_data else None})
    await reply(event, t("support-ask"), back_and_cancel(t, SupportForm.words))


async def take(
    message: Message, state: FSMContext, user: User, t: Texts, support: SupportService
) -> None:
    """Pass on what the user writes, once; what follows is no longer meant for the operator."""
    is_asked = await state.get_state() == SupportForm.words.state
    code = (await state.get_data()).get("code") if is_asked else None
    await support.write(user.id, place_of(message), said_in(message, code))
    if is_asked:
        await state.clear()
    await _say_passed_on(message, t)


async def _say_passed_on(message: Message, t: Texts) -> None:
    await message.answer(t("support-passed-on"), reply_markup=keyboard_of([contact_button(t)]))


async def take_more(message: Message, user: User, support: SupportService) -> None:
    """Pass on the rest of an album; its first message has been answered."""
    await support.write(user.id, place_of(message), said_in(message))


async def answers_the_operator(message: Message, user: User, support: SupportService) -> bool:
    """Return whether a message replies to what the operator wrote to this user."""
    answered = message.reply_to_message
    if answered is None:
        return False
    shown = await support.shown_by(SentMessage(message.chat.id, answered.message_id))
    if shown is None:
        return False
    thread, known = shown
    return thread.user_id == user.id and known.admin_id is not None


async def is_of_album(message: Message, user: User, support: SupportService) -> bool:
    """Return whether some of a message's album has gone to the operator."""
    return await support.has_album(user.id, message.media_group_id or "")


WAYS_BACK: WaysBack = {SupportForm.words: show_main_menu}
