"""Enlargements."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from db.generations import made_with
from db.paid_jobs import PaidJobRows
from db.tables import Enlargement, Generation, Picture
from db.values import columns_of, value_of, value_or_none
from services.domain import values
from services.domain.clock import now
from services.domain.states import EnlargementState
from services.domain.values import Place


class Enlargements(PaidJobRows[Enlargement]):
    """Requests for larger pictures."""

    kind = Enlargement

    async def add(self, enlargement: values.Enlargement) -> None:
        """Keep a new enlargement."""
        self._session.add(Enlargement(**columns_of(enlargement)))
        await self._session.flush()

    async def read(self, enlargement_id: str) -> values.Enlargement | None:
        """Return an enlargement as a value."""
        return value_or_none(values.Enlargement, await self.get(enlargement_id))

    async def latest_of(self, picture_id: str) -> values.Enlargement | None:
        """Return the newest enlargement of a picture."""
        row = await self._session.scalar(
            select(Enlargement)
            .where(Enlargement.picture_id == picture_id)
            .order_by(Enlargement.created_at.desc())
            .limit(1)
        )
        return value_or_none(values.Enlargement, row)

    async def made_of(self, picture_id: str) -> values.Enlargement | None:
        """Return the newest enlargement of a picture that has worked out."""
        row = await self._session.scalar(
            select(Enlargement)
            .where(
                Enlargement.picture_id == picture_id,
                Enlargement.state == EnlargementState.MADE,
            )
            .order_by(Enlargement.created_at.desc())
            .limit(1)
        )
        return value_or_none(values.Enlargement, row)

    async def all_of_picture(self, picture_id: str) -> Sequence[values.Enlargement]:
        """Return the enlargements of a picture."""
        rows = await self._session.scalars(
            select(Enlargement).where(Enlargement.picture_id == picture_id)
        )
        return [value_of(values.Enlargement, row) for row in rows]

    async def all_of_user(self, user_id: int) -> Sequence[values.Enlargement]:
        """Return the enlargements that the user had made."""
        rows = await self._session.scalars(
            select(Enlargement).where(Enlargement.user_id == user_id)
        )
        return [value_of(values.Enlargement, row) for row in rows]

    async def all_of_model(self, model_id: str) -> Sequence[values.Enlargement]:
        """Return the enlargements of the pictures that a model's owner had made with it."""
        rows = await self._session.scalars(
            select(Enlargement)
            .join(Picture, Picture.id == Enlargement.picture_id)
            .join(Generation, Generation.id == Picture.generation_id)
            .where(made_with(model_id))
        )
        return [value_of(values.Enlargement, row) for row in rows]

    async def lock_of_model(self, model_id: str) -> None:
        """Lock those of the pictures that a model's owner had made with it, see `lock_of_user`."""
        pictures = select(Picture.id).join(Generation).where(made_with(model_id))
        await self._lock(Enlargement.picture_id.in_(pictures))

    async def note_source(self, enlargement_id: str, url: str) -> None:
        """Keep the address at which fal fetches the picture, before anything has left."""
        row = await self.lock(enlargement_id)
        if row is not None and row.submit_started_at is None:
            row.source_url = url

    async def note_document(self, enlargement_id: str, file_id: str) -> None:
        """Keep Telegram's id of the larger picture."""
        row = await self.lock(enlargement_id)
        if row is not None:
            row.document_file_id = file_id

    async def tell_again(self, enlargement_id: str, place: Place) -> None:
        """Have an enlargement sent once more, to this place."""
        row = await self.lock(enlargement_id)
        if row is not None and row.state.is_final:
            row.chat_id, row.message_thread_id = place.chat_id, place.thread_id
            row.announced_at = None

    async def note_told(self, enlargement_id: str) -> None:
        """Note that the user was told of the end, unless a second look has begun meanwhile."""
        row = await self.lock(enlargement_id)
        if row is not None and row.state.is_final:
            row.announced_at = row.announced_at or now()

    @staticmethod
    def _unfinished() -> ColumnElement[bool]:
        """Return those whose end is not told yet."""
        return Enlargement.announced_at.is_(None)
