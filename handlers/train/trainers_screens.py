"""The choice between trainers: what each is good for, and what it costs at least."""

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.telegram.keyboards import back_and_cancel
from handlers.telegram.screen import Screen
from handlers.train.callbacks import ChooseTrainer
from handlers.train.states import TrainForm
from services.domain.values import Draft
from services.money.prices import PriceList
from services.rules import TrainingRules
from services.training.modes import modes_of
from services.training.trainers import nickname_of
from texts.reader import Texts


def trainer_question(t: Texts, draft: Draft, rules: TrainingRules, prices: PriceList) -> Screen:
    """Return the question for the trainer."""
    lines, rows = [t("ask-trainer"), ""], []
    for trainer in rules.trainers:
        nickname = nickname_of(trainer)
        name, about = t.plain(f"trainer-name-{nickname}"), t.plain(f"trainer-about-{nickname}")
        lines.append(t("trainer-line", name=name, about=about))
        label = t.plain("trainer-choice", name=name, price=_least_price(t, trainer, prices))
        press = ChooseTrainer(training_id=draft.id, nickname=nickname)
        rows.append([InlineKeyboardButton(text=label, callback_data=press.pack())])
    ways_out = back_and_cancel(t, TrainForm.trainer).inline_keyboard
    text = "\n".join([*lines, "", t("ask-trainer-note")])
    return Screen(text, InlineKeyboardMarkup(inline_keyboard=[*rows, *ways_out]))


def _least_price(t: Texts, trainer: str, prices: PriceList) -> str:
    return t.usd(
        min(prices.training_usd(trainer, mode.steps) for mode in modes_of(trainer).values())
    )
