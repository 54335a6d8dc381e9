"""Generations."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_, update
from sqlalchemy.orm import aliased

from db.paid_jobs import PaidJobRows
from db.tables import Generation, Model
from db.upsert import insert_missing
from db.values import value_of, value_or_none
from services.domain import values
from services.domain.clock import now
from services.domain.states import GenerationState
from services.domain.vocabulary import CallEnd

_second = aliased(Model)


def made_with(model_id: str) -> ColumnElement[bool]:
    """Return which generations a model's owner had made with it, alone or with somebody else."""
    is_first = (Generation.model_id == model_id) & ~Generation.is_borrowed
    is_second = (Generation.second_model_id == model_id) & ~Generation.second_is_borrowed
    return is_first | is_second


class Generations(PaidJobRows[Generation]):
    """Requests for pictures."""

    kind = Generation

    async def record(self, columns: Mapping[str, Any]) -> bool:
        """Record a generation unless the same update asked for it already.

        Returns:
            Whether the row is new.
        """
        return await insert_missing(
            self._session, Generation, columns, index_elements=["user_id", "origin"]
        )

    async def read(self, generation_id: str) -> values.Generation | None:
        """Return a generation as a value."""
        return value_or_none(values.Generation, await self.get(generation_id))

    async def show_in(self, generation_id: str, message_id: int) -> bool:
        """Remember which message tells of a generation, unless its end was told already.

        Returns:
            Whether it is remembered.
        """
        row = await self.lock(generation_id)
        if row is None or row.announced_at is not None:
            return False
        row.status_message_id = message_id
        return True

    async def change_prompt(self, generation_id: str, prompt: str, state: GenerationState) -> None:
        """Put another prompt in the place of one that has not left for fal; it begins again."""
        row = await self.lock(generation_id)
        if row is not None:
            row.prompt, row.english, row.state = prompt, None, state

    async def accept(self, generation_id: str, prompt: str, english: str | None) -> None:
        """Keep what the generator gets for a prompt, unless the prompt is another one by now."""
        row = await self.lock(generation_id)
        if row is not None and row.state is GenerationState.WORDING and row.prompt == prompt:
            row.english, row.state = english, GenerationState.ACCEPTED

    async def english_of(
        self, user_id: int, prompt: str, since: datetime, *, is_edit: bool = False
    ) -> str | None:
        """Return what the generator got since then for the same words of the same user."""
        rows = await self._session.scalars(
            select(Generation.english)
            .where(
                Generation.user_id == user_id,
                Generation.created_at > since,
                Generation.prompt == prompt,
                Generation.english.is_not(None),
                Generation.editor.is_not(None) if is_edit else Generation.editor.is_(None),
            )
            .order_by(Generation.created_at.desc())
            .limit(1)
        )
        return rows.first()

    async def tell_again(self, generation_id: str) -> None:
        """Have the end of a generation told once more."""
        row = await self.lock(generation_id)
        if row is not None:
            row.announced_at = None

    async def note_told(self, generation_id: str) -> None:
        """Note that the user was told of the end, unless a second look has begun meanwhile."""
        row = await self.lock(generation_id)
        if row is not None and row.state.is_final:
            row.announced_at = row.announced_at or now()

    async def note_settled(self, generation_id: str) -> None:
        """Note that no message tells of work under way any more, once the end is told."""
        row = await self.lock(generation_id)
        if row is not None and row.state.is_final and row.announced_at is not None:
            row.status_message_id = None

    async def of_origin(self, user_id: int, origin: str) -> values.Generation:
        """Return the generation that an update asked for."""
        rows = await self._session.scalars(
            select(Generation).where(Generation.user_id == user_id, Generation.origin == origin)
        )
        return value_of(values.Generation, rows.one())

    async def find_origin(self, user_id: int, origin: str) -> values.Generation | None:
        """Return the generation that an update asked for, if it asked for one."""
        row = await self._session.scalar(
            select(Generation).where(Generation.user_id == user_id, Generation.origin == origin)
        )
        return value_or_none(values.Generation, row)

    async def pack_of(self, generation: values.Generation) -> Sequence[values.Generation]:
        """Return the generations that come in one album with this one, itself included."""
        if generation.pack is None:
            return [generation]
        rows = await self._session.scalars(
            select(Generation)
            .where(Generation.user_id == generation.user_id, Generation.pack == generation.pack)
            .order_by(Generation.created_at, Generation.origin)
        )
        return [value_of(values.Generation, row) for row in rows]

    async def latest_of(self, user_id: int) -> values.Generation | None:
        """Return the user's newest generation, for reading."""
        rows = await self._session.scalars(
            select(Generation)
            .where(Generation.user_id == user_id)
            .order_by(Generation.created_at.desc())
            .limit(1)
        )
        return value_or_none(values.Generation, rows.first())

    async def page_of(
        self, user_id: int, below: values.Generation | None, limit: int
    ) -> Sequence[tuple[values.Generation, values.Model | None, values.Model | None]]:
        """Return the user's generations, newest first: those older than one, or the first.

        Returns:
            Each with its model and that of a second person.
        """
        place = tuple_(Generation.created_at, Generation.id)
        query = (
            select(Generation, Model, _second)
            .outerjoin(Model, Generation.model_id == Model.id)
            .outerjoin(_second, Generation.second_model_id == _second.id)
            .where(Generation.user_id == user_id)
        )
        if below is not None:
            query = query.where(place < (below.created_at, below.id))
        newest = query.order_by(Generation.created_at.desc(), Generation.id.desc())
        return [
            (
                value_of(values.Generation, row),
                value_or_none(values.Model, model),
                value_or_none(values.Model, second),
            )
            for row, model, second in await self._session.execute(newest.limit(limit))
        ]

    async def lock_of_model(self, model_id: str) -> None:
        """Lock what a model's owner had made with it, as `lock_of_user` does."""
        await self._lock(made_with(model_id))

    async def all_of(self, model_id: str) -> Sequence[values.Generation]:
        """Return what a model's owner had made with it, oldest first."""
        rows = await self._session.scalars(
            select(Generation).where(made_with(model_id)).order_by(Generation.created_at)
        )
        return [value_of(values.Generation, row) for row in rows]

    async def detach(self, model_id: str, user_id: int) -> None:
        """Take a model from what others than its owner had made with it: that is theirs."""
        for column in (Generation.model_id, Generation.second_model_id):
            await self._session.execute(
                update(Generation)
                .where(column == model_id, Generation.user_id != user_id)
                .values({column: None})
            )

    async def all_of_user(self, user_id: int) -> Sequence[values.Generation]:
        """Return what the user had made, oldest first."""
        rows = await self._session.scalars(
            select(Generation).where(Generation.user_id == user_id).order_by(Generation.created_at)
        )
        return [value_of(values.Generation, row) for row in rows]

    async def end_call(self, generation_id: str, end: CallEnd) -> None:
        """Note what became of the call from a group; the first such end stays."""
        row = await self.lock(generation_id)
        if row is not None:
            row.call_end = row.call_end or end

    async def move_calls(self, chat_id: int, new_chat_id: int) -> None:
        """Note that a group is another chat by now, where the calls are no messages."""
        await self._session.execute(
            update(Generation)
            .where(Generation.call_chat_id == chat_id, Generation.call_end.is_(None))
            .values(call_chat_id=new_chat_id, call_thread_id=None, call_message_id=None)
        )

    async def note_source(self, generation_id: str, url: str) -> None:
        """Keep where fal fetches what an edit is made of."""
        row = await self.lock(generation_id)
        if row is not None:
            row.source_url = url

    async def of_button(self, user_id: int, origin_prefix: str) -> Sequence[values.Generation]:
        """Return the user's generations whose origin starts so, oldest first."""
        rows = await self._session.scalars(
            select(Generation)
            .where(
                Generation.user_id == user_id,
                Generation.origin.startswith(origin_prefix, autoescape=True),
            )
            .order_by(Generation.created_at)
        )
        return [value_of(values.Generation, row) for row in rows]

    @staticmethod
    def _unfinished() -> ColumnElement[bool]:
        """Return which are not told yet, or have a status message that stands."""
        return Generation.announced_at.is_(None) | Generation.status_message_id.is_not(None)
