"""Another training with the photos of a model: a draft that is nearly complete."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery

from handlers.models import screens as model_screens
from handlers.telegram.callbacks import ModelAction, ModelButton
from handlers.telegram.replies import replace, reply
from handlers.train.callbacks import AgainAnew
from handlers.train.live import TrainLive
from handlers.train.photos import ask_photos
from handlers.train.states import TrainForm
from services.domain.values import User
from services.models.service import ModelService
from services.rules import TrainingRules
from services.training.drafts import DraftService
from texts.reader import Texts


def build_router() -> Router:
    """Give the router of another training."""
    router = Router(name="train again")
    router.callback_query.register(begin, ModelButton.filter(F.action == ModelAction.AGAIN))
    router.callback_query.register(begin_anew, AgainAnew.filter())
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
    models: ModelService,
    drafts: DraftService,
    rules: TrainingRules,
) -> None:
    """Ask for the consent, or offer the draft that was left behind."""
    shown = await models.card(user.id, callback_data.model_id)
    left = await drafts.left_behind(user.id)
    if left is None:
        await state.set_state(TrainForm.consent)
        screen = model_screens.ask_consent_again(t, shown)
    else:
        await state.clear()
        count = await drafts.accepted_photos(left.id)
        screen = model_screens.ask_which_draft(t, shown.model, left, count, rules)
    await reply(query, screen.text, screen.keyboard)


async def begin_anew(
    query: CallbackQuery,
    callback_data: AgainAnew,
    state: FSMContext,
    user: User,
    t: Texts,
    models: ModelService,
    drafts: DraftService,
) -> None:
    """Drop the draft left behind and ask for the consent."""
    shown = await models.card(user.id, callback_data.model_id)
    await drafts.discard(user.id, callback_data.draft_id)
    await state.set_state(TrainForm.consent)
    screen = model_screens.ask_consent_again(t, shown)
    await replace(query, screen.text, screen.keyboard)


async def agree(
    query: CallbackQuery,
    callback_data: ModelButton,
    state: FSMContext,
    user: User,
    t: Texts,
    drafts: DraftService,
    rules: TrainingRules,
    train_live: TrainLive,
) -> None:
    """Record the consent; name and subject are known, so the photos come next."""
    draft = await drafts.begin_again(user.id, query.from_user.id, callback_data.model_id)
    await ask_photos(query, state, t, draft, rules=rules, train_live=train_live)
