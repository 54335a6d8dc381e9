"""The pages of /help, and the buttons between them."""

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.account.callbacks import Help, HelpTopic
from handlers.telegram.screen import Screen
from services.money.prices import PriceList
from services.rules import TrainingRules
from services.training.modes import modes_of
from services.training.trainers import generator_of, nickname_of
from texts.reader import Texts, Value

A_ROW = 2


def first_page(t: Texts, rules: TrainingRules) -> Screen:
    """Return the commands, and a button for each question."""
    text = t("help", min=rules.min_photos, max=rules.max_photos)
    return Screen(text, InlineKeyboardMarkup(inline_keyboard=_questions(t)))


def page(t: Texts, topic: HelpTopic, rules: TrainingRules, prices: PriceList) -> Screen:
    """Return the answer to one question, with the way to the others."""
    back = InlineKeyboardButton(text=t.plain("help-back"), callback_data=Help().pack())
    keyboard = InlineKeyboardMarkup(inline_keyboard=[*_questions(t, topic), [back]])
    return Screen(_answer(t, topic, rules, prices), keyboard)


def _questions(t: Texts, current: HelpTopic | None = None) -> list[list[InlineKeyboardButton]]:
    buttons = [
        InlineKeyboardButton(
            text=("• " if topic == current else "") + t.plain(f"help-button-{topic.value}"),
            callback_data=Help(topic=topic).pack(),
        )
        for topic in HelpTopic
    ]
    return [buttons[start : start + A_ROW] for start in range(0, len(buttons), A_ROW)]


def _answer(t: Texts, topic: HelpTopic, rules: TrainingRules, prices: PriceList) -> str:
    if topic is HelpTopic.TIME:
        times = [_time(t, trainer) for trainer in rules.trainers]
        return "\n".join([t("help-time"), *times, "", t("help-time-more")])
    if topic is HelpTopic.PRICE and not t.shows_prices:
        return f"{t('help-price')}\n{t('help-price-free')}"
    if topic is HelpTopic.PRICE:
        costs = [_price(t, trainer, prices) for trainer in rules.trainers]
        return "\n".join([t("help-price"), *costs, "", t("help-price-more")])
    generators = dict.fromkeys(generator_of(trainer) for trainer in rules.trainers)
    pages = "\n".join(f"fal.ai/models/{generator}" for generator in generators)
    return t(f"help-{topic.value}", recommended=rules.recommended_photos, pages=pages)


def _time(t: Texts, trainer: str) -> str:
    values: dict[str, Value] = {"name": _name(t, trainer)}
    for mode, settings in modes_of(trainer).items():
        if settings.usual_minutes is None:
            return t("help-time-unknown", **values)
        shortest, longest = settings.usual_minutes
        values |= {f"{mode.value}_from": shortest, f"{mode.value}_to": longest}
    return t("help-time-usual", **values)


def _price(t: Texts, trainer: str, prices: PriceList) -> str:
    costs = {
        mode.value: t.usd(prices.training_usd(trainer, settings.steps))
        for mode, settings in modes_of(trainer).items()
    }
    image = t.usd(prices.image_usd(generator_of(trainer)))
    return t("help-price-one", name=_name(t, trainer), image=image, **costs)


def _name(t: Texts, trainer: str) -> str:
    return t.plain(f"trainer-name-{nickname_of(trainer)}")
