"""The tables of drafts and their photos."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Table
from services.domain.clock import now
from services.domain.vocabulary import (
    PhotoState,
    QualityMode,
    Subject,
)


class PhotoSet(Table):
    """The photos of one draft and of the training it becomes, which all have the same id.

    The consent is to these photos; a copy of them takes it along.
    """

    __tablename__ = "photo_sets"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    consent_at: Mapped[datetime]
    consent_version: Mapped[str] = mapped_column(String(16))
    # The last number given to a photo.
    photos_numbered: Mapped[int] = mapped_column(default=0)
    counter_message_id: Mapped[int | None] = mapped_column(BigInteger)


class Draft(Table):
    """What a user is choosing for their next training; the start makes a training of it."""

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(
        String(16), ForeignKey("photo_sets.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    message_thread_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str | None] = mapped_column(String(40))
    trigger_word: Mapped[str | None] = mapped_column(String(48), unique=True)
    subject: Mapped[Subject | None]
    trainer: Mapped[str] = mapped_column(String(100))
    mode: Mapped[QualityMode | None]
    steps: Mapped[int | None]
    price_usd: Mapped[Decimal | None]
    # When the user was told that an unfinished draft will be removed.
    reminded_at: Mapped[datetime | None]
    # The replica that checks its photos.
    owner: Mapped[int | None] = mapped_column(
        ForeignKey("replicas.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    __table_args__ = (CheckConstraint("steps IS NULL OR steps > 0", name="steps_positive"),)


class Photo(Table):
    """One picture sent for a training: a Telegram file id and what the check said of it."""

    __tablename__ = "photos"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    training_id: Mapped[str] = mapped_column(ForeignKey("photo_sets.id", ondelete="CASCADE"))
    # What the user calls it by. A number is never given again, so that one read from an older
    # list cannot mean another photo.
    number: Mapped[int]
    message_id: Mapped[int] = mapped_column(BigInteger)
    file_id: Mapped[str] = mapped_column(Text)
    file_unique_id: Mapped[str] = mapped_column(String(64))
    # Telegram's own small version, where there is one.
    thumbnail_file_id: Mapped[str | None] = mapped_column(Text)
    label: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[PhotoState] = mapped_column(default=PhotoState.PENDING)
    refusal: Mapped[str | None] = mapped_column(String(32))
    refusal_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    repeats: Mapped[int] = mapped_column(default=0)
    # Tries to check it, each counted before it begins.
    checks: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    sha256: Mapped[str | None] = mapped_column(String(64))
    # 1,024 levels of brightness in hex; of photos checked before there were fingerprints, none.
    fingerprint: Mapped[str | None] = mapped_column(Text)
    # Small numbers about the face on it, never the face: see `services.photos.coach.seen`.
    seen: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        UniqueConstraint("training_id", "file_unique_id"),
        UniqueConstraint("training_id", "number"),
        Index(None, "training_id", "message_id"),
        # What waits is looked for and counted; all else is none of it.
        Index(
            "ix_photos_pending",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        CheckConstraint("state <> 'refused' OR refusal IS NOT NULL", name="reason_when_refused"),
        CheckConstraint("state <> 'accepted' OR sha256 IS NOT NULL", name="hash_when_accepted"),
        # The id of a removed photo is no other's: a check of it may be under way.
        {"sqlite_autoincrement": True},
    )
