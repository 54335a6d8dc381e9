"""What the buttons about Stars carry."""

from aiogram.filters.callback_data import CallbackData


class BuyPack(CallbackData, prefix="pack-buy"):
    """A pack of credits, by its price."""

    stars: int


class Subscribe(CallbackData, prefix="sub-buy"):
    """A pack each month."""


class CancelSubscription(CallbackData, prefix="sub-cancel"):
    """A subscription that is to be renewed no more."""

    id: str


class AllowSubscription(CallbackData, prefix="sub-allow"):
    """A cancelled subscription that its user wants to take up again."""

    id: str


class ShowReceipts(CallbackData, prefix="receipts"):
    """A page of receipts; `before` is the number of the entry it ends before, 0 for the newest."""

    before: int


class ReceiptsFile(CallbackData, prefix="receipts-csv"):
    """All receipts as a file."""


class GiftPack(CallbackData, prefix="gift"):
    """So many Stars as a gift."""

    stars: int


class TakeGiftBack(CallbackData, prefix="gift-back"):
    """A gift that goes back to who gave it."""

    code: str
