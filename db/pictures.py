"""Generated pictures."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Picture


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
