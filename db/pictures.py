"""Generated pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Generation, Model, Picture


@dataclass(frozen=True)
class Wanted:
    """Which of a user's delivered pictures are looked at: all, but for what is given.

    All `words` must be in the prompt, in any order and whatever the case.
    """

    user_id: int
    model_id: str | None = None
    only_favourites: bool = False
    words: str = ""


class Step(StrEnum):
    """Which picture is meant, seen from a place in the row of pictures."""

    HERE = "here"
    NEWER = "newer"
    OLDER = "older"


@dataclass(frozen=True)
class Shown:
    """A picture with what is told of it."""

    picture: Picture
    generation: Generation
    model: Model


OLDEST_FIRST = (Generation.created_at, Generation.id, Picture.position)
NEWEST_FIRST = tuple(column.desc() for column in OLDEST_FIRST)
"""The row of pictures; no two are at the same place."""

_place = tuple_(*OLDEST_FIRST)


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

    async def at(self, generation_id: str, position: int) -> Picture | None:
        """Give the picture at a place, for reading."""
        return await self._session.scalar(
            select(Picture).where(
                Picture.generation_id == generation_id, Picture.position == position
            )
        )

    async def newest(self, wanted: Wanted) -> Shown | None:
        """Give the newest picture, None when there is none."""
        return await self._first(_shown(wanted).order_by(*NEWEST_FIRST))

    async def seen_from(
        self, wanted: Wanted, generation: Generation, position: int, step: Step
    ) -> Shown | None:
        """Give the picture at a place or next to it; the row of pictures is a ring.

        Nothing need be at the place itself: it is kept when its picture is gone or is not among
        the wanted ones. `HERE` is then the next older picture, or the oldest of all.
        """
        here = (generation.created_at, generation.id, position)
        beside, onwards, fallback = {
            Step.HERE: (_place <= here, NEWEST_FIRST, OLDEST_FIRST),
            Step.OLDER: (_place < here, NEWEST_FIRST, NEWEST_FIRST),
            Step.NEWER: (_place > here, OLDEST_FIRST, OLDEST_FIRST),
        }[step]
        found = await self._first(_shown(wanted).where(beside).order_by(*onwards))
        return found or await self._first(_shown(wanted).order_by(*fallback))

    async def _first(self, query: Select[Picture, Generation, Model]) -> Shown | None:
        row = (await self._session.execute(query.limit(1))).first()
        return Shown(*row) if row else None

    async def count(self, wanted: Wanted, oldest: Shown | None = None) -> int:
        """Count the pictures: all, or one with those that are newer."""
        query = _shown(wanted)
        if oldest is not None:
            generation, position = oldest.generation, oldest.picture.position
            here = (generation.created_at, generation.id, position)
            query = query.where(_place >= here)
        count = select(func.count()).select_from(query.subquery())
        return await self._session.scalar(count) or 0

    async def models_in(self, wanted: Wanted) -> Sequence[Model]:
        """Give the models that the pictures show, newest first."""
        ids = _shown(wanted).with_only_columns(Generation.model_id)
        rows = await self._session.scalars(
            select(Model).where(Model.id.in_(ids)).order_by(Model.created_at.desc(), Model.id)
        )
        return rows.all()

    async def lock_all_of(self, generation_id: str) -> Sequence[Picture]:
        """Return a generation's pictures, which nobody else changes until the transaction ends."""
        rows = await self._session.scalars(
            select(Picture)
            .where(Picture.generation_id == generation_id)
            .order_by(Picture.position)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return rows.all()

    async def lock(self, picture_id: str) -> Picture | None:
        """Return a picture that nobody else changes until the transaction ends."""
        return await self._session.get(
            Picture, picture_id, with_for_update=True, populate_existing=True
        )

    async def remove(self, picture: Picture) -> None:
        """Forget a picture."""
        await self._session.delete(picture)


def _shown(wanted: Wanted) -> Select[Picture, Generation, Model]:
    query = (
        select(Picture, Generation, Model)
        .join(Generation, Picture.generation_id == Generation.id)
        .join(Model, Generation.model_id == Model.id)
        .where(
            Generation.user_id == wanted.user_id,
            Picture.photo_file_id.is_not(None),
            ~Picture.is_flagged,
        )
    )
    if wanted.model_id is not None:
        query = query.where(Generation.model_id == wanted.model_id)
    if wanted.only_favourites:
        query = query.where(Picture.is_favourite)
    # PostgreSQL lowers by the locale of its database.
    prompt = func.lower(Generation.prompt)
    for word in wanted.words.lower().split():
        query = query.where(prompt.contains(word, autoescape=True))
    return query
