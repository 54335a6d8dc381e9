"""Generated pictures."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Select, delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from db import tables
from db.generations import made_with
from db.values import columns_of, value_of, value_or_none
from services.domain.gallery import Shown, Step, Wanted
from services.domain.values import Generation, Likeness, Model, Picture
from services.domain.vocabulary import CallEnd, DeliveryProblem

OLDEST_FIRST = (tables.Generation.created_at, tables.Generation.id, tables.Picture.position)
NEWEST_FIRST = tuple(column.desc() for column in OLDEST_FIRST)
"""The row of pictures; no two are at the same place."""

_place = tuple_(*OLDEST_FIRST)

_second = aliased(tables.Model)


class Pictures:
    """What generations made, one row a picture."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, pictures: Iterable[Picture]) -> None:
        """Keep new pictures."""
        self._session.add_all(tables.Picture(**columns_of(picture)) for picture in pictures)

    async def get(self, picture_id: str) -> Picture | None:
        """Return a picture."""
        return value_or_none(Picture, await self._session.get(tables.Picture, picture_id))

    async def all_of(self, generation_id: str) -> Sequence[Picture]:
        """Return the pictures of a generation in their order."""
        rows = await self._session.scalars(
            select(tables.Picture)
            .where(tables.Picture.generation_id == generation_id)
            .order_by(tables.Picture.position)
        )
        return [value_of(Picture, row) for row in rows]

    async def by_generation(
        self, generation_ids: Collection[str]
    ) -> Mapping[str, Sequence[Picture]]:
        """Return the pictures of generations in their order; nothing for one without pictures."""
        rows = await self._session.scalars(
            select(tables.Picture)
            .where(tables.Picture.generation_id.in_(generation_ids))
            .order_by(tables.Picture.generation_id, tables.Picture.position)
        )
        found: dict[str, list[Picture]] = defaultdict(list)
        for row in rows:
            found[row.generation_id].append(value_of(Picture, row))
        return dict(found)

    async def count_of_model(self, model_id: str) -> int:
        """Count what a model's owner had made with it, pictures held back as unsafe left out."""
        return await self._count(made_with(model_id))

    async def count_of_user(self, user_id: int) -> int:
        """Count what a user had made, as `count_of_model` does."""
        return await self._count(tables.Generation.user_id == user_id)

    async def _count(self, which: ColumnElement[bool]) -> int:
        query = select(func.count()).select_from(tables.Picture).join(tables.Generation)
        return await self._session.scalar(query.where(which, ~tables.Picture.is_flagged)) or 0

    async def count_in_groups(self, user_id: int) -> int:
        """Count those of a user that were sent into groups."""
        query = (
            select(func.count())
            .select_from(tables.Picture)
            .join(tables.Generation, tables.Picture.generation_id == tables.Generation.id)
            .where(
                tables.Generation.user_id == user_id,
                tables.Generation.call_end == CallEnd.ANSWERED,
                tables.Picture.photo_file_id.is_not(None)
                | tables.Picture.document_file_id.is_not(None),
            )
        )
        return await self._session.scalar(query) or 0

    async def at(self, generation_id: str, position: int) -> Picture | None:
        """Return the picture at a place."""
        row = await self._session.scalar(
            select(tables.Picture).where(
                tables.Picture.generation_id == generation_id,
                tables.Picture.position == position,
            )
        )
        return value_or_none(Picture, row)

    async def newest(self, wanted: Wanted) -> Shown | None:
        """Return the newest picture, None when there is none."""
        return await self._first(_shown(wanted).order_by(*NEWEST_FIRST))

    async def seen_from(
        self, wanted: Wanted, generation: Generation, position: int, step: Step
    ) -> Shown | None:
        """Return the picture at a place or next to it; the row of pictures is a ring.

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

    async def _first(
        self, query: Select[tables.Picture, tables.Generation, tables.Model, tables.Model]
    ) -> Shown | None:
        row = (await self._session.execute(query.limit(1))).first()
        return None if row is None else _shown_of(*row)

    async def page(
        self, wanted: Wanted, below: tuple[Generation, int] | None, limit: int
    ) -> Sequence[Shown]:
        """Return pictures, newest first: those below a place, or the first ones."""
        query = _shown(wanted).order_by(*NEWEST_FIRST).limit(limit)
        if below is not None:
            generation, position = below
            query = query.where(_place < (generation.created_at, generation.id, position))
        return [_shown_of(*one) for one in await self._session.execute(query)]

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
        """Return the models that the pictures show, newest first."""
        shown = _shown(wanted)
        firsts = shown.with_only_columns(tables.Generation.model_id)
        seconds = shown.with_only_columns(tables.Generation.second_model_id)
        rows = await self._session.scalars(
            select(tables.Model)
            .where(tables.Model.id.in_(firsts) | tables.Model.id.in_(seconds))
            .order_by(tables.Model.created_at.desc(), tables.Model.id)
        )
        return [value_of(Model, row) for row in rows]

    async def set_favourite(self, picture_id: str, *, is_favourite: bool) -> None:
        """Mark a picture as a favourite, or take the mark away."""
        await self._change(picture_id, is_favourite=is_favourite)

    async def note_sent(
        self, picture_id: str, photo_file_id: str | None, document_file_id: str | None
    ) -> Picture | None:
        """Keep Telegram's ids of a picture that it has taken; None when the picture is gone."""
        await self._change(
            picture_id,
            photo_file_id=photo_file_id,
            document_file_id=document_file_id,
            delivery_problem=None,
        )
        return await self.get(picture_id)

    async def note_likeness(self, picture_id: str, likeness: Likeness) -> None:
        """Keep how much a picture looks like its person."""
        has_face = likeness.percent is not None
        await self._change(picture_id, has_face=has_face, likeness=likeness.percent)

    async def note_document(self, picture_id: str, file_id: str) -> None:
        """Keep Telegram's id of a picture that was sent in full size."""
        await self._change(picture_id, document_file_id=file_id)

    async def note_try(self, picture_id: str) -> int:
        """Count a try to fetch a picture that failed; return how many there were."""
        tries = await self._session.scalar(
            update(tables.Picture)
            .where(tables.Picture.id == picture_id)
            .values(delivery_tries=tables.Picture.delivery_tries + 1)
            .returning(tables.Picture.delivery_tries)
        )
        return tries or 0

    async def note_problem(self, picture_id: str, problem: DeliveryProblem) -> None:
        """Keep why a picture could not be sent, unless it was sent or given up already."""
        await self._session.execute(
            update(tables.Picture)
            .where(
                tables.Picture.id == picture_id,
                tables.Picture.photo_file_id.is_(None),
                tables.Picture.document_file_id.is_(None),
                tables.Picture.delivery_problem.is_(None),
            )
            .values(delivery_problem=problem)
        )

    async def count_problems(self, generation_id: str) -> int:
        """Count the pictures that could not be sent."""
        query = select(func.count()).where(
            tables.Picture.generation_id == generation_id,
            tables.Picture.delivery_problem.is_not(None),
        )
        return await self._session.scalar(query) or 0

    async def forget_problems(self, generation_id: str) -> bool:
        """Have the pictures tried again that could not be sent; return whether there are any."""
        found = await self._session.scalars(
            update(tables.Picture)
            .where(
                tables.Picture.generation_id == generation_id,
                tables.Picture.delivery_problem.is_not(None),
            )
            .values(delivery_problem=None, delivery_tries=0)
            .returning(tables.Picture.id)
        )
        return bool(found.all())

    async def remove(self, picture_id: str) -> None:
        """Forget a picture."""
        await self._session.execute(delete(tables.Picture).where(tables.Picture.id == picture_id))

    async def _change(self, picture_id: str, **changes: object) -> None:
        await self._session.execute(
            update(tables.Picture).where(tables.Picture.id == picture_id).values(**changes)
        )


def _shown_of(
    picture: tables.Picture,
    generation: tables.Generation,
    model: tables.Model | None,
    second: tables.Model | None,
) -> Shown:
    return Shown(
        value_of(Picture, picture),
        value_of(Generation, generation),
        value_or_none(Model, model),
        value_or_none(Model, second),
    )


def _shown(
    wanted: Wanted,
) -> Select[tables.Picture, tables.Generation, tables.Model, tables.Model]:
    query = (
        select(tables.Picture, tables.Generation, tables.Model, _second)
        .join(tables.Generation, tables.Picture.generation_id == tables.Generation.id)
        .outerjoin(tables.Model, tables.Generation.model_id == tables.Model.id)
        .outerjoin(_second, tables.Generation.second_model_id == _second.id)
        .where(
            tables.Generation.user_id == wanted.user_id,
            tables.Picture.photo_file_id.is_not(None),
            ~tables.Picture.is_flagged,
        )
    )
    if wanted.model_id is not None:
        of = tables.Generation
        query = query.where(
            (of.model_id == wanted.model_id) | (of.second_model_id == wanted.model_id)
        )
    if wanted.only_favourites:
        query = query.where(tables.Picture.is_favourite)
    # PostgreSQL lowers by the locale of its database.
    prompt = func.lower(tables.Generation.prompt)
    for word in wanted.words.lower().split():
        query = query.where(prompt.contains(word, autoescape=True))
    return query
