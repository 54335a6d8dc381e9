"""The tables of those who ask over HTTP."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Table
from services.domain.api_keys import KeyScope
from services.domain.clock import now


class ApiKey(Table):
    """A person's key for the HTTP API; the key itself was shown once and is not kept."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    # SHA-256 in hex; the key is random, so nothing slower is needed.
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scope: Mapped[KeyScope]
    daily_pictures: Mapped[int]
    daily_trainings: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        CheckConstraint("daily_pictures >= 0", name="daily_pictures_not_negative"),
        CheckConstraint("daily_trainings >= 0", name="daily_trainings_not_negative"),
    )


class ApiRequest(Table):
    """A request over HTTP that was carried out, written together with what it has made."""

    __tablename__ = "api_requests"

    user_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    # The caller's own Idempotency-Key.
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    operation: Mapped[str] = mapped_column(String(24))
    fingerprint: Mapped[str] = mapped_column(String(64))
    result_id: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)
