"""What users think of pictures."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from db import tables
from db.values import columns_of, value_or_none
from services.domain.values import Rating, RatingCount
from services.domain.vocabulary import Missing


class Ratings:
    """One rating a picture; the last one counts."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, picture_id: str) -> Rating | None:
        """Return the rating of a picture."""
        return value_or_none(Rating, await self._session.get(tables.Rating, picture_id))

    async def put(self, rating: Rating) -> None:
        """Keep a rating in place of an earlier one."""
        await self._session.merge(tables.Rating(**columns_of(rating)))

    async def note_missing(self, picture_id: str, missing: Missing) -> bool:
        """Keep what was missing in a picture; return whether it is one that was not liked."""
        noted = await self._session.scalars(
            update(tables.Rating)
            .where(tables.Rating.picture_id == picture_id, ~tables.Rating.is_good)
            .values(missing=missing)
            .returning(tables.Rating.picture_id)
        )
        return bool(noted.all())

    async def by_trainer(self) -> Sequence[RatingCount]:
        """Count by trainer and mode, the most rated first."""
        return await self._counts(tables.Rating.trainer, tables.Rating.mode)

    async def by_preset(self) -> Sequence[RatingCount]:
        """Count by preset, the most rated first; prompts of the users' own are left out."""
        counts = await self._counts(tables.Rating.preset)
        return [count for count in counts if count.of != ("",)]

    async def _counts(self, *columns: InstrumentedAttribute[str]) -> Sequence[RatingCount]:
        row = tables.Rating
        found = await self._session.execute(
            select(row.is_good, row.missing, func.count(), *columns).group_by(
                row.is_good, row.missing, *columns
            )
        )
        good: dict[tuple[str, ...], int] = defaultdict(int)
        bad: dict[tuple[str, ...], int] = defaultdict(int)
        lacks: dict[tuple[str, ...], dict[Missing, int]] = defaultdict(dict)
        for is_good, missing, count, *words in found.all():
            of = tuple(str(word) for word in words)
            (good if is_good else bad)[of] += count
            if not is_good and missing is not None:
                lacks[of][missing] = count
        counts = [RatingCount(of, good[of], bad[of], lacks[of]) for of in {*good, *bad}]
        return sorted(counts, key=lambda count: (-count.good - count.bad, count.of))
