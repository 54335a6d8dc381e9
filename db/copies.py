"""Copies of files in the operator's store."""

from collections.abc import Sequence
from posixpath import splitext
from urllib.parse import urlsplit

from sqlalchemy import Select, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import tables
from db.upsert import insert_missing
from db.values import columns_of, value_or_none
from services.domain.clock import now
from services.domain.copies import Copy, CopyKind

LONGEST_SUFFIX = 16

OF_MODEL = (CopyKind.WEIGHTS, CopyKind.CONFIG)


class Copies:
    """What is copied, and what is to be."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def note_missing(self, at_most: int) -> None:
        """Make rows for files that have none, newest first, so many of each kind at most."""
        for kind, query in _FILES.items():
            known = select(tables.Copy.of_id).where(tables.Copy.kind == kind)
            found = await self._session.execute(query(known).limit(at_most))
            for of_id, user_id, url in found.all():
                if url is None:
                    continue
                copy = Copy(
                    id=f"{kind}-{of_id}",
                    kind=kind,
                    of_id=of_id,
                    user_id=user_id,
                    url=url,
                    key=f"{kind}/{of_id}{_suffix(url)}",
                )
                await insert_missing(
                    self._session, tables.Copy, columns_of(copy), index_elements=["id"]
                )

    async def get(self, copy_id: str) -> Copy | None:
        """Return a copy."""
        return value_or_none(Copy, await self._session.get(tables.Copy, copy_id))

    async def made(self, kind: CopyKind, of_id: str) -> Copy | None:
        """Return the copy of a file if it is there."""
        row = await self._session.scalar(
            select(tables.Copy).where(
                tables.Copy.kind == kind,
                tables.Copy.of_id == of_id,
                tables.Copy.copied_at.is_not(None),
            )
        )
        return value_or_none(Copy, row)

    async def open(self) -> Sequence[str]:
        """Return the ids of copies that are still to be made."""
        rows = await self._session.scalars(
            select(tables.Copy.id).where(
                tables.Copy.copied_at.is_(None), tables.Copy.lost_at.is_(None)
            )
        )
        return rows.all()

    async def orphans(self, copy_id: str | None = None) -> Sequence[str]:
        """Return the ids of copies of what was deleted: of all, or that one."""
        query = _orphans()
        if copy_id is not None:
            query = query.where(tables.Copy.id == copy_id)
        return (await self._session.scalars(query)).all()

    async def are_left_of(self, user_id: int) -> bool:
        """Return whether copies of what a user has deleted are still in the store."""
        query = _orphans().where(tables.Copy.user_id == user_id).limit(1)
        return (await self._session.scalars(query)).first() is not None

    async def note_copied(self, copy_id: str, size: int, sha256: str) -> None:
        """Note that a copy was made and is what was sent."""
        await self._change(copy_id, size=size, sha256=sha256, copied_at=now())

    async def note_lost(self, copy_id: str) -> None:
        """Note that there is nothing to copy any more."""
        await self._change(copy_id, lost_at=now())

    async def remove(self, copy_id: str) -> None:
        """Forget a copy that is not in the store any more."""
        await self._session.execute(delete(tables.Copy).where(tables.Copy.id == copy_id))

    async def _change(self, copy_id: str, **changes: object) -> None:
        await self._session.execute(
            update(tables.Copy).where(tables.Copy.id == copy_id).values(**changes)
        )


def _weights(known: Select[str]) -> Select[str, int, str]:
    model = tables.Model
    return (
        select(model.id, model.user_id, model.lora_url)
        .where(model.id.not_in(known))
        .order_by(model.created_at.desc())
    )


def _configs(known: Select[str]) -> Select[str, int, str | None]:
    model, training = tables.Model, tables.Training
    return (
        select(model.id, model.user_id, training.config_url)
        .join(training, training.id == model.training_id)
        .where(training.config_url.is_not(None), model.id.not_in(known))
        .order_by(model.created_at.desc())
    )


def _originals(known: Select[str]) -> Select[str, int, str]:
    picture, generation = tables.Picture, tables.Generation
    return (
        select(picture.id, generation.user_id, picture.url)
        .join(generation, generation.id == picture.generation_id)
        .where(~picture.is_flagged, picture.id.not_in(known))
        .order_by(picture.created_at.desc())
    )


def _enlarged(known: Select[str]) -> Select[str, int, str | None]:
    enlargement = tables.Enlargement
    return (
        select(enlargement.id, enlargement.user_id, enlargement.url)
        .where(enlargement.url.is_not(None), enlargement.id.not_in(known))
        .order_by(enlargement.created_at.desc())
    )


_FILES = {
    CopyKind.WEIGHTS: _weights,
    CopyKind.CONFIG: _configs,
    CopyKind.ORIGINAL: _originals,
    CopyKind.ENLARGED: _enlarged,
}


def _orphans() -> Select[str]:
    copy = tables.Copy
    return select(copy.id).where(
        or_(
            and_(copy.kind.in_(OF_MODEL), copy.of_id.not_in(select(tables.Model.id))),
            and_(copy.kind == CopyKind.ORIGINAL, copy.of_id.not_in(select(tables.Picture.id))),
            and_(copy.kind == CopyKind.ENLARGED, copy.of_id.not_in(select(tables.Enlargement.id))),
        )
    )


def _suffix(url: str) -> str:
    suffix = splitext(urlsplit(url).path)[1]
    return suffix if suffix[1:].isalnum() and len(suffix) <= LONGEST_SUFFIX else ""
