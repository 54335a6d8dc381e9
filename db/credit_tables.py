"""The tables of what users pay with; see `services.domain.credits`."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Enum,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.tables import Table, choice
from services.domain.clock import now
from services.domain.credits import (
    EntryKind,
    FoundIn,
    InvoiceKind,
    InvoiceState,
    NoteKind,
    OrderKind,
    OrderState,
    PaymentState,
    Pot,
    RefundedBy,
)


class Wallet(Table):
    """One person's credits: bought, given, and held. The row is what is locked to move any.

    It outlives its user, so that neither a debt nor what was given once is forgotten with the
    user's data; the id is taken away when the retention time is over.
    """

    __tablename__ = "wallets"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Not a foreign key: see above.
    user_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    # Below zero is a debt, after a refund from outside.
    paid: Mapped[int] = mapped_column(BigInteger, default=0)
    bonus: Mapped[int] = mapped_column(BigInteger, default=0)
    held: Mapped[int] = mapped_column(BigInteger, default=0)
    # The number of the last entry.
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("bonus >= 0", name="bonus_not_negative"),
        CheckConstraint("held >= 0", name="held_not_negative"),
    )


class Order(Table):
    """The price of one paid job, held until the job ends; `id` is the job's."""

    __tablename__ = "orders"

    # No foreign key: what was paid stays known when the job's row was deleted.
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    wallet_id: Mapped[int] = mapped_column(ForeignKey("wallets.id"), index=True)
    kind: Mapped[OrderKind] = mapped_column(choice(OrderKind, "kind"))
    unit_price: Mapped[int] = mapped_column(BigInteger)
    units: Mapped[int]
    state: Mapped[OrderState] = mapped_column(choice(OrderState, "state"), default=OrderState.HELD)
    from_paid: Mapped[int] = mapped_column(BigInteger)
    from_bonus: Mapped[int] = mapped_column(BigInteger)
    delivered: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_orders_held",
            "id",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
        CheckConstraint("unit_price > 0 AND units > 0", name="price_positive"),
        CheckConstraint(
            "from_paid >= 0 AND from_bonus >= 0 AND from_paid + from_bonus = unit_price * units",
            name="hold_is_the_price",
        ),
        CheckConstraint(
            "(state = 'captured' AND delivered BETWEEN 1 AND units)"
            " OR (state <> 'captured' AND delivered = 0)",
            name="only_captured_delivers",
        ),
        CheckConstraint(
            "(state = 'held') = (ended_at IS NULL) AND (ended_at IS NULL) = (reason IS NULL)",
            name="end_has_reason",
        ),
    )


class Invoice(Table):
    """What was offered for Stars; its random id is Telegram's payload."""

    __tablename__ = "invoices"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    wallet_id: Mapped[int] = mapped_column(ForeignKey("wallets.id"), index=True)
    kind: Mapped[InvoiceKind] = mapped_column(choice(InvoiceKind, "kind"))
    stars: Mapped[int] = mapped_column(BigInteger)
    bonus: Mapped[int] = mapped_column(BigInteger, default=0)
    state: Mapped[InvoiceState] = mapped_column(
        choice(InvoiceState, "state"), default=InvoiceState.OPEN
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    # When a checkout was last agreed to: a second tap on Pay must not pay twice.
    approved_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("stars > 0 AND bonus >= 0", name="amounts"),)


class Payment(Table):
    """One charge of Telegram's. It is the payer's, whoever was sent the invoice."""

    __tablename__ = "payments"

    # telegram_payment_charge_id; see `services.domain.credits.Payment`.
    charge_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    wallet_id: Mapped[int] = mapped_column(ForeignKey("wallets.id"))
    # None for a payload that we do not know; an invoice may be paid twice.
    invoice_id: Mapped[str | None] = mapped_column(ForeignKey("invoices.id"))
    subscription_id: Mapped[str | None] = mapped_column(ForeignKey("subscriptions.id"), index=True)
    payload: Mapped[str] = mapped_column(String(128))
    stars: Mapped[int] = mapped_column(BigInteger)
    bonus: Mapped[int] = mapped_column(BigInteger, default=0)
    found_in: Mapped[FoundIn] = mapped_column(choice(FoundIn, "found_in"))
    state: Mapped[PaymentState] = mapped_column(
        choice(PaymentState, "state"), default=PaymentState.PAID
    )
    frozen_paid: Mapped[int] = mapped_column(BigInteger, default=0)
    frozen_bonus: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_by: Mapped[RefundedBy | None] = mapped_column(choice(RefundedBy, "refunded_by"))
    # Telegram's date: credits of the oldest purchase are spent first.
    paid_at: Mapped[datetime]
    # The end of the month that a subscription is paid for, as a message has told it.
    paid_until: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "wallet_id", "paid_at"),
        Index(
            "ix_payments_refunding",
            "charge_id",
            sqlite_where=text("state = 'refunding'"),
            postgresql_where=text("state = 'refunding'"),
        ),
        CheckConstraint("stars > 0 AND bonus >= 0", name="amounts"),
        CheckConstraint(
            "state = 'refunding' OR (frozen_paid = 0 AND frozen_bonus = 0)",
            name="frozen_while_refunding",
        ),
        CheckConstraint(
            "frozen_paid BETWEEN 0 AND stars AND frozen_bonus BETWEEN 0 AND bonus",
            name="frozen_in_range",
        ),
        CheckConstraint(
            "(state = 'refunded') = (refunded_by IS NOT NULL)", name="refunded_by_somebody"
        ),
    )


class Entry(Table):
    """One event of a wallet, by a key that it can have once. Triggers refuse to change it."""

    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    key: Mapped[str] = mapped_column(String(300), unique=True)
    wallet_id: Mapped[int] = mapped_column(ForeignKey("wallets.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    # A text without a constraint: a new kind must not rewrite what is never rewritten.
    kind: Mapped[EntryKind] = mapped_column(
        Enum(
            EntryKind,
            native_enum=False,
            create_constraint=False,
            length=24,
            values_callable=lambda enum: [member.value for member in enum],
        )
    )
    order_id: Mapped[str | None] = mapped_column(ForeignKey("orders.id"), index=True)
    charge_id: Mapped[str | None] = mapped_column(ForeignKey("payments.charge_id"), index=True)
    reason: Mapped[str] = mapped_column(String(200))
    actor: Mapped[str] = mapped_column(String(32))
    paid_after: Mapped[int] = mapped_column(BigInteger)
    bonus_after: Mapped[int] = mapped_column(BigInteger)
    held_after: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("wallet_id", "seq"),)


class Movement(Table):
    """Takes from one pot what it gives to another, so that no row can be out of balance."""

    __tablename__ = "movements"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[Pot] = mapped_column(choice(Pot, "source"))
    target: Mapped[Pot] = mapped_column(choice(Pot, "target"))
    amount: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("source <> target", name="two_pots"),
    )


class PendingOrder(Table):
    """What a user wanted and could not pay yet; the newest one goes on after a payment."""

    __tablename__ = "pending_orders"

    user_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    request: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)


class PaymentNote(Table):
    """What a user has to be told about their money, and a job until they have been told."""

    __tablename__ = "payment_notes"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    key: Mapped[str] = mapped_column(String(300), unique=True)
    wallet_id: Mapped[int] = mapped_column(ForeignKey("wallets.id"), index=True)
    # A text without a constraint, as a new kind is no reason to copy the table.
    kind: Mapped[NoteKind] = mapped_column(
        Enum(
            NoteKind,
            native_enum=False,
            create_constraint=False,
            length=24,
            values_callable=lambda enum: [member.value for member in enum],
        )
    )
    words: Mapped[dict[str, Any]]
    # The sentence has been sent; what comes with it, perhaps not yet.
    told_at: Mapped[datetime | None]
    # The replica that tells it.
    owner: Mapped[int | None] = mapped_column(
        ForeignKey("replicas.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)


class StarStatement(Table):
    """How far Telegram's statement has been read; one row."""

    __tablename__ = "star_statement"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    # Older lines are of another program that had the token: they are not ours to credit.
    opened_at: Mapped[datetime]
    lines_read: Mapped[int] = mapped_column(BigInteger, default=0)

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
