"""Generated pictures."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Generation, Picture


class Pictures:
    """What generations made, one row a picture."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, pictures: Iterable[Picture]) -> None:
        """Keep new pictures."""
        self._session.add_all(pictures)

    async def get(self, picture_id: str) -> Picture | None:
        """Give a picture, for reading."""
        return await self._session.get(Picture, picture_id)

    async def all_of(self, generation_id: str) -> Sequence[Picture]:
        """Give the pictures of a generation in their order."""
        rows = await self._session.scalars(
            select(Picture)
            .where(Picture.generation_id == generation_id)
            .order_by(Picture.position)
        )
        return rows.all()

    async def count_of_model(self, model_id: str) -> int:
        """Count the pictures a model has made, those held back as unsafe left out."""
        return (
            await self._session.scalar(
                select(func.count())
                .select_from(Picture)
                .join(Generation)
                .where(Generation.model_id == model_id, ~Picture.is_flagged)
            )
            or 0
        )

    async def remove(self, picture: Picture) -> None:
        """Forget a picture."""
        await self._session.delete(picture)
