"""The tables of the operator's console: support threads, and what admins did."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Table, choice, unfinished
from services.domain.broadcasts import Audience, BroadcastState
from services.domain.clock import now
from services.domain.support import Attachment


class SupportThread(Table):
    """All that one user and the operator wrote to each other."""

    __tablename__ = "support_threads"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    # Where the user wrote last, and so where answers go.
    chat_id: Mapped[int] = mapped_column(BigInteger)
    message_thread_id: Mapped[int | None] = mapped_column(BigInteger)
    is_waiting: Mapped[bool] = mapped_column(default=False, server_default=false())
    closed_at: Mapped[datetime | None]
    written_at: Mapped[datetime] = mapped_column(default=now)
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (Index(None, "written_at"),)


class SupportMessage(Table):
    """One message of a thread, and a job until all whom it is for have been sent it."""

    __tablename__ = "support_messages"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    thread_id: Mapped[str] = mapped_column(
        ForeignKey("support_threads.id", ondelete="CASCADE"), index=True
    )
    # The message of Telegram's that it is: handled twice, it is kept once.
    origin: Mapped[str] = mapped_column(String(64), unique=True)
    # Who of the admins wrote it; none where it is the user's.
    admin_id: Mapped[int | None] = mapped_column(BigInteger)
    text: Mapped[str | None] = mapped_column(Text)
    attachment: Mapped[Attachment | None] = mapped_column(choice(Attachment, "attachment"))
    file_id: Mapped[str | None] = mapped_column(Text)
    album: Mapped[str | None] = mapped_column(String(64))
    code: Mapped[str | None] = mapped_column(String(16))
    delivered_at: Mapped[datetime | None] = mapped_column(index=True)
    # The replica that delivers it.
    owner: Mapped[int | None] = mapped_column(
        ForeignKey("replicas.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)


class SupportCopy(Table):
    """A message of the bot that shows a message of a thread: whom it reached, and what it is."""

    __tablename__ = "support_copies"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    of_id: Mapped[str] = mapped_column(
        ForeignKey("support_messages.id", ondelete="CASCADE"), index=True
    )


class AdminAction(Table):
    """Something that an admin did at the console. It is written once and never changed.

    Whom it concerned is taken away with the user's data.
    """

    __tablename__ = "admin_actions"

    id: Mapped[int] = mapped_column(primary_key=True)
    # No foreign keys: admins need not be users, and the log outlives what it is about.
    admin_id: Mapped[int] = mapped_column(BigInteger)
    deed: Mapped[str] = mapped_column(String(24))
    user_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    of_id: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime] = mapped_column(default=now, index=True)


class BlockRow(Table):
    """Somebody who may not use the bot; it stays when they delete their data."""

    __tablename__ = "blocks"

    # No foreign key: see above.
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    admin_id: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(default=now)


class ErrorCodeRow(Table):
    """The code of an apology, so that admins find its user; kept for a month."""

    __tablename__ = "error_codes"

    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # The kind of the error, never its words.
    kind: Mapped[str] = mapped_column(String(80))
    said_at: Mapped[datetime] = mapped_column(default=now, index=True)


class BroadcastRow(Table):
    """A message to many users, and a job until it has gone to all of them."""

    __tablename__ = "broadcasts"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    admin_id: Mapped[int] = mapped_column(BigInteger)
    text: Mapped[str] = mapped_column(Text)
    photo_file_id: Mapped[str | None] = mapped_column(Text)
    state: Mapped[BroadcastState] = mapped_column(
        choice(BroadcastState, "state"), default=BroadcastState.DRAFT, index=True
    )
    audience: Mapped[Audience] = mapped_column(choice(Audience, "audience"))
    audience_size: Mapped[int] = mapped_column(default=0)
    # Written before the message to that user leaves, so that nobody is sent two.
    last_user_id: Mapped[int] = mapped_column(BigInteger, default=0)
    delivered: Mapped[int] = mapped_column(default=0)
    blocked: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    # The replica that sends it.
    owner: Mapped[int | None] = mapped_column(
        ForeignKey("replicas.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (unfinished("broadcasts", "told_at IS NULL"),)
