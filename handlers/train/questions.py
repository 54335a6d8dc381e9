"""The questions of /train, and what each of them shows."""

from dataclasses import dataclass
from pathlib import Path

from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State
from aiogram.types import CallbackQuery, Message

from handlers.telegram.keyboards import back_and_cancel
from handlers.telegram.messages import send_card, turn_into
from handlers.telegram.own_pictures import OwnPicture
from handlers.telegram.replies import bot_of, place_of
from handlers.telegram.screen import Screen
from handlers.train import keyboards, order, screens
from handlers.train.live import TrainLive
from handlers.train.states import TrainForm
from handlers.train.trainers_screens import trainer_question
from services.domain.values import Draft
from services.errors import StaleButton
from services.models.service import ModelService
from services.pictures.own import OwnFile
from services.rules import TrainingRules
from services.training.drafts import DraftService
from services.training.offers import TrainingOffers
from texts.reader import Texts

EXAMPLES = OwnFile.read(Path(__file__).with_name("examples.jpg"))
"""Good and bad photos, drawn by `python -m sandbox.drawing.examples`."""


@dataclass(frozen=True)
class TrainQuestions:
    """Asks the questions of a draft, each from what its row says now."""

    drafts: DraftService
    rules: TrainingRules
    offers: TrainingOffers
    models: ModelService
    live: TrainLive

    def before(self, question: State) -> State | None:
        """See `order.before`."""
        return order.before(question, self.rules)

    def after(self, question: State, draft: Draft) -> State:
        """See `order.after`."""
        return order.after(question, draft, self.rules)

    async def ask(
        self, query: CallbackQuery, state: FSMContext, t: Texts, question: State, draft: Draft
    ) -> None:
        """Turn the message of the pressed button into a question."""
        screen = await self.screen(t, question, draft)
        await self._note(state, question, draft)
        await turn_into(query, screen)
        if question == TrainForm.photos:
            # Those already sent are counted in a fresh message below.
            await self.live.open_counter(draft.id)

    async def ask_below(
        self,
        event: Message | CallbackQuery,
        state: FSMContext,
        t: Texts,
        question: State,
        draft: Draft,
    ) -> None:
        """Ask a question in a new message, after a text or a press that has been answered."""
        screen = await self.screen(t, question, draft)
        await self._note(state, question, draft)
        await send_card(bot_of(event), place_of(event), screen)
        if question == TrainForm.photos:
            await self.live.open_counter(draft.id)

    async def _note(self, state: FSMContext, question: State, draft: Draft) -> None:
        await state.set_state(question)
        if question == TrainForm.confirm:
            # Who starts in words agrees to the price of the summary.
            await state.update_data(stars=(await self.drafts.quote(draft)).stars)

    async def screen(self, t: Texts, question: State, draft: Draft) -> Screen:
        """Return what a question shows for a draft.

        Raises:
            StaleButton: The draft does not have what the question is about.
        """
        if question == TrainForm.confirm:
            return await self._summary(t, draft)
        return self._screen(t, question, draft)

    def _screen(self, t: Texts, question: State, draft: Draft) -> Screen:
        if question == TrainForm.consent:
            return screens.consent(t, self.rules)
        if question == TrainForm.name:
            return Screen(t("ask-name"), keyboards.name(t, draft.name))
        if question == TrainForm.subject:
            return screens.subject_question(t, draft)
        if question == TrainForm.photos:
            return self._photo_guide(t)
        if question == TrainForm.trainer:
            return trainer_question(t, draft, self.offers.all())
        return screens.mode_question(t, draft, self.offers.of(draft.trainer))

    async def _summary(self, t: Texts, draft: Draft) -> Screen:
        if draft.mode is None:
            raise StaleButton
        count, quote = await self.drafts.photos.accepted(draft.id), await self.drafts.quote(draft)
        return screens.summary(t, draft, count, self.rules, quote)

    def _photo_guide(self, t: Texts) -> Screen:
        guide = t(
            "ask-photos",
            min=self.rules.min_photos,
            max=self.rules.max_photos,
            recommended=self.rules.recommended_photos,
        )
        return Screen(guide, back_and_cancel(t, TrainForm.photos), OwnPicture(EXAMPLES))
