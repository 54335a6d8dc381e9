"""The tables of what a process keeps of itself and of updates."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.columns import Table
from services.domain.clock import now


class ReplicaRow(Table):
    """A process that works on this database, until it leaves or is found to be dead.

    Rows that a replica has in hand name it in a column `owner`, a foreign key with ON DELETE SET
    NULL and an index: the end of a replica frees all of them at once.
    """

    __tablename__ = "replicas"

    id: Mapped[int] = mapped_column(primary_key=True)
    # By the database's clock.
    alive_until: Mapped[datetime]

    # No number is given twice.
    __table_args__ = ({"sqlite_autoincrement": True},)


class InboxRow(Table):
    """One update from Telegram: its payload while it waits to be handled, then only its number.

    The number of a handled update is kept for a day, because Telegram may give it again.
    """

    __tablename__ = "inbox"

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    # Whose updates are handled in order: a user, mostly.
    lane: Mapped[int] = mapped_column(BigInteger)
    urgent: Mapped[bool]
    digest: Mapped[int] = mapped_column(BigInteger)
    payload: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(default=now)
    # The replica that handles it, on PostgreSQL: all that waits in a lane has the same one.
    owner: Mapped[int | None] = mapped_column(ForeignKey("replicas.id", ondelete="SET NULL"))

    __table_args__ = (
        Index(
            "ix_inbox_lane",
            "lane",
            sqlite_where=text("payload IS NOT NULL"),
            postgresql_where=text("payload IS NOT NULL"),
        ),
        Index(
            "ix_inbox_owner",
            "owner",
            sqlite_where=text("owner IS NOT NULL"),
            postgresql_where=text("owner IS NOT NULL"),
        ),
        # Whoever takes up work asks for what waits, urgent ones first.
        Index(
            "ix_inbox_waiting",
            "urgent",
            "update_id",
            sqlite_where=text("payload IS NOT NULL"),
            postgresql_where=text("payload IS NOT NULL"),
        ),
    )


class DoneOnce(Table):
    """An update for which something was done that must not be done again for it.

    It names the update alone: a press by Telegram's id, which says nothing of anybody.
    """

    __tablename__ = "done_once"

    origin: Mapped[str] = mapped_column(String(64), primary_key=True)
    done_at: Mapped[datetime] = mapped_column(default=now, index=True)


class DialogueState(Table):
    """Where a user stands in a dialogue: aiogram's FSM, kept over restarts."""

    __tablename__ = "dialogue_states"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    state: Mapped[str | None] = mapped_column(String(100))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Notice(Table):
    """Something that admins were told once and that still holds."""

    __tablename__ = "notices"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    since: Mapped[datetime] = mapped_column(default=now)


class OwnPicture(Table):
    """A picture of the bot's own that Telegram has; file ids hold for one bot only."""

    __tablename__ = "own_pictures"

    bot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    file_id: Mapped[str] = mapped_column(Text)
