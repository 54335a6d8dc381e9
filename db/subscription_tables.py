"""The table of credits that are bought each month; see `services.domain.subscriptions`."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables import Table, choice
from services.domain.clock import now
from services.domain.subscriptions import SubscriptionState, Wish


class SubscriptionRow(Table):
    """A payment that Telegram repeats each month, until it is cancelled."""

    __tablename__ = "subscriptions"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    # The payer's, whoever was sent the invoice.
    wallet_id: Mapped[int] = mapped_column(ForeignKey("wallets.id"), index=True)
    invoice_id: Mapped[str] = mapped_column(ForeignKey("invoices.id"), index=True)
    # Of the first payment, whose row is written after this one.
    charge_id: Mapped[str] = mapped_column(String(255), unique=True)
    stars: Mapped[int] = mapped_column(BigInteger)
    bonus: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[SubscriptionState] = mapped_column(choice(SubscriptionState, "state"))
    # What Telegram has still to be asked for.
    wish: Mapped[Wish | None] = mapped_column(choice(Wish, "wish"))
    is_ours: Mapped[bool]
    paid_until: Mapped[datetime]
    changed_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        Index(
            "ix_subscriptions_wish",
            "id",
            sqlite_where=text("wish IS NOT NULL"),
            postgresql_where=text("wish IS NOT NULL"),
        ),
        CheckConstraint("stars > 0 AND bonus >= 0", name="amounts"),
    )
