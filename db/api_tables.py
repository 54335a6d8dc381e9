"""The tables of those who ask over HTTP."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
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


class Webhook(Table):
    """Where the messages for a user's own program go."""

    __tablename__ = "webhooks"

    user_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    url: Mapped[str] = mapped_column(Text)
    # What signs is needed as it is, so it cannot be kept as a hash.
    secret: Mapped[str] = mapped_column(String(80))
    old_secret: Mapped[str | None] = mapped_column(String(80))
    old_until: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=now)


class WebhookMessage(Table):
    """A message for a user's own program, or for the chat about its address, until it arrives."""

    __tablename__ = "webhook_messages"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    type: Mapped[str] = mapped_column(String(40))
    data: Mapped[dict[str, Any]]
    tries: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(default=now)
    # The replica that sends it.
    owner: Mapped[int | None] = mapped_column(
        ForeignKey("replicas.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
