"""The tables of copies of a user's data; all goes with the user."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.tables import Table, choice
from services.domain.clock import now
from services.domain.exports import ExportState, ItemKind, ItemProblem


class ExportRow(Table):
    """A copy of a user's data, and a job until its end is shown."""

    __tablename__ = "exports"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    message_thread_id: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[ExportState] = mapped_column(
        choice(ExportState, "state"), default=ExportState.WORKING
    )
    items: Mapped[int] = mapped_column(default=0)
    gathered: Mapped[int] = mapped_column(default=0)
    parts: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
    # The replica that makes it.
    owner: Mapped[int | None] = mapped_column(
        ForeignKey("replicas.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)


class ExportItemRow(Table):
    """One file of a copy under way."""

    __tablename__ = "export_items"

    export_id: Mapped[str] = mapped_column(
        ForeignKey("exports.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[ItemKind] = mapped_column(choice(ItemKind, "kind"))
    # No foreign key: what is deleted meanwhile is named as missing.
    of_id: Mapped[str] = mapped_column(String(20))
    path: Mapped[str] = mapped_column(Text)
    part: Mapped[int | None]
    problem: Mapped[ItemProblem | None] = mapped_column(choice(ItemProblem, "problem"))
    tries: Mapped[int] = mapped_column(default=0)
