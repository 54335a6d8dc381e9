"""What users pay with: 1 credit is 1 Telegram Star, in whole numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.domain.clock import now

AGAIN = "#"
"""Before the number of a payment that came under a charge id that was known; no id has it."""


class Pot(StrEnum):
    """Where credits are. A movement takes from one pot what it gives to another.

    The first three are a wallet's: bought, given by us (which can be spent and never refunded),
    and reserved. The others are outside: Telegram, what was earned, and what we give or lose.
    """

    PAID = "paid"
    BONUS = "bonus"
    HELD = "held"
    TELEGRAM = "telegram"
    INCOME = "income"
    HOUSE = "house"


class EntryKind(StrEnum):
    """What an entry of the ledger is about."""

    PAYMENT = "payment"
    SUBSCRIPTION = "subscription"
    RENEWAL = "renewal"
    HOLD = "hold"
    CAPTURE = "capture"
    RELEASE = "release"
    FREEZE = "freeze"
    THAW = "thaw"
    REFUND = "refund"
    GRANT = "grant"
    FORGET = "forget"
    FREE = "free"
    PROMO = "promo"
    GIFT_MADE = "gift_made"
    GIFT_BACK = "gift_back"
    GIFT = "gift"
    REFERRAL = "referral"
    REFERRAL_BACK = "referral_back"


class OrderKind(StrEnum):
    """What is paid for."""

    TRAINING = "training"
    PICTURES = "pictures"


class OrderState(StrEnum):
    """What became of the price of an order."""

    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"


class InvoiceKind(StrEnum):
    """What an invoice offers: a pack of credits, what an order lacks, or a pack each month."""

    PACK = "pack"
    TOP_UP = "top_up"
    SUBSCRIPTION = "subscription"


class InvoiceState(StrEnum):
    """Whether an invoice can still be paid."""

    OPEN = "open"
    PAID = "paid"
    VOID = "void"


class PaymentState(StrEnum):
    """Where a payment is; Telegram gives back whole payments only."""

    PAID = "paid"
    REFUNDING = "refunding"
    REFUNDED = "refunded"


class FoundIn(StrEnum):
    """How we learned of a payment: its message, Telegram's statement, or its refund."""

    MESSAGE = "message"
    STATEMENT = "statement"
    REFUND = "refund"


class RefundedBy(StrEnum):
    """Who gave a payment back: an admin of ours, or somebody at Telegram or Apple."""

    ADMIN = "admin"
    OUTSIDE = "outside"


class NoteKind(StrEnum):
    """What a user is told about their money."""

    PAID = "paid"
    SUBSCRIBED = "subscribed"
    RENEWED = "renewed"
    NOT_RENEWED = "not_renewed"
    GIVEN_BACK = "given_back"
    GRANTED = "granted"
    FRIEND = "friend"
    REFERRER = "referrer"
    GOES_ON = "goes_on"
    REFUSED = "refused"
    GIFT_MADE = "gift_made"
    FREE = "free"
    REDEEMED = "redeemed"


@dataclass(frozen=True)
class Movement:
    """Credits that go from one pot to another; `amount` is more than 0."""

    source: Pot
    target: Pot
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """One person's credits. `paid` below 0 is a debt, after a refund from outside.

    `seq` is the number of the wallet's last entry. Who deletes their data keeps the wallet until
    the retention time is over; then it has no user any more.
    """

    id: int
    user_id: int | None
    paid: int = 0
    bonus: int = 0
    held: int = 0
    seq: int = 0
    deleted_at: datetime | None = None

    @property
    def available(self) -> int:
        """What can be spent; less than 0 where something is owed."""
        return self.paid + self.bonus


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One paid job and its price: `units` of `unit_price` credits each; `id` is the job's.

    `from_paid` and `from_bonus` are what was held, and `delivered` the units that were captured.
    """

    id: str
    wallet_id: int
    kind: OrderKind
    unit_price: int
    units: int
    state: OrderState = OrderState.HELD
    from_paid: int = 0
    from_bonus: int = 0
    delivered: int = 0
    reason: str | None = None
    ended_at: datetime | None = None

    @property
    def price(self) -> int:
        """What the whole order costs."""
        return self.unit_price * self.units

    @property
    def returned(self) -> int:
        """What came back when the order ended."""
        if self.state is OrderState.HELD:
            return 0
        return self.price - self.unit_price * self.delivered


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """What was offered for Stars; `id` is random and is Telegram's payload."""

    id: str
    wallet_id: int
    kind: InvoiceKind
    stars: int
    bonus: int = 0
    state: InvoiceState = InvoiceState.OPEN
    expires_at: datetime
    approved_at: datetime | None = None
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One charge of Telegram's, the payer's; `invoice_id` is None for a payload we do not know.

    `charge_id` is telegram_payment_charge_id; whether a renewal has one of its own is not known,
    and where it came under that of an earlier payment, `#2` or the like stands behind it here.
    `paid_until` is the end of the month that a payment of a subscription is for, where its message
    has told. `frozen_paid` and `frozen_bonus` are kept from being spent while a refund of ours is
    under way.
    """

    charge_id: str
    wallet_id: int
    invoice_id: str | None = None
    subscription_id: str | None = None
    payload: str
    stars: int
    bonus: int = 0
    found_in: FoundIn = FoundIn.MESSAGE
    state: PaymentState = PaymentState.PAID
    frozen_paid: int = 0
    frozen_bonus: int = 0
    refunded_by: RefundedBy | None = None
    paid_at: datetime
    paid_until: datetime | None = None

    @property
    def telegram_id(self) -> str:
        """What Telegram calls it."""
        return self.charge_id.partition(AGAIN)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event of a wallet, written once and never changed, with the balances after it.

    `key` tells it from every other event; `actor` is who caused it and `reason` why.
    """

    id: int = 0
    key: str
    wallet_id: int
    seq: int = 0
    kind: EntryKind
    reason: str
    actor: str
    order_id: str | None = None
    charge_id: str | None = None
    paid_after: int = 0
    bonus_after: int = 0
    held_after: int = 0
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingOrder:
    """What a user wanted and could not pay yet; `request` says what."""

    user_id: int
    request: Mapping[str, Any]
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What the user of a wallet has to be told; written with the money, gone once it is told.

    `key` tells it from every other one, and `words` are what its sentence needs.
    """

    id: str
    key: str
    wallet_id: int
    kind: NoteKind
    words: Mapping[str, Any] = field(default_factory=dict)
    told_at: datetime | None = None
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One line of Telegram's statement. A payment and its refund share their `id`.

    `is_payment` is whether it is about an invoice of ours; others, such as withdrawals, are not.
    With an affiliate, `stars` may be less than what the user has paid.
    """

    id: str
    is_incoming: bool
    is_payment: bool
    stars: int
    date: datetime
    user_id: int | None = None
    payload: str = ""
    has_affiliate: bool = False
