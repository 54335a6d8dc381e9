"""What the console reads over many tables: figures, jobs and people. It changes nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from db.credit_tables import Entry, Movement
from db.loans import Loans
from db.tables import (
    Charge,
    Draft,
    Enlargement,
    Generation,
    Model,
    Photo,
    PhotoSet,
    Picture,
    Rating,
    Training,
    User,
)
from services.domain.console import ConsoleJob, Period, Revenue, TrainerFigures
from services.domain.credits import EntryKind, Pot
from services.domain.states import EnlargementState, GenerationState, TrainingState
from services.domain.vocabulary import FailureReason

KINDS: dict[str, tuple[Any, frozenset[Any]]] = {
    "training": (Training, frozenset(state for state in TrainingState if state.is_final)),
    "generation": (Generation, frozenset(state for state in GenerationState if state.is_final)),
    "enlargement": (Enlargement, frozenset(state for state in EnlargementState if state.is_final)),
}
"""The kinds of paid jobs with the states in which nothing more happens by itself."""


class Console:
    """Reads for admins: ids, states and sums, no word of a user's."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def period(self, since: datetime) -> Period:
        """Return what happened since a moment."""
        spent = (
            select(func.count(), func.sum(Charge.usd), func.count(Charge.real_usd))
            .add_columns(func.sum(Charge.real_usd))
            .add_columns(func.sum(func.coalesce(Charge.real_usd, Charge.usd)))
            .where(Charge.created_at > since, Charge.released_at.is_(None))
        )
        charges, estimated, priced, real, cost = (await self._session.execute(spent)).one()
        return Period(
            users_new=await self._count(User.created_at > since),
            users_active=await self._active(since),
            trainers=await self._trainers(since),
            enlargements=await self._count(Enlargement.created_at > since),
            lent=await Loans(self._session).count_lent(),
            estimated_usd=estimated or Decimal(0),
            real_usd=real or Decimal(0),
            cost_usd=cost or Decimal(0),
            charges=charges,
            priced=priced,
            revenue=await self._revenue(since),
            failures=await self._failures(since),
        )

    async def under_way(self, limit: int, user_id: int | None = None) -> Sequence[ConsoleJob]:
        """Return jobs that have not ended, the oldest first, of everybody or of one user."""
        found: list[ConsoleJob] = []
        for kind, (table, final) in KINDS.items():
            query = select(table).where(table.state.not_in(final))
            if user_id is not None:
                query = query.where(table.user_id == user_id)
            found += await self._jobs(kind, query.order_by(table.created_at).limit(limit))
        return sorted(found, key=lambda job: job.created_at)[:limit]

    async def failed(
        self, since: datetime, reasons: Sequence[FailureReason], limit: int
    ) -> Sequence[ConsoleJob]:
        """Return jobs that fal may have and that failed for these reasons, the newest first."""
        found: list[ConsoleJob] = []
        for kind, (table, _) in KINDS.items():
            query = select(table).where(
                table.failure.in_(reasons),
                table.submit_started_at.is_not(None),
                table.finished_at > since,
            )
            found += await self._jobs(kind, query.order_by(table.created_at.desc()).limit(limit))
        return sorted(found, key=lambda job: job.created_at, reverse=True)[:limit]

    async def job(self, kind: str, job_id: str) -> ConsoleJob | None:
        """Return a job."""
        table, _ = KINDS[kind]
        jobs = await self._jobs(kind, select(table).where(table.id == job_id))
        return jobs[0] if jobs else None

    async def owner_of(self, job_id: str) -> int | None:
        """Return whose a job or a model is, by its id."""
        for table in (Training, Generation, Enlargement, Model):
            found = await self._session.scalar(select(table.user_id).where(table.id == job_id))
            if found is not None:
                return found
        return None

    async def trainings_of(self, user_id: int) -> Sequence[tuple[str, int]]:
        """Count a user's trainings by state."""
        return await self._grouped(Training.state, Training.user_id == user_id)

    async def models_of(self, user_id: int) -> Sequence[tuple[str, int]]:
        """Count a user's models by trainer."""
        return await self._grouped(Model.trainer, Model.user_id == user_id)

    async def pictures_of(self, user_id: int) -> int:
        """Count a user's pictures."""
        query = select(func.count(Picture.id)).join(Generation)
        return await self._session.scalar(query.where(Generation.user_id == user_id)) or 0

    async def _revenue(self, since: datetime) -> Revenue:
        moved = await self._session.execute(
            select(Movement.source, Movement.target, func.count(), func.sum(Movement.amount))
            .join(Entry, Movement.entry_id == Entry.id)
            .where(Entry.created_at > since)
            .group_by(Movement.source, Movement.target)
        )
        rows = [(source, target, int(count), int(stars)) for source, target, count, stars in moved]
        refunds = Entry.kind == EntryKind.REFUND
        return Revenue(
            came=sum(stars for source, _, _, stars in rows if source is Pot.TELEGRAM),
            payments=sum(count for source, _, count, _ in rows if source is Pot.TELEGRAM),
            went=sum(stars for _, target, _, stars in rows if target is Pot.TELEGRAM),
            refunds=await self._count(and_(refunds, Entry.created_at > since)),
            spent=sum(stars for _, target, _, stars in rows if target is Pot.INCOME),
        )

    async def _count(self, condition: ColumnElement[bool]) -> int:
        return await self._session.scalar(select(func.count()).where(condition)) or 0

    async def _active(self, since: datetime) -> int:
        photos = select(PhotoSet.user_id).join(Photo, Photo.training_id == PhotoSet.id)
        ordered = [
            select(table.user_id).where(table.created_at > since)
            for table in (Draft, Training, Generation, Enlargement)
        ]
        active = union(*ordered, photos.where(Photo.created_at > since)).subquery()
        return await self._session.scalar(select(func.count()).select_from(active)) or 0

    async def _trainers(self, since: datetime) -> Sequence[TrainerFigures]:
        trainings = await self._session.execute(
            select(Training.trainer, Training.state, func.count())
            .where(Training.created_at > since)
            .group_by(Training.trainer, Training.state)
        )
        by_name: dict[str, TrainerFigures] = {}
        for trainer, state, count in trainings:
            one = by_name.get(trainer, TrainerFigures(trainer))
            by_name[trainer] = replace(
                one,
                started=one.started + count,
                completed=one.completed + (count if state == TrainingState.COMPLETED else 0),
                failed=one.failed + (count if state == TrainingState.FAILED else 0),
            )
        pictures = await self._session.execute(
            select(Model.trainer, func.count(Picture.id))
            .join(Generation, Generation.model_id == Model.id)
            .join(Picture, Picture.generation_id == Generation.id)
            .where(Picture.created_at > since, Generation.editor.is_(None))
            .group_by(Model.trainer)
        )
        for trainer, count in pictures:
            one = by_name.get(trainer, TrainerFigures(trainer))
            by_name[trainer] = replace(one, pictures=count)
        models = await self._session.execute(
            select(Model.trainer, func.avg(Model.likeness), func.count())
            .where(Model.created_at > since, Model.likeness.is_not(None))
            .group_by(Model.trainer)
        )
        for trainer, likeness, count in models:
            one = by_name.get(trainer, TrainerFigures(trainer))
            by_name[trainer] = replace(one, likeness=round(likeness), compared=count)
        ratings = await self._session.execute(
            select(Rating.trainer, Rating.is_good, func.count())
            .where(Rating.created_at > since)
            .group_by(Rating.trainer, Rating.is_good)
        )
        for trainer, is_good, count in ratings:
            one = by_name.get(trainer, TrainerFigures(trainer))
            by_name[trainer] = replace(one, good=count) if is_good else replace(one, bad=count)
        return [by_name[name] for name in sorted(by_name)]

    async def _failures(self, since: datetime) -> Sequence[tuple[FailureReason, int]]:
        sums: dict[FailureReason, int] = {}
        for table, _ in KINDS.values():
            found = await self._session.execute(
                select(table.failure, func.count())
                .where(table.failure.is_not(None), table.finished_at > since)
                .group_by(table.failure)
            )
            for reason, count in found:
                sums[reason] = sums.get(reason, 0) + count
        return sorted(sums.items(), key=lambda one: (-one[1], one[0]))

    async def _grouped(
        self,
        column: Any,  # noqa: ANN401  # any column of text
        condition: ColumnElement[bool],
    ) -> Sequence[tuple[str, int]]:
        found = await self._session.execute(
            select(column, func.count()).where(condition).group_by(column).order_by(column)
        )
        return [(str(name), count) for name, count in found]

    async def _jobs(self, kind: str, query: Any) -> list[ConsoleJob]:  # noqa: ANN401  # a select
        return [
            ConsoleJob(
                kind=kind,
                id=row.id,
                user_id=row.user_id,
                state=str(row.state),
                created_at=row.created_at,
                is_cancelled=row.cancel_requested_at is not None,
                failure=row.failure,
            )
            for row in await self._session.scalars(query)
        ]
