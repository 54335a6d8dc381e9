"""The pages of /help, and the buttons between them."""

from collections.abc import Sequence
from functools import cache

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.account.callbacks import Help, HelpTopic
from handlers.telegram.keyboards import contact_button
from handlers.telegram.screen import Screen
from services.domain.vocabulary import Language
from services.rules import TrainingRules
from services.training.offers import TrainerOffer
from texts.reader import Texts, Value

A_ROW = 2


def first_page(t: Texts, rules: TrainingRules, *, has_balance: bool = False) -> Screen:
    """Return the commands that there are, and a button for each question."""
    lines = [
        t("help"),
        *([t("help-try")] if rules.has_instant else []),
        t("help-making", min=rules.min_photos, max=rules.max_photos),
        *([t("help-balance")] if has_balance else []),
        t("help-rest"),
    ]
    rows = [*_questions(t.language, shows_prices=t.shows_prices), [contact_button(t)]]
    return Screen("\n".join(lines), InlineKeyboardMarkup(inline_keyboard=rows))


def page(
    t: Texts, topic: HelpTopic | None, rules: TrainingRules, offers: Sequence[TrainerOffer]
) -> Screen:
    """Return the answer to one question, with the way to the others.

    Who pays nothing is not told of prices, not even by an old button.
    """
    if topic is None or (topic is HelpTopic.PRICE and not t.shows_prices):
        return first_page(t, rules)
    back = InlineKeyboardButton(text=t.plain("help-back"), callback_data=Help().pack())
    keyboard = InlineKeyboardMarkup(
        inline_keyboard=[*_questions(t.language, topic, shows_prices=t.shows_prices), [back]]
    )
    return Screen(_answer(t, topic, rules, offers), keyboard)


@cache
def _questions(
    language: Language, current: HelpTopic | None = None, *, shows_prices: bool
) -> list[list[InlineKeyboardButton]]:
    t = Texts(language)
    buttons = [
        InlineKeyboardButton(
            text=("• " if topic == current else "") + t.plain(f"help-button-{topic.value}"),
            callback_data=Help(topic=topic).pack(),
        )
        for topic in HelpTopic
        if topic is not HelpTopic.PRICE or shows_prices
    ]
    return [buttons[start : start + A_ROW] for start in range(0, len(buttons), A_ROW)]


def _answer(
    t: Texts, topic: HelpTopic, rules: TrainingRules, offers: Sequence[TrainerOffer]
) -> str:
    if topic is HelpTopic.TIME:
        times = [_time(t, offer) for offer in offers]
        return "\n".join([t("help-time"), *times, "", t("help-time-more")])
    if topic is HelpTopic.PRICE:
        costs = [_price(t, offer) for offer in offers]
        return "\n".join([t("help-price"), *costs, "", t("help-price-more")])
    if topic is HelpTopic.CANCEL and t.shows_prices:
        return f"{t('help-cancel')}\n\n{t('help-cancel-price')}"
    generators = dict.fromkeys(offer.generator for offer in offers)
    pages = "\n".join(f"fal.ai/models/{generator}" for generator in generators)
    return t(
        f"help-{topic.value}",
        recommended=rules.recommended_photos,
        pages=pages,
        days=rules.archive_days,
    )


def _time(t: Texts, offer: TrainerOffer) -> str:
    values: dict[str, Value] = {"name": _name(t, offer)}
    for one in offer.modes:
        if one.usual_minutes is None:
            return t("help-time-unknown", **values)
        shortest, longest = one.usual_minutes
        values |= {f"{one.mode.value}_from": shortest, f"{one.mode.value}_to": longest}
    return t("help-time-usual", **values)


def _price(t: Texts, offer: TrainerOffer) -> str:
    costs = {one.mode.value: t.price(one.usd, one.stars) for one in offer.modes}
    image = t.price(offer.picture_usd, offer.picture_stars)
    return t("help-price-one", name=_name(t, offer), image=image, **costs)


def _name(t: Texts, offer: TrainerOffer) -> str:
    return t.plain(f"trainer-name-{offer.nickname}")
