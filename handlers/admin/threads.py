"""Threads at the console: reading, answering, closing."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.admin import thread_screens
from handlers.admin.callbacks import ThreadAction, ThreadButton, ThreadsButton
from handlers.admin.states import ConsoleForm
from handlers.telegram.callbacks import OpenThread
from handlers.telegram.keyboards import back_and_cancel
from handlers.telegram.messages import send_card, turn_into
from handlers.telegram.replies import bot_of, place_of, release, reply
from handlers.telegram.said import SAYS, said_in
from handlers.telegram.ways_out import WaysBack
from services.domain.support import Attachment, SupportMessage
from services.domain.values import SentMessage, User
from services.errors import NotFound
from services.support.service import SupportService, ThreadPage
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of threads."""
    router = Router(name="threads")
    router.message.register(answer, F.reply_to_message, SAYS, answers_a_user)
    router.message.register(take_answer, ConsoleForm.answer, SAYS)
    presses = router.callback_query
    presses.register(list_threads, ThreadsButton.filter())
    presses.register(open_thread, OpenThread.filter())
    presses.register(ask_answer, ThreadButton.filter(F.action == ThreadAction.REPLY))
    presses.register(send_files, ThreadButton.filter(F.action == ThreadAction.FILES))
    presses.register(close_or_reopen, ThreadButton.filter())
    return router


async def answers_a_user(
    message: Message, user: User, support: SupportService
) -> bool | dict[str, str]:
    """Return whose thread a message answers, if it replies to one that shows a thread's."""
    answered = message.reply_to_message
    if answered is None:
        return False
    shown = await support.shown_by(SentMessage(message.chat.id, answered.message_id))
    # What the operator wrote to this very person is answered as a user.
    if shown is None or (shown[0].user_id == user.id and shown[1].admin_id is not None):
        return False
    return {"thread_id": shown[0].id}


async def answer(
    message: Message, thread_id: str, user: User, t: Texts, support: SupportService
) -> None:
    """Pass an answer on."""
    thread = await support.answer(user.id, thread_id, said_in(message))
    await message.answer(t("console-answered", id=str(thread.user_id)))


async def take_answer(
    message: Message, state: FSMContext, user: User, t: Texts, support: SupportService
) -> None:
    """Pass on the answer that was asked for."""
    thread_id = (await state.get_data()).get("thread_id")
    if not isinstance(thread_id, str):
        await state.clear()
        raise NotFound
    await answer(message, thread_id, user, t, support)
    await state.clear()


async def list_threads(
    query: CallbackQuery, callback_data: ThreadsButton, t: Texts, support: SupportService
) -> None:
    """Show a list of threads."""
    shown = await support.threads(callback_data.page, is_open=callback_data.is_open)
    await turn_into(query, thread_screens.threads(t, shown))


async def open_thread(
    query: CallbackQuery, callback_data: OpenThread, t: Texts, support: SupportService
) -> None:
    """Show a page of a thread."""
    shown = await support.page(callback_data.thread_id, callback_data.page)
    await _show(query, t, shown, support, is_new=callback_data.is_new)


async def ask_answer(
    query: CallbackQuery,
    callback_data: ThreadButton,
    state: FSMContext,
    t: Texts,
    support: SupportService,
) -> None:
    """Ask what to answer."""
    shown = await support.page(callback_data.thread_id)
    await state.set_state(ConsoleForm.answer)
    await state.set_data({"thread_id": shown.thread.id})
    words = t("console-ask-answer", id=str(shown.thread.user_id))
    await reply(query, words, back_and_cancel(t, ConsoleForm.answer))


async def back_to_thread(
    query: CallbackQuery, state: FSMContext, t: Texts, support: SupportService
) -> None:
    """Leave the question for an answer."""
    thread_id = (await state.get_data()).get("thread_id")
    await state.clear()
    await _show(query, t, await support.page(str(thread_id)), support)


async def send_files(
    query: CallbackQuery, callback_data: ThreadButton, t: Texts, support: SupportService
) -> None:
    """Send what is attached to the messages of a page, the oldest first."""
    shown = await support.page(callback_data.thread_id, callback_data.page)
    await release(query)
    for message in reversed(shown.messages):
        await _send_file(query, t, message, support)


async def _send_file(
    query: CallbackQuery, t: Texts, message: SupportMessage, support: SupportService
) -> None:
    if message.attachment is None or message.file_id is None:
        return
    place, bot = place_of(query), bot_of(query)
    send = bot.send_photo if message.attachment is Attachment.PHOTO else bot.send_document
    sent = await send(
        place.chat_id,
        message.file_id,
        caption=thread_screens.line(t, message),
        message_thread_id=place.thread_id,
    )
    await support.note_shown(message.id, SentMessage(place.chat_id, sent.message_id))


async def close_or_reopen(
    query: CallbackQuery,
    callback_data: ThreadButton,
    user: User,
    t: Texts,
    support: SupportService,
) -> None:
    """Close a thread, or open it again, and show it."""
    closed = callback_data.action == ThreadAction.CLOSE
    await support.set_closed(user.id, callback_data.thread_id, closed=closed)
    await _show(query, t, await support.page(callback_data.thread_id), support)


async def _show(
    query: CallbackQuery,
    t: Texts,
    shown: ThreadPage,
    support: SupportService,
    *,
    is_new: bool = False,
) -> None:
    """Show a thread, and note where: it goes with its user's data."""
    screen, place = thread_screens.thread(t, shown), place_of(query)
    if query.message is not None and not is_new:
        message_id = query.message.message_id
        await turn_into(query, screen)
    else:
        await release(query)
        message_id = (await send_card(bot_of(query), place, screen)).message_id
    for newest in shown.messages[:1]:
        await support.note_shown(newest.id, SentMessage(place.chat_id, message_id))


WAYS_BACK: WaysBack = {ConsoleForm.answer: back_to_thread}
