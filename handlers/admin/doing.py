"""Users and jobs at the console: found, shown, and what is done about them, with a reason."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message, MessageOriginUser

from handlers.admin import screens
from handlers.admin.callbacks import JobButton, PersonButton
from handlers.admin.states import ConsoleForm
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.keyboards import back_and_cancel
from handlers.telegram.messages import turn_into
from handlers.telegram.replies import reply
from handlers.telegram.screen import Screen
from services.console.jobs import ConsoleJobs
from services.console.people import People
from services.domain.console import Deed
from services.domain.values import SentMessage, User
from services.errors import NotFound
from services.support.service import SupportService
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of users and jobs."""
    router = Router(name="doing")
    router.message.register(show_by_command, TextCommand("user"))
    words = F.text & ~F.text.startswith("/")
    router.message.register(find, ConsoleForm.find, F.forward_origin | words)
    router.message.register(take_reason, ConsoleForm.reason, words)
    presses = router.callback_query
    presses.register(show_person, PersonButton.filter(~F.deed))
    presses.register(ask_reason, PersonButton.filter())
    presses.register(show_job, JobButton.filter(~F.deed))
    presses.register(again, JobButton.filter(F.deed == Deed.AGAIN))
    presses.register(ask_reason, JobButton.filter())
    return router


async def show_by_command(
    message: Message,
    state: FSMContext,
    t: Texts,
    people: People,
    support: SupportService,
) -> None:
    """Show a user: `/user` and an id or a code, or as a reply to what shows their thread."""
    words = (message.text or "").partition(" ")[2]
    answered = message.reply_to_message
    if not words.strip() and answered is not None:
        shown = await support.shown_by(SentMessage(message.chat.id, answered.message_id))
        if shown is None:
            raise NotFound
        words = str(shown[0].user_id)
    if not words.strip():
        await state.set_state(ConsoleForm.find)
        await message.answer(
            t("console-ask-find"), reply_markup=back_and_cancel(t, ConsoleForm.find)
        )
        return
    screen = screens.person(t, await people.card(await people.find(words)))
    await message.answer(screen.text, reply_markup=screen.keyboard)


async def find(message: Message, state: FSMContext, t: Texts, people: People) -> None:
    """Show whom an id, a code or a forwarded message names."""
    origin = message.forward_origin
    if origin is None:
        user_id = await people.find(message.text or "")
    elif isinstance(origin, MessageOriginUser):
        user_id = origin.sender_user.id
    else:
        # Their settings hide who they are from whoever forwards a message of theirs.
        raise NotFound
    screen = screens.person(t, await people.card(user_id))
    await state.clear()
    await message.answer(screen.text, reply_markup=screen.keyboard)


async def show_person(
    query: CallbackQuery, callback_data: PersonButton, t: Texts, people: People
) -> None:
    """Show a user."""
    await turn_into(query, screens.person(t, await people.card(callback_data.user_id)))


async def show_job(
    query: CallbackQuery, callback_data: JobButton, t: Texts, console_jobs: ConsoleJobs
) -> None:
    """Show a job."""
    shown = await console_jobs.card(callback_data.kind, callback_data.job_id)
    await turn_into(query, screens.job(t, shown))


async def again(
    query: CallbackQuery, callback_data: JobButton, user: User, t: Texts, console_jobs: ConsoleJobs
) -> None:
    """Ask fal again; it needs no reason, as it costs nothing and is no harm."""
    kind, job_id = callback_data.kind, callback_data.job_id
    await console_jobs.do(user.id, Deed.AGAIN, kind, job_id, "")
    shown = await console_jobs.card(kind, job_id)
    await turn_into(query, screens.job(t, shown), toast=t.plain("looking-again"))


async def ask_reason(
    query: CallbackQuery,
    callback_data: JobButton | PersonButton,
    state: FSMContext,
    t: Texts,
) -> None:
    """Ask why, before it is done."""
    await state.set_state(ConsoleForm.reason)
    await state.set_data(callback_data.model_dump(mode="json"))
    deed = t(f"console-deed-{callback_data.deed}")
    await reply(query, t("console-ask-reason", deed=deed), back_and_cancel(t, ConsoleForm.reason))


async def take_reason(
    message: Message,
    state: FSMContext,
    user: User,
    t: Texts,
    people: People,
    console_jobs: ConsoleJobs,
) -> None:
    """Do what was asked for, and show what has become of it."""
    data, reason = await state.get_data(), message.text or ""
    await state.clear()
    screen = await _done(t, user.id, data, reason, people, console_jobs)
    await message.answer(screen.text, reply_markup=screen.keyboard)


async def _done(
    t: Texts,
    admin_id: int,
    data: dict[str, object],
    reason: str,
    people: People,
    console_jobs: ConsoleJobs,
) -> Screen:
    deed = Deed(str(data["deed"]))
    if "job_id" in data:
        kind, job_id = str(data["kind"]), str(data["job_id"])
        await console_jobs.do(admin_id, deed, kind, job_id, reason)
        return screens.job(t, await console_jobs.card(kind, job_id))
    user_id = int(str(data["user_id"]))
    change = people.block if deed is Deed.BLOCK else people.allow
    await change(admin_id, user_id, reason)
    return screens.person(t, await people.card(user_id))
