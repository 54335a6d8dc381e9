"""What every paid request to fal has in common: its columns, and the reads of its rows."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from sqlalchemy import BigInteger, ColumnElement, ForeignKey, String, Text, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, validates

from db.claims import Claims
from services.domain.clock import now
from services.domain.vocabulary import FailureReason


class PaidJobColumns:
    """The columns of a row that stands for one paid request to fal, whatever the request makes.

    `chat_id` is where its messages live, in the topic `message_thread_id` if there is one;
    `request_id` and the three URLs are fal's own words and are kept verbatim, because fal asks not
    to build them. A table of this kind has a `state`, and refuses every change of it that is not
    in `TRANSITIONS`.
    """

    TRANSITIONS: ClassVar[Mapping[Any, frozenset[Any]]]

    if TYPE_CHECKING:
        user_id: Mapped[int]
        state: Mapped[Any]

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    message_thread_id: Mapped[int | None] = mapped_column(BigInteger)
    price_usd: Mapped[Decimal | None]

    submit_started_at: Mapped[datetime | None]
    request_id: Mapped[str | None] = mapped_column(String(100), index=True)
    status_url: Mapped[str | None] = mapped_column(Text)
    response_url: Mapped[str | None] = mapped_column(Text)
    cancel_url: Mapped[str | None] = mapped_column(Text)
    queue_position: Mapped[int | None]
    cancel_requested_at: Mapped[datetime | None]
    cancel_sent_at: Mapped[datetime | None]
    # Seconds since the submit, by a clock that only grows, summed up while somebody looked.
    elapsed_s: Mapped[float] = mapped_column(default=0.0, server_default=text("0"))
    # When the user was told that it is not clear yet what fal has done.
    doubt_told_at: Mapped[datetime | None]
    # fal's answer of 200 in which no file was found, for the operator.
    raw_result: Mapped[str | None] = mapped_column(Text)

    failure: Mapped[FailureReason | None]
    failure_detail: Mapped[str | None] = mapped_column(Text)
    finished_at: Mapped[datetime | None]
    announced_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    @declared_attr
    @classmethod
    def owner(cls) -> Mapped[int | None]:
        """The replica that carries the row."""
        return mapped_column(ForeignKey("replicas.id", ondelete="SET NULL"), index=True)

    def reopen(self) -> None:
        """Forget that the job has ended; the caller says in which state it goes on."""
        self.owner = None
        self.failure = self.failure_detail = None
        self.finished_at = self.announced_at = None
        self.cancel_requested_at = self.cancel_sent_at = None

    @validates("state")
    def _follow_the_map(self, _name: str, new: StrEnum) -> StrEnum:
        old = self.state
        if old is not None and new != old and new not in self.TRANSITIONS[old]:
            msg = f"{type(self).__name__.lower()} {self.id} cannot go from {old} to {new}"
            raise ValueError(msg)
        return new


Row = TypeVar("Row", bound=PaidJobColumns)


class PaidJobRows(ABC, Generic[Row]):
    """Rows of one kind of paid request."""

    kind: type[Row]

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @staticmethod
    @abstractmethod
    def _unfinished() -> ColumnElement[bool]:
        """Return which rows have something left to be done."""

    @property
    def claims(self) -> Claims:
        """What replicas have in hand."""
        return Claims(self._session, self.kind, self._unfinished())

    async def unfinished(self) -> Sequence[str]:
        """Return the ids of rows that have something left to be done, the oldest first."""
        rows = await self._session.scalars(
            select(self.kind.id).where(self._unfinished()).order_by(self.kind.created_at)
        )
        return rows.all()

    async def get(self, row_id: str) -> Row | None:
        """Return a row, for reading."""
        return await self._session.get(self.kind, row_id)

    async def read_many(self, row_ids: Sequence[str]) -> Mapping[str, Row]:
        """Return rows by id, for reading; those that are gone are left out."""
        rows = await self._session.scalars(select(self.kind).where(self.kind.id.in_(row_ids)))
        return {row.id: row for row in rows}

    async def lock(self, row_id: str) -> Row | None:
        """Return a row that nobody else changes until the transaction ends."""
        return await self._session.get(
            self.kind, row_id, with_for_update=True, populate_existing=True
        )

    async def lock_of_user(self, user_id: int) -> None:
        """Keep others from changing the rows of a user until the transaction ends."""
        await self._lock(self.kind.user_id == user_id)

    async def _lock(self, which: ColumnElement[bool]) -> None:
        # In the same order by everybody.
        query = select(self.kind.id).where(which).order_by(self.kind.id)
        await self._session.scalars(query.with_for_update())

    async def of_requests(self, request_ids: Collection[str]) -> Sequence[tuple[str, StrEnum]]:
        """Return id and state of the rows that have one of these request ids of fal's."""
        rows = await self._session.execute(
            select(self.kind.id, self.kind.state).where(self.kind.request_id.in_(request_ids))
        )
        return [(row_id, state) for row_id, state in rows]

    async def in_state(self, state: StrEnum, limit: int) -> Sequence[str]:
        """Return the ids of rows in a state, at most `limit`."""
        rows = await self._session.scalars(
            select(self.kind.id).where(self.kind.state == state).limit(limit)
        )
        return rows.all()
