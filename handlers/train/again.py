"""Another training with the photos of a model: a draft that is nearly complete."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery

from handlers.telegram.callbacks import ModelAction, ModelButton
from handlers.telegram.replies import place_of, replace, reply
from handlers.train import again_screens
from handlers.train.callbacks import AgainFromScratch
from handlers.train.order import unanswered
from handlers.train.questions import TrainQuestions
from handlers.train.states import TrainForm
from services.domain.values import User
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of another training."""
    router = Router(name="train again")
    router.callback_query.register(begin, ModelButton.filter(F.action == ModelAction.AGAIN))
    router.callback_query.register(begin_from_scratch, AgainFromScratch.filter())
    router.callback_query.register(
        agree, TrainForm.consent, ModelButton.filter(F.action == ModelAction.AGAIN_AGREE)
    )
    return router


async def begin(
    query: CallbackQuery,
    callback_data: ModelButton,
    state: FSMContext,
    user: User,
    t: Texts,
    train_questions: TrainQuestions,
) -> None:
    """Ask for the consent, or offer the draft that was left behind."""
    shown = await train_questions.models.card(user.id, callback_data.model_id)
    left = await train_questions.drafts.left_behind(user.id)
    if left is None:
        await state.set_state(TrainForm.consent)
        screen = again_screens.ask_consent_again(t, shown, train_questions.rules)
    else:
        await state.clear()
        count = await train_questions.drafts.photos.accepted(left.id)
        screen = again_screens.ask_which_draft(t, shown.model, left, count, train_questions.rules)
    await reply(query, screen.text, screen.keyboard)


async def begin_from_scratch(
    query: CallbackQuery,
    callback_data: AgainFromScratch,
    state: FSMContext,
    user: User,
    t: Texts,
    train_questions: TrainQuestions,
) -> None:
    """Drop the draft left behind and ask for the consent."""
    shown = await train_questions.models.card(user.id, callback_data.model_id)
    await train_questions.drafts.discard(user.id, callback_data.draft_id)
    await state.set_state(TrainForm.consent)
    screen = again_screens.ask_consent_again(t, shown, train_questions.rules)
    await replace(query, screen.text, screen.keyboard)


async def agree(
    query: CallbackQuery,
    callback_data: ModelButton,
    state: FSMContext,
    user: User,
    t: Texts,
    train_questions: TrainQuestions,
) -> None:
    """Record the consent; name and subject are known, so the photos come next."""
    draft = await train_questions.drafts.begin_again(
        user.id, place_of(query), callback_data.model_id, query.id
    )
    await train_questions.ask(query, state, t, unanswered(draft), draft)
