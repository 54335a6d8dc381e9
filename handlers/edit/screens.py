"""The question what to change in a picture, with what one tap can change."""

from collections.abc import Iterable, Sequence

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.edit.callbacks import ChangeAction, ChangeButton
from handlers.edit.states import EditForm
from handlers.telegram.keyboards import back_and_cancel_row, button, keyboard_of
from handlers.telegram.presses import with_price
from handlers.telegram.screen import Screen
from services.domain.values import Picture
from services.editing.changes import Change, Group, groups
from services.editing.service import EditOffer
from texts.reader import Texts


def ask(t: Texts, offer: EditOffer) -> Screen:
    """Return the question, with the groups of ready changes."""
    text = t("ask-change", price=t.price(offer.price_usd, offer.stars))
    return Screen(text, all_groups(t, offer))


def all_groups(t: Texts, offer: EditOffer) -> InlineKeyboardMarkup:
    """Return a button for each group, in pairs, and the ways out."""
    buttons = [_group_button(t, offer, group) for group in groups()]
    return keyboard_of(*_pairs(buttons), back_and_cancel_row(t, EditForm.words))


def one_group(t: Texts, offer: EditOffer, group: Group) -> InlineKeyboardMarkup:
    """Return a button for each change of a group, and the way back to all groups."""
    buttons = [_change_button(t, offer, change) for change in group.changes]
    back = ChangeButton(action=ChangeAction.ALL, picture_id=offer.picture.id)
    return keyboard_of(*_pairs(buttons), [button(t.plain("back"), back.pack())])


def original(t: Texts, picture: Picture) -> Screen:
    """Return the picture that another was made of."""
    return Screen(t("edit-original"), photo=picture.photo_file_id)


def _group_button(t: Texts, offer: EditOffer, group: Group) -> InlineKeyboardButton:
    name, alone = group.name.of(t.language), group.alone
    if alone is not None:
        return _button(name, offer, ChangeAction.MAKE, alone.id)
    return _button(name, offer, ChangeAction.OPEN, group.id)


def _change_button(t: Texts, offer: EditOffer, change: Change) -> InlineKeyboardButton:
    return _button(change.name.of(t.language), offer, ChangeAction.MAKE, change.id)


def _button(label: str, offer: EditOffer, action: ChangeAction, item: str) -> InlineKeyboardButton:
    press = ChangeButton(action=action, picture_id=offer.picture.id, item=item)
    is_paid = action is ChangeAction.MAKE and offer.stars
    return button(with_price(label, offer.stars if is_paid else None), press.pack())


def _pairs(buttons: Sequence[InlineKeyboardButton]) -> Iterable[list[InlineKeyboardButton]]:
    return (list(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
