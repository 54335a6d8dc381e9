"""What is said of pictures in groups: there in a sentence, in private at length."""

from aiogram.types import InlineKeyboardButton

from handlers.telegram.callbacks import GroupsAction, GroupsButton, MenuItem
from handlers.telegram.keyboards import button, keyboard_of, menu_button
from handlers.telegram.screen import Screen
from services.groups.service import Refusal, Terms
from texts.reader import Texts


def refused(t: Texts, refusal: Refusal, bot_name: str) -> str:
    """Return why a call makes no picture, without anything that is nobody's business."""
    return t(f"group-refused-{refusal}", bot=bot_name)


def terms(t: Texts, found: Terms, bot_name: str, available: int | None = None) -> Screen:
    """Return what a user allows, or has allowed, and what it costs.

    Args:
        t: The user's language.
        found: What it costs now.
        bot_name: How the bot is called in a group.
        available: How many credits the user has; None where users pay nothing.
    """
    price = t.price(found.price_usd, found.stars)
    lines = [t("groups-terms", bot=bot_name, price=price)]
    if available is not None:
        lines.append(t("groups-balance", stars=available))
    if found.is_loan_over:
        lines.append(t("error-loan-over"))
    elif found.is_allowed:
        lines.append(t("groups-allowed"))
    elif found.agreed is not None:
        lines.append(t("groups-dearer"))
    rows = []
    if not found.is_allowed:
        rows.append([_button(t.plain("groups-allow", price=price), GroupsAction.ALLOW)])
    if found.agreed is not None:
        rows.append([_button(t.plain("groups-stop"), GroupsAction.STOP)])
    return Screen("\n\n".join(lines), keyboard_of(*rows))


def without_model(t: Texts, *, is_allowed: bool) -> Screen:
    """Return that there is nothing to make pictures with."""
    rows = [[menu_button(t, MenuItem.TRAIN)]]
    if is_allowed:
        rows.append([_button(t.plain("groups-stop"), GroupsAction.STOP)])
    return Screen(t("groups-without-model"), keyboard_of(*rows))


def _button(label: str, action: GroupsAction) -> InlineKeyboardButton:
    return button(label, GroupsButton(action=action).pack())
