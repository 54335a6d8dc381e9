"""What Telegram remembers of payments in Stars."""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.telegram.files import Media
from sandbox.telegram.model import Json, Message

CURRENCY = "XTR"
SUBSCRIPTION_PERIOD_S = 2_592_000
CHECKOUT_S = 10
"""How long a bot may take to answer (core.telegram.org/bots/api#answerprecheckoutquery)."""

# Where a bill hangs: chat id and message id.
Place = tuple[int, int]


@dataclass(frozen=True)
class Invoice:
    """What a bot offers for Stars; a link to it, or a message with it, may be paid many times.

    Attributes:
        payload: the bot's own words about it, never shown to people.
        amount: whole Stars.
        start_parameter: when set, forwarded copies lead to the bot instead of to the payment.
        period_s: 0, or the seconds between two payments of a subscription.
        photo: its picture, for people only.
    """

    title: str
    description: str
    payload: str
    amount: int
    start_parameter: str = ""
    period_s: int = 0
    photo: Media | None = None

    def as_api(self) -> Json:
        """The Bot API's Invoice: without the payload and the photo."""
        return {
            "title": self.title,
            "description": self.description,
            "start_parameter": self.start_parameter,
            "currency": CURRENCY,
            "total_amount": self.amount,
        }


class CheckoutState(StrEnum):
    """How a payment stands for the one who pays."""

    WAITING = "waiting"
    PAID = "paid"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    NO_STARS = "no_stars"
    FAILED = "failed"


@dataclass
class Checkout:
    """A confirmed payment that the bot is asked about.

    Attributes:
        id: of the pre_checkout_query, a number in a string.
        place: the message it was paid from; None for a link.
        created_at: emulator time, seconds since the epoch.
        error: what the bot says when it refuses.
        charge_id: of the payment that came of it.
    """

    id: str
    user_id: int
    invoice: Invoice
    place: Place | None
    created_at: float
    state: CheckoutState = CheckoutState.WAITING
    error: str = ""
    charge_id: str = ""

    def as_json(self) -> Json:
        """The control plane's view."""
        answer: Json = {
            "id": self.id,
            "user": self.user_id,
            "state": self.state.value,
            "amount": self.invoice.amount,
            "title": self.invoice.title,
        }
        if self.error:
            answer["error"] = self.error
        if self.charge_id:
            answer["charge_id"] = self.charge_id
        return answer


@dataclass
class Payment:
    """Stars that went from a person to the bot.

    Attributes:
        fields: the Bot API's SuccessfulPayment.
        partner: the Bot API's TransactionPartner of its line in the statement.
        message: the message about it in the chat.
        notices: how many updates told the bot of it.
    """

    charge_id: str
    user_id: int
    invoice: Invoice
    date: int
    fields: Json
    partner: Json
    message: Message
    notices: int = 0
    refunded: bool = False

    def as_json(self) -> Json:
        """The control plane's view."""
        return {
            "charge_id": self.charge_id,
            "user": self.user_id,
            "title": self.invoice.title,
            "payload": self.invoice.payload,
            "amount": self.invoice.amount,
            "date": self.date,
            "notices": self.notices,
            "refunded": self.refunded,
            "recurring": bool(self.fields.get("is_recurring")),
        }


class SubscriptionState(StrEnum):
    """Whether a subscription goes on."""

    ACTIVE = "active"
    CANCELED = "canceled"
    FAILED = "failed"
    ENDED = "ended"


@dataclass
class Subscription:
    """Payments that repeat.

    Attributes:
        charge_id: of its first payment, by which bots name it.
        expires_at: emulator time up to which it is paid.
        by_bot: the bot canceled it, so that the person cannot take it up again.
    """

    charge_id: str
    user_id: int
    invoice: Invoice
    expires_at: float
    state: SubscriptionState = SubscriptionState.ACTIVE
    by_bot: bool = False

    def as_json(self) -> Json:
        """The control plane's view."""
        return {
            "charge_id": self.charge_id,
            "user": self.user_id,
            "title": self.invoice.title,
            "amount": self.invoice.amount,
            "state": self.state.value,
            "by_bot": self.by_bot,
            "expires_at": int(self.expires_at),
        }


@dataclass(frozen=True)
class Line:
    """A line of the bot's statement.

    Attributes:
        body: the Bot API's StarTransaction.
        change: what it does to the balance, in Stars.
        visible_at: emulator time from which the bot sees it.
    """

    body: Json
    change: int
    visible_at: float


@dataclass
class StarRecords:
    """All payments of one bot.

    Attributes:
        links: invoices by the slug of their link.
        bills: invoices by the message that shows them.
        late: payments whose update is to be sent later, and when.
        changed: set when something new has to happen by the clock.
    """

    links: dict[str, Invoice] = field(default_factory=dict)
    bills: dict[Place, Invoice] = field(default_factory=dict)
    checkouts: dict[str, Checkout] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    late: list[tuple[float, Payment]] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
