"""What is said of Stars."""

import csv
import io
from collections.abc import Sequence

from handlers.credits.callbacks import BuyPack, ReceiptsFile, ShowReceipts, Subscribe
from handlers.credits.subscription_screens import about, buttons
from handlers.telegram.keyboards import button, keyboard_of
from handlers.telegram.screen import Screen
from services.domain.credits import EntryKind, Wallet
from services.domain.subscriptions import Subscription
from services.paying.packs import Pack
from services.paying.service import Receipt, Receipts
from texts.reader import Texts

OF_ORDERS = {EntryKind.HOLD, EntryKind.CAPTURE}
"""Entries whose reason is what was ordered."""

WITH_REASON = {EntryKind.GRANT, EntryKind.PROMO}
"""Entries whose reason is read as it is."""


def packs(t: Texts, offered: Sequence[Pack], monthly: Pack | None = None) -> Screen:
    """Return what can be bought, and what each month."""
    rows = [[button(_pack(t, pack), BuyPack(stars=pack.stars).pack())] for pack in offered]
    if monthly is not None:
        brought = monthly.stars + monthly.bonus
        words = t.plain("buy-subscription", stars=monthly.stars, credits=brought)
        rows.append([button(words, Subscribe().pack())])
    return Screen(t("buy"), keyboard_of(*rows))


def _pack(t: Texts, pack: Pack) -> str:
    if pack.bonus:
        return t.plain("buy-pack-bonus", stars=pack.stars, bonus=pack.bonus)
    return t.plain("buy-pack", stars=pack.stars)


def balance(
    t: Texts,
    wallet: Wallet | None,
    offered: Sequence[Pack],
    subscriptions: Sequence[Subscription] = (),
) -> Screen:
    """Return what a user has, what is held, what is owed, and what comes each month."""
    available = wallet.available if wallet else 0
    lines = [t("balance", stars=max(0, available))]
    if available < 0:
        lines.append(t("balance-owed", stars=-available))
    if wallet is not None and wallet.held:
        lines.append(t("balance-held", stars=wallet.held))
    lines += [about(t, one) for one in subscriptions]
    rows = [[button(t.plain("show-receipts"), ShowReceipts(before=0).pack())]]
    rows += [row for one in subscriptions for row in buttons(t, one)]
    rows += [[button(_pack(t, pack), BuyPack(stars=pack.stars).pack())] for pack in offered]
    return Screen("\n".join(lines), keyboard_of(*rows))


def receipts(t: Texts, page: Receipts) -> Screen:
    """Return a page of what has moved."""
    if not page.shown:
        return Screen(t("receipts-none"))
    lines = [t("receipts"), *(_line(t, one) for one in page.shown)]
    rows = [[button(t.plain("receipts-file"), ReceiptsFile().pack())]]
    if page.older is not None:
        older = ShowReceipts(before=page.older).pack()
        rows.insert(0, [button(t.plain("receipts-older"), older)])
    return Screen("\n\n".join(lines), keyboard_of(*rows))


def as_csv(t: Texts, shown: Sequence[Receipt]) -> bytes:
    """Return receipts as a CSV file for people: with the marks that spreadsheets look for."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["date", "what", "change", "balance", "held"])
    for one in shown:
        entry = one.entry
        date = entry.created_at.isoformat(timespec="seconds")
        writer.writerow([date, _what(t, one), one.change, one.available, entry.held_after])
    return text.getvalue().encode("utf-8-sig")


def _line(t: Texts, one: Receipt) -> str:
    date = one.entry.created_at.strftime("%Y-%m-%d %H:%M")
    change = f"+{one.change}" if one.change > 0 else f"−{-one.change}" if one.change else "0"
    return t("receipt", date=date, what=_what(t, one), change=change, after=str(one.available))


def _what(t: Texts, one: Receipt) -> str:
    entry = one.entry
    if entry.kind in OF_ORDERS:
        return t.plain(f"receipt-{entry.kind}-{entry.reason}")
    if entry.kind in WITH_REASON:
        return t.plain(f"receipt-{entry.kind}", reason=entry.reason)
    return t.plain(f"receipt-{entry.kind}")
