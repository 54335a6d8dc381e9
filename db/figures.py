"""What an operator watches of the database: counts that cost no more than what is under way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.charges import Charges
from db.replicas import Replicas
from db.tables import Deletion, Enlargement, Generation, InboxRow, Photo, Training
from services.domain.clock import now
from services.domain.states import EnlargementState, GenerationState, TrainingState
from services.domain.vocabulary import PhotoState

DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Figures:
    """The counts of one moment.

    Attributes:
        updates_waiting: Updates of Telegram's that are not handled yet.
        oldest_update: When the oldest of them came; None where none waits.
        trainings: How many are in each state in which something is left to do.
        generations: The same for pictures.
        enlargements: The same for larger pictures.
        photos_waiting: Photos that are not checked yet.
        deletions: Deletions that are under way.
        replicas: Processes that work on the database.
        spent_usd: What was ordered within 24 hours, by the price list.
    """

    updates_waiting: int
    oldest_update: datetime | None
    trainings: Mapping[TrainingState, int]
    generations: Mapping[GenerationState, int]
    enlargements: Mapping[EnlargementState, int]
    photos_waiting: int
    deletions: int
    replicas: int
    spent_usd: Decimal


class FiguresOf:
    """Reads the figures. Each query goes by an index over what is under way alone."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def read(self) -> Figures:
        """Return the figures of this moment."""
        waiting = select(func.count(), func.min(InboxRow.received_at)).where(
            InboxRow.payload.is_not(None)
        )
        updates, oldest = (await self._session.execute(waiting)).one()
        photos = select(func.count()).where(Photo.state == PhotoState.PENDING)
        return Figures(
            updates_waiting=updates,
            oldest_update=oldest,
            trainings=await self._trainings(),
            generations=await self._generations(),
            enlargements=await self._enlargements(),
            photos_waiting=await self._session.scalar(photos) or 0,
            deletions=await self._session.scalar(select(func.count(Deletion.id))) or 0,
            replicas=len(await Replicas(self._session).all()),
            spent_usd=await Charges(self._session).spent_usd(now() - DAY),
        )

    async def _trainings(self) -> Mapping[TrainingState, int]:
        states = [state for state in TrainingState if not state.is_final]
        found = await self._session.execute(
            select(Training.state, func.count())
            .where(Training.state.in_(states))
            .group_by(Training.state)
        )
        return dict.fromkeys(states, 0) | dict(found.all())

    async def _generations(self) -> Mapping[GenerationState, int]:
        states = [state for state in GenerationState if not state.is_final]
        found = await self._session.execute(
            select(Generation.state, func.count())
            .where(Generation.state.in_(states))
            .group_by(Generation.state)
        )
        return dict.fromkeys(states, 0) | dict(found.all())

    async def _enlargements(self) -> Mapping[EnlargementState, int]:
        states = [state for state in EnlargementState if not state.is_final]
        found = await self._session.execute(
            select(Enlargement.state, func.count())
            .where(Enlargement.state.in_(states))
            .group_by(Enlargement.state)
        )
        return dict.fromkeys(states, 0) | dict(found.all())
