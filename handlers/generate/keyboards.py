"""The inline keyboard of the choice between models."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardMarkup

from handlers.generate.states import GenerateForm
from handlers.telegram.callbacks import UseModel
from handlers.telegram.keyboards import back_and_cancel_row, button, keyboard_of
from handlers.telegram.names import listed_models, model_label
from services.domain.loans import Borrowed
from services.domain.values import Model
from texts.reader import Texts


def choose_model(
    t: Texts, models: Sequence[Model], borrowed: Sequence[Borrowed] = ()
) -> InlineKeyboardMarkup:
    """Return a button for each model on the way to a prompt, and the ways out."""
    rows = [
        [button(model_label(model), UseModel(model_id=model.id, then_prompt=True).pack())]
        for model in listed_models(models)
    ]
    rows += [
        [
            button(
                t.plain("borrowed-name", name=one.model.name),
                UseModel(model_id=one.loan.id, then_prompt=True).pack(),
            )
        ]
        for one in borrowed
    ]
    return keyboard_of(*rows, back_and_cancel_row(t, GenerateForm.model))
