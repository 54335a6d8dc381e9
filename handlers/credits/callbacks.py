"""What the buttons about Stars carry."""

from aiogram.filters.callback_data import CallbackData


class BuyPack(CallbackData, prefix="pack-buy"):
    """A pack of credits, by its price."""

    stars: int


class ShowReceipts(CallbackData, prefix="receipts"):
    """A page of receipts; `before` is the number of the entry it ends before, 0 for the newest."""

    before: int


class ReceiptsFile(CallbackData, prefix="receipts-csv"):
    """All receipts as a file."""
