"""The tables of what outlives the rows of a user: none refers to `users`."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Table
from services.domain.clock import now
from services.domain.copies import CopyKind
from services.domain.deletion import JobEnd, PayloadEnd
from services.domain.vocabulary import (
    ChargeKind,
    Language,
)


class Deletion(Table):
    """What is left to be done after a user's rows were deleted; it goes when all is done."""

    __tablename__ = "deletions"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    # Not a foreign key: the user's row is gone.
    user_id: Mapped[int] = mapped_column(BigInteger)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    message_thread_id: Mapped[int | None] = mapped_column(BigInteger)
    language: Mapped[Language]
    receipt_message_id: Mapped[int | None] = mapped_column(BigInteger)
    told_under_way: Mapped[int] = mapped_column(default=0)
    # What was deleted, for the receipt.
    models: Mapped[int] = mapped_column(default=0, server_default="0")
    pictures: Mapped[int] = mapped_column(default=0, server_default="0")
    photos: Mapped[int] = mapped_column(default=0, server_default="0")
    requests: Mapped[int] = mapped_column(default=0, server_default="0")
    # How many of the pictures were sent into groups, where they stay.
    in_groups: Mapped[int] = mapped_column(default=0, server_default="0")
    # Whether the requests are deleted at fal, too, and whether the receipt calls that under way.
    erases: Mapped[bool] = mapped_column(default=False, server_default=false())
    told_erasing: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Whether a subscription is cancelled with it.
    cancels: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The replica that sees to it.
    owner: Mapped[int | None] = mapped_column(
        ForeignKey("replicas.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)


class DeletedJob(Table):
    """A paid request of a deleted row that fal has or may have; `id` is that of the row."""

    __tablename__ = "deleted_jobs"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    deletion_id: Mapped[str] = mapped_column(
        ForeignKey("deletions.id", ondelete="CASCADE"), index=True
    )
    endpoint: Mapped[str] = mapped_column(String(100))
    marks: Mapped[list[str]]
    submit_started_at: Mapped[datetime]
    request_id: Mapped[str | None] = mapped_column(String(100))
    status_url: Mapped[str | None] = mapped_column(Text)
    response_url: Mapped[str | None] = mapped_column(Text)
    cancel_url: Mapped[str | None] = mapped_column(Text)
    end: Mapped[JobEnd | None]


class DeletedPayload(Table):
    """What fal keeps of a request of a deleted row, to be deleted there, too."""

    __tablename__ = "deleted_payloads"

    request_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    deletion_id: Mapped[str] = mapped_column(
        ForeignKey("deletions.id", ondelete="CASCADE"), index=True
    )
    status_url: Mapped[str | None] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(default=0)
    end: Mapped[PayloadEnd | None]


class DeletedMessage(Table):
    """A message of the bot that still shows what was deleted."""

    __tablename__ = "deleted_messages"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    deletion_id: Mapped[str] = mapped_column(
        ForeignKey("deletions.id", ondelete="CASCADE"), index=True
    )


class Charge(Table):
    """What one paid request is promised to cost; the spending limits count these rows.

    It outlives its user: who deletes their data and starts again finds the same limits. Charges
    older than a day count for nothing and lose their user then.
    """

    __tablename__ = "charges"

    # The id of what is paid for; what is asked about a prompt has an id of its own.
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[ChargeKind]
    amount: Mapped[int]
    usd: Mapped[Decimal]
    request_id: Mapped[str | None] = mapped_column(String(100))
    # What fal really charged, where an admin key lets us ask.
    real_usd: Mapped[Decimal | None]
    released_at: Mapped[datetime | None]
    # The personal key it was ordered with. No foreign key: it outlives that, too.
    key_id: Mapped[str | None] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)

    __table_args__ = (
        Index(None, "user_id", "kind", "created_at"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("usd >= 0", name="usd_not_negative"),
    )


class Copy(Table):
    """A file of fal's in the operator's store, or on its way there."""

    __tablename__ = "copies"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[CopyKind]
    # No foreign keys: a copy outlives its model or picture until the store has removed it.
    of_id: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[int] = mapped_column(BigInteger, index=True)
    url: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    copied_at: Mapped[datetime | None]
    lost_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("of_id", "kind"),)


class Admin(Table):
    """Somebody who became an admin by the one-time code."""

    __tablename__ = "admins"

    # No foreign key: who deletes their data stays the admin, as with ADMINS in the settings.
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(default=now)
