"""The questions after the photos: who trains the model, where there is a choice, and how long."""

from aiogram import Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery

from handlers.telegram.replies import replace
from handlers.telegram.screen import Screen
from handlers.train import screens
from handlers.train.callbacks import ChooseTrainer
from handlers.train.states import TrainForm
from handlers.train.trainers_screens import trainer_question
from services.domain.values import Training, User
from services.money.prices import PriceList
from services.rules import TrainingRules
from services.training.drafts import DraftService
from texts.reader import Texts


def build_router() -> Router:
    """Give the router of the choice between trainers."""
    router = Router(name="trainers")
    router.callback_query.register(take_trainer, TrainForm.trainer, ChooseTrainer.filter())
    return router


async def ask_how_to_train(
    state: FSMContext, t: Texts, draft: Training, rules: TrainingRules, prices: PriceList
) -> Screen:
    """Go to the question after the photos, and give its screen."""
    if len(rules.trainers) == 1:
        return await ask_mode(state, t, draft, prices)
    await state.set_state(TrainForm.trainer)
    return trainer_question(t, draft, rules, prices)


async def ask_mode(state: FSMContext, t: Texts, draft: Training, prices: PriceList) -> Screen:
    """Go to the question for the quality mode, and give its screen."""
    await state.set_state(TrainForm.mode)
    return screens.mode_question(t, draft, prices)


async def take_trainer(
    query: CallbackQuery,
    callback_data: ChooseTrainer,
    state: FSMContext,
    user: User,
    t: Texts,
    drafts: DraftService,
    prices: PriceList,
) -> None:
    """Take the trainer and ask for the quality mode."""
    draft = await drafts.set_trainer(user.id, callback_data.training_id, callback_data.nickname)
    screen = await ask_mode(state, t, draft, prices)
    await replace(query, screen.text, screen.keyboard)
