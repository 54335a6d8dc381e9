"""Users."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import tables
from db.meeting import meet
from db.values import value_of, value_or_none
from services.domain.clock import now
from services.domain.values import User
from services.domain.vocabulary import Language, PictureShape, PictureSize


class Users:
    """The people the bot knows."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, user_id: int) -> User | None:
        """Return the user, or None for a stranger."""
        return value_or_none(User, await self._session.get(tables.User, user_id))

    async def meet(self, user_id: int, language: Language) -> User:
        """Return the user, made on first sight.

        `language` is the one Telegram reports; it is followed until the user chooses one.
        """
        connection = await self._session.connection()
        return (await connection.run_sync(meet, user_id, language, "")).user

    async def lock(self, user_id: int) -> User:
        """Return a known user and keep others from changing them until the transaction ends.

        Used where two requests of one user must not run side by side. Rows that refer to the user
        can be added meanwhile.
        """
        return value_of(User, await self._locked(user_id))

    async def note_unreachable(self, user_id: int) -> None:
        """Note that nothing can be sent to the user now; the first such moment is kept."""
        await self._session.execute(
            update(tables.User)
            .where(tables.User.id == user_id, tables.User.unreachable_since.is_(None))
            .values(unreachable_since=now())
        )

    async def choose_language(self, user_id: int, language: Language) -> None:
        """Keep the language that the user asked for; Telegram's is no longer followed."""
        row = await self._locked(user_id)
        row.language, row.language_chosen = language, True

    async def want_previews(self, user_id: int, *, on: bool) -> User:
        """Keep whether a new model brings first pictures."""
        row = await self._locked(user_id)
        row.wants_preview = on
        return value_of(User, row)

    async def want_reminders(self, user_id: int, *, on: bool) -> User:
        """Keep whether unfinished drafts may be reminded of."""
        row = await self._locked(user_id)
        row.wants_reminders = on
        return value_of(User, row)

    async def want_prompts(self, user_id: int, *, on: bool) -> User:
        """Keep whether prompt and seed are written into files, and forget files made before."""
        row = await self._locked(user_id)
        row.wants_prompts = on
        own = select(tables.Generation.id).where(tables.Generation.user_id == user_id)
        # What Telegram took as a document only is known to be sent by its id.
        await self._session.execute(
            update(tables.Picture)
            .where(
                tables.Picture.generation_id.in_(own), tables.Picture.photo_file_id.is_not(None)
            )
            .values(document_file_id=None)
        )
        await self._session.execute(
            update(tables.Enlargement)
            .where(tables.Enlargement.user_id == user_id)
            .values(document_file_id=None)
        )
        return value_of(User, row)

    async def allow_in_groups(self, user_id: int, stars: int | None) -> None:
        """Keep what a picture asked for in a group may cost; None allows none."""
        row = await self._locked(user_id)
        row.group_stars = stars

    async def choose_options(
        self,
        user_id: int,
        *,
        shape: PictureShape,
        picture_count: int,
        lora_scale: float,
        kept_seed: int | None,
        size: PictureSize = PictureSize.STANDARD,
    ) -> None:
        """Keep the choices for the next pictures; no `kept_seed` means a new one each time."""
        row = await self._locked(user_id)
        row.shape, row.size, row.picture_count = shape, size, picture_count
        row.lora_scale, row.kept_seed = lora_scale, kept_seed

    async def choose_second(self, user_id: int, model_id: str, second_id: str | None) -> None:
        """Keep who else is in the pictures of a model; nobody where there is no id."""
        row = await self._locked(user_id)
        row.second_of, row.second_id = (model_id, second_id) if second_id else (None, None)

    async def remove(self, user_id: int) -> None:
        """Remove a user with everything of theirs: trainings, photos, models, generations."""
        row = await self._session.get(tables.User, user_id, with_for_update=True)
        if row is not None:
            await self._session.delete(row)

    async def _locked(self, user_id: int) -> tables.User:
        return await self._session.get_one(
            tables.User, user_id, with_for_update={"key_share": True}
        )
