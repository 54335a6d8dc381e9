"""The tables of models that are lent."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Enum, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables import Table, choice
from services.domain.clock import now
from services.domain.loans import LoanEvent, LoanState


class LoanRow(Table):
    """A model that is offered or lent to one person."""

    __tablename__ = "loans"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    model_id: Mapped[str] = mapped_column(ForeignKey("models.id", ondelete="CASCADE"), index=True)
    # What the link to it carries.
    code: Mapped[str] = mapped_column(String(32), unique=True)
    pictures: Mapped[int | None]
    days: Mapped[int | None]
    state: Mapped[LoanState] = mapped_column(choice(LoanState, "state"), default=LoanState.OFFERED)
    borrower_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    # Whether the borrower generates with it; it goes before the active one of their own models.
    active: Mapped[bool] = mapped_column(default=False)
    # Whether its invitation says that the person may be in a picture with somebody else.
    allows_others: Mapped[bool] = mapped_column(default=False, server_default=false())
    offered_until: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        CheckConstraint("(pictures IS NULL) <> (days IS NULL)", name="one_limit"),
        CheckConstraint("state <> 'lent' OR borrower_id IS NOT NULL", name="lent_to_somebody"),
        CheckConstraint("NOT active OR borrower_id IS NOT NULL", name="used_by_somebody"),
        Index(
            "uq_loans_one_active",
            "borrower_id",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )


class LoanUseRow(Table):
    """Pictures that were made, or are being made, with a lent model."""

    __tablename__ = "loan_uses"

    # No foreign key: the count outlives what the borrower deletes.
    generation_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    loan_id: Mapped[str] = mapped_column(
        ForeignKey("loans.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    pictures: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (CheckConstraint("pictures >= 0", name="pictures_counted"),)


class LoanNewsRow(Table):
    """What a user has to be told of a loan, and a job until they have been told."""

    __tablename__ = "loan_news"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    # No foreign key: whoever writes one about another user takes no lock on that user's row.
    user_id: Mapped[int] = mapped_column(BigInteger, index=True)
    # A text without a constraint, as a new kind is no reason to copy the table.
    kind: Mapped[LoanEvent] = mapped_column(
        Enum(
            LoanEvent,
            native_enum=False,
            create_constraint=False,
            length=24,
            values_callable=lambda enum: [member.value for member in enum],
        )
    )
    words: Mapped[dict[str, Any]]
    # The replica that tells it.
    owner: Mapped[int | None] = mapped_column(
        ForeignKey("replicas.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
