"""The questions before another training with the photos of a model."""

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.telegram.callbacks import ModelAction, ModelButton
from handlers.telegram.keyboards import back_and_cancel
from handlers.telegram.screen import Screen
from handlers.train.callbacks import AgainFromScratch, LeftDraft, LeftDraftAction
from handlers.train.screens import consent_text, draft_found
from handlers.train.states import TrainForm
from services.domain.values import Draft, Model
from services.models.service import ModelCard
from services.rules import TrainingRules
from texts.reader import Texts


def ask_which_draft(
    t: Texts, model: Model, left: Draft, photo_count: int, rules: TrainingRules
) -> Screen:
    """Return the choice between a draft that was left behind and the photos of a model."""
    go_on = LeftDraft(action=LeftDraftAction.CONTINUE, training_id=left.id).pack()
    from_scratch = AgainFromScratch(model_id=model.id, draft_id=left.id).pack()
    label = t.plain("model-again-anew", name=model.name)
    keyboard = [
        [InlineKeyboardButton(text=t.plain("draft-continue"), callback_data=go_on)],
        [InlineKeyboardButton(text=label, callback_data=from_scratch)],
    ]
    text = draft_found(t, left, photo_count, rules).text
    return Screen(text, InlineKeyboardMarkup(inline_keyboard=keyboard))


def ask_consent_again(t: Texts, shown: ModelCard, rules: TrainingRules) -> Screen:
    """Return what another training means, and the question for the consent."""
    again = t("model-again", name=shown.model.name, count=shown.photo_count)
    press = ModelButton(model_id=shown.model.id, action=ModelAction.AGAIN_AGREE).pack()
    agree = InlineKeyboardButton(text=t.plain("consent-agree"), callback_data=press)
    ways_out = back_and_cancel(t, TrainForm.consent).inline_keyboard
    return Screen(
        f"{again}\n\n{consent_text(t, rules)}",
        InlineKeyboardMarkup(inline_keyboard=[[agree], *ways_out]),
    )
