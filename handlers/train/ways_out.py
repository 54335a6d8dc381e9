"""Back and Cancel within /train."""

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.telegram.callbacks import Way
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.keyboards import main_menu
from handlers.telegram.ways_out import WaysBack, is_way, leave, show_main_menu
from handlers.telegram.words import Says
from handlers.train.questions import TrainQuestions
from handlers.train.states import TrainForm
from services.domain.values import User
from services.users.service import UserService
from texts.reader import Texts

_QUESTIONS = {state.state: state for state in TrainForm}


def build_router() -> Router:
    """Return the router of cancelling /train, which keeps the draft."""
    router = Router(name="ways out of train")
    router.message.register(cancel, TextCommand("cancel"), StateFilter(TrainForm))
    router.message.register(cancel, StateFilter(TrainForm), Says("said-cancel"))
    for state in TrainForm:
        router.callback_query.register(cancel, state, is_way(Way.CANCEL, state))
    return router


async def go_back(
    query: CallbackQuery,
    state: FSMContext,
    user: User,
    t: Texts,
    train_questions: TrainQuestions,
    users: UserService,
) -> None:
    """Show the question before the present one."""
    present = _QUESTIONS[await state.get_state()]
    before = train_questions.before(present)
    if before is None:
        await show_main_menu(query, state, user, t, users, train_questions.rules)
        return
    draft = await train_questions.drafts.current(user.id)
    if present == TrainForm.photos:
        await train_questions.live.close_counter(draft.id)
    await train_questions.ask(query, state, t, before, draft)


async def cancel(
    event: Message | CallbackQuery,
    state: FSMContext,
    user: User,
    t: Texts,
    train_questions: TrainQuestions,
    users: UserService,
) -> None:
    """Leave the dialogue; photos already sent are kept with their draft."""
    menu = main_menu(t, await users.what_works_now(user.id))
    left = await train_questions.drafts.left_behind(user.id)
    if left is None:
        await leave(event, state, t("cancelled"), menu)
        return
    await train_questions.live.close_counter(left.id)
    count = await train_questions.drafts.photos.accepted(left.id)
    await leave(event, state, t("cancelled-draft-kept", count=count), menu)


WAYS_BACK: WaysBack = dict.fromkeys(TrainForm, go_back)
