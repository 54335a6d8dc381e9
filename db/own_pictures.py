"""The bot's own pictures that Telegram has."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import OwnPicture
from db.upsert import insert_missing


class OwnPictures:
    """File ids, by bot and by the SHA-256 of the file."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def file_id(self, bot_id: int, sha256: str) -> str | None:
        """Return what the bot sends a picture by; None where it was not sent yet."""
        row = await self._session.get(OwnPicture, (bot_id, sha256))
        return row.file_id if row else None

    async def note(self, bot_id: int, sha256: str, file_id: str) -> None:
        """Keep what the bot sends a picture by from now on."""
        key = {"bot_id": bot_id, "sha256": sha256}
        is_new = await insert_missing(
            self._session, OwnPicture, {**key, "file_id": file_id}, index_elements=list(key)
        )
        if not is_new:
            await self._session.execute(
                update(OwnPicture).filter_by(**key).values(file_id=file_id)
            )
