"""Deletions that are under way."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import tables
from db.claims import Claims
from db.upsert import insert_missing
from db.values import columns_of, value_of, value_or_none
from services.domain.deletion import (
    DeletedJob,
    DeletedMessage,
    DeletedPayload,
    Deletion,
    JobEnd,
    PayloadEnd,
    Receipt,
)


class Deletions:
    """What is left to be done after rows were deleted."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self, deletion: Deletion, jobs: Iterable[DeletedJob], messages: Iterable[DeletedMessage]
    ) -> None:
        """Keep a deletion, with the jobs to stop and the messages to clear."""
        self._session.add(tables.Deletion(**columns_of(deletion)))
        await self._session.flush()
        for job in jobs:
            values = {**columns_of(job), "marks": list(job.marks), "deletion_id": deletion.id}
            await insert_missing(self._session, tables.DeletedJob, values, index_elements=["id"])
        for message in messages:
            values = {**columns_of(message), "deletion_id": deletion.id}
            await insert_missing(
                self._session,
                tables.DeletedMessage,
                values,
                index_elements=["chat_id", "message_id"],
            )

    async def get(self, deletion_id: str) -> Deletion | None:
        """Return a deletion."""
        return value_or_none(Deletion, await self._session.get(tables.Deletion, deletion_id))

    @property
    def claims(self) -> Claims:
        """What replicas have in hand; a deletion is there while something is left to be done."""
        return Claims(self._session, tables.Deletion, true())

    async def unfinished(self) -> Sequence[str]:
        """Return the ids of all deletions, oldest first."""
        rows = await self._session.scalars(
            select(tables.Deletion.id).order_by(tables.Deletion.created_at)
        )
        return rows.all()

    async def next_message(self, deletion_id: str) -> DeletedMessage | None:
        """Return a message that still shows what was deleted, the newest first."""
        row = await self._session.scalar(
            select(tables.DeletedMessage)
            .where(tables.DeletedMessage.deletion_id == deletion_id)
            .order_by(tables.DeletedMessage.message_id.desc())
            .limit(1)
        )
        return value_or_none(DeletedMessage, row)

    async def cleared(self, message: DeletedMessage) -> None:
        """Note that a message shows nothing any more."""
        await self._session.execute(
            delete(tables.DeletedMessage).where(
                tables.DeletedMessage.chat_id == message.chat_id,
                tables.DeletedMessage.message_id == message.message_id,
            )
        )

    async def open_jobs(self, deletion_id: str) -> Sequence[DeletedJob]:
        """Return the jobs whose end is not known yet."""
        rows = await self._session.scalars(
            select(tables.DeletedJob)
            .where(tables.DeletedJob.deletion_id == deletion_id, tables.DeletedJob.end.is_(None))
            .order_by(tables.DeletedJob.id)
        )
        return [value_of(DeletedJob, row) for row in rows]

    async def note_request(
        self, job_id: str, request_id: str, status_url: str, response_url: str, cancel_url: str
    ) -> None:
        """Keep fal's words for a job that has turned up, if its row was deleted."""
        await self._change(
            job_id,
            request_id=request_id,
            status_url=status_url,
            response_url=response_url,
            cancel_url=cancel_url,
        )

    async def note_end(self, job_id: str, end: JobEnd) -> None:
        """Note what became of a job, if its row was deleted."""
        await self._change(job_id, end=end)

    async def receipt(self, deletion_id: str) -> Receipt:
        """Return what a deletion has come to."""
        payloads = await self._session.execute(
            select(tables.DeletedPayload.end, func.count())
            .where(tables.DeletedPayload.deletion_id == deletion_id)
            .group_by(tables.DeletedPayload.end)
        )
        ends: dict[PayloadEnd | None, int] = {row[0]: row[1] for row in payloads}
        rows = await self._session.execute(
            select(tables.DeletedJob.end, func.count())
            .where(tables.DeletedJob.deletion_id == deletion_id)
            .group_by(tables.DeletedJob.end)
        )
        counts: dict[JobEnd | None, int] = {row[0]: row[1] for row in rows}
        return Receipt(
            under_way=counts.get(None, 0),
            not_stopped=counts.get(JobEnd.NOT_STOPPED, 0),
            erasing=ends.get(None, 0),
            erased=ends.get(PayloadEnd.ERASED, 0),
            left=ends.get(PayloadEnd.LEFT, 0),
        )

    async def add_payload(self, deletion_id: str, payload: DeletedPayload) -> None:
        """Keep what is to be deleted at fal; what is kept already stays as it is."""
        values = {**columns_of(payload), "deletion_id": deletion_id}
        await insert_missing(
            self._session, tables.DeletedPayload, values, index_elements=["request_id"]
        )

    async def open_payloads(self, deletion_id: str, limit: int) -> Sequence[DeletedPayload]:
        """Return what is still to be deleted at fal, what was tried least first."""
        rows = await self._session.scalars(
            select(tables.DeletedPayload)
            .where(
                tables.DeletedPayload.deletion_id == deletion_id,
                tables.DeletedPayload.end.is_(None),
            )
            .order_by(tables.DeletedPayload.tries, tables.DeletedPayload.request_id)
            .limit(limit)
        )
        return [value_of(DeletedPayload, row) for row in rows]

    async def note_erasure(self, payload: DeletedPayload, end: PayloadEnd | None) -> None:
        """Note a try to delete something at fal, and what became of it."""
        await self._session.execute(
            update(tables.DeletedPayload)
            .where(tables.DeletedPayload.request_id == payload.request_id)
            .values(end=end, tries=payload.tries + 1)
        )

    async def note_told(self, deletion_id: str, under_way: int, *, erasing: bool) -> None:
        """Note how many jobs the receipt calls under way, and whether it says so of requests."""
        await self._session.execute(
            update(tables.Deletion)
            .where(tables.Deletion.id == deletion_id)
            .values(told_under_way=under_way, told_erasing=erasing)
        )

    async def remove(self, deletion_id: str) -> None:
        """Forget a deletion that is done, with all that belongs to it."""
        await self._session.execute(
            delete(tables.Deletion).where(tables.Deletion.id == deletion_id)
        )

    async def _change(self, job_id: str, **changes: object) -> None:
        await self._session.execute(
            update(tables.DeletedJob)
            .where(tables.DeletedJob.id == job_id, tables.DeletedJob.end.is_(None))
            .values(**changes)
        )
