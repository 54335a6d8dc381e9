"""The choice between trainers: what each is good for, and what it costs at least."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.telegram.keyboards import back_and_cancel
from handlers.telegram.screen import Screen
from handlers.train.callbacks import ChooseTrainer
from handlers.train.states import TrainForm
from services.domain.values import Draft
from services.training.offers import TrainerOffer
from texts.reader import Texts


def trainer_question(t: Texts, draft: Draft, offers: Sequence[TrainerOffer]) -> Screen:
    """Return the question for the trainer."""
    lines, rows = [t("ask-trainer"), ""], []
    for offer in offers:
        name = t.plain(f"trainer-name-{offer.nickname}")
        about = t.plain(f"trainer-about-{offer.nickname}")
        lines.append(t("trainer-line", name=name, about=about))
        label = t.plain(
            "trainer-choice", name=name, price=t.price(offer.least_usd, offer.least_stars)
        )
        press = ChooseTrainer(training_id=draft.id, nickname=offer.nickname)
        rows.append([InlineKeyboardButton(text=label, callback_data=press.pack())])
    ways_out = back_and_cancel(t, TrainForm.trainer).inline_keyboard
    text = "\n".join([*lines, "", t("ask-trainer-note")])
    return Screen(text, InlineKeyboardMarkup(inline_keyboard=[*rows, *ways_out]))
