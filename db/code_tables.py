"""The tables of codes that bring credits."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.tables import Table, choice
from services.domain.clock import now
from services.domain.codes import GiftState


class PromoRow(Table):
    """A code of an admin's; who has used it, the ledger says."""

    __tablename__ = "promos"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    credits: Mapped[int] = mapped_column(BigInteger)
    uses: Mapped[int]
    used: Mapped[int] = mapped_column(default=0)
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        CheckConstraint("credits > 0", name="brings_something"),
        CheckConstraint("used BETWEEN 0 AND uses", name="used_at_most"),
    )


class ReferralLink(Table):
    """The code in the link by which a user invites others."""

    __tablename__ = "referral_links"

    wallet_id: Mapped[int] = mapped_column(
        ForeignKey("wallets.id"), primary_key=True, autoincrement=False
    )
    code: Mapped[str] = mapped_column(String(32), unique=True)


class Referral(Table):
    """Who was invited, and by whom: set at the very first start, and never changed."""

    __tablename__ = "referrals"

    wallet_id: Mapped[int] = mapped_column(
        ForeignKey("wallets.id"), primary_key=True, autoincrement=False
    )
    referrer_id: Mapped[int] = mapped_column(ForeignKey("wallets.id"))

    # A wallet is made after that of who invites: no ring of users can invite one another.
    __table_args__ = (CheckConstraint("referrer_id < wallet_id", name="older_referrer"),)


class GiftRow(Table):
    """Credits on their way from one user to another."""

    __tablename__ = "gifts"

    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    # Who gives them, and who has got them.
    wallet_id: Mapped[int] = mapped_column(ForeignKey("wallets.id"), index=True)
    amount: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[GiftState] = mapped_column(choice(GiftState, "state"), default=GiftState.OPEN)
    redeemed_by: Mapped[int | None] = mapped_column(ForeignKey("wallets.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint(
            "(state = 'redeemed') = (redeemed_by IS NOT NULL)", name="redeemed_by_somebody"
        ),
    )
