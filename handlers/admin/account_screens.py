"""The screens of a user's Stars at the console."""

from handlers.admin.callbacks import AccountButton, MovementsButton, PersonButton
from handlers.admin.pages import moment, turning
from handlers.telegram.captions import cut
from handlers.telegram.keyboards import button, keyboard_of
from handlers.telegram.screen import Screen
from services.console.accounts import Account, Purchase
from services.domain.console import Deed
from services.domain.credits import PaymentState
from services.domain.subscriptions import Subscription
from services.paying.service import Receipt, Receipts
from texts.reader import Texts

REASON_ROOM = 80
"""UTF-16 units of a reason in a list."""


def account(t: Texts, shown: Account) -> Screen:
    """Return what a user has, their newest payments, and what can be done."""
    user_id, wallet = shown.user_id, shown.wallet
    lines = [
        t(
            "console-account",
            id=str(user_id),
            paid=str(wallet.paid),
            bonus=str(wallet.bonus),
            held=str(wallet.held),
        )
    ]
    lines += [_subscription(t, one) for one in shown.subscriptions]
    lines += [_purchase(t, one) for one in shown.purchases] or [t("console-no-purchases")]
    refunds = [
        [
            button(
                t.plain(
                    "console-refund",
                    stars=one.payment.stars,
                    date=moment(one.payment.paid_at),
                ),
                AccountButton(user_id=user_id, deed=Deed.REFUND, mark=one.mark).pack(),
            )
        ]
        for one in shown.purchases
        if one.payment.state is PaymentState.PAID
    ]
    gift = AccountButton(user_id=user_id, deed=Deed.GRANT).pack()
    moves = MovementsButton(user_id=user_id).pack()
    return Screen(
        "\n\n".join(lines),
        keyboard_of(
            *refunds,
            [
                button(t.plain("console-deed-grant"), gift),
                button(t.plain("console-open-movements"), moves),
            ],
            [button(t.plain("console-open-user"), PersonButton(user_id=user_id).pack())],
        ),
    )


def movements(t: Texts, user_id: int, page: Receipts) -> Screen:
    """Return a page of what has moved."""
    lines = [t("console-movements", id=str(user_id))]
    lines += [_movement(t, one) for one in page.shown] or [t("console-none")]
    older = MovementsButton(user_id=user_id, before=page.older) if page.older else None
    back = AccountButton(user_id=user_id).pack()
    return Screen(
        "\n\n".join(lines),
        keyboard_of(*turning(t, None, older), [button(t.plain("console-open-account"), back)]),
    )


def _purchase(t: Texts, one: Purchase) -> str:
    payment = one.payment
    return t(
        "console-purchase",
        date=moment(payment.paid_at),
        stars=payment.stars,
        bonus=payment.bonus,
        state=payment.state.value,
        unused=str(one.unused),
        charge=payment.charge_id,
    )


def _subscription(t: Texts, one: Subscription) -> str:
    return t(
        "console-subscription",
        stars=one.stars,
        credits=str(one.credits),
        state=one.state.value,
        wish=one.wish.value if one.wish else "none",
        date=moment(one.paid_until),
        charge=one.charge_id,
    )


def _movement(t: Texts, one: Receipt) -> str:
    entry = one.entry
    return t(
        "console-movement",
        date=moment(entry.created_at),
        kind=entry.kind.value,
        change=f"{one.change:+}",
        after=str(one.available),
        held=str(entry.held_after),
        actor=entry.actor,
        of=entry.order_id or cut(entry.charge_id or "–", 12),
        reason=cut(entry.reason, REASON_ROOM),
    )
