"""The questions of /generate."""

from dataclasses import dataclass

from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.generate import keyboards, panel_screens
from handlers.generate.states import GenerateForm
from handlers.telegram.replies import reply
from services.generation.panel import PanelService
from services.models.service import ModelService
from texts.reader import Texts


@dataclass(frozen=True)
class GenerateQuestions:
    """Asks for the prompt, and before it for the model where there are several."""

    models: ModelService
    panels: PanelService

    async def ask(
        self, event: Message | CallbackQuery, state: FSMContext, user_id: int, t: Texts
    ) -> None:
        """Ask for the model where there are several, else for the prompt."""
        own, borrowed = await self.models.all_of(user_id), await self.models.borrowed(user_id)
        is_chosen = any(one.active for one in own) or any(one.loan.active for one in borrowed)
        choices = len(own) + len(borrowed)
        # What was chosen may have been borrowed and be over by now.
        if choices > 1 or (choices and not is_chosen):
            await state.set_state(GenerateForm.model)
            await reply(event, t("ask-which-model"), keyboards.choose_model(t, own, borrowed))
            return
        await self.ask_prompt(event, state, user_id, t)

    async def ask_prompt(
        self, event: Message | CallbackQuery, state: FSMContext, user_id: int, t: Texts
    ) -> None:
        """Ask for the prompt, with the panel under the question."""
        panel = await self.panels.panel(user_id)
        await state.set_state(GenerateForm.prompt)
        await state.update_data(stars=panel.stars)
        screen = panel_screens.question(t, panel)
        await reply(event, screen.text, screen.keyboard)
