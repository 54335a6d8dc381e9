"""The tables of the operator's console: support threads, and what admins did."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from db.tables import Table, choice
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
