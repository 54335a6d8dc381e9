"""Pictures of the bot's own, and where Telegram has them."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from db.database import Database


@dataclass(frozen=True)
class OwnFile:
    """The file of a picture that comes with the bot or from its operator."""

    name: str
    data: bytes = field(repr=False)
    sha256: str

    @classmethod
    def read(cls, path: Path) -> "OwnFile":
        """Return a file.

        Raises:
            OSError: It cannot be read.
        """
        data = path.read_bytes()
        return cls(path.name, data, hashlib.sha256(data).hexdigest())


class FileIds:
    """The file ids of the bot's own pictures.

    Args:
        database: Where they are kept.
        bot_id: Telegram's id of the bot, for which they hold.
    """

    def __init__(self, database: Database, bot_id: int) -> None:
        self._database = database
        self._bot_id = bot_id

    async def of(self, file: OwnFile) -> str | None:
        """Return the file id of a picture; None before it was sent."""
        async with self._database.transaction() as tx:
            return await tx.own_pictures.file_id(self._bot_id, file.sha256)

    async def note(self, file: OwnFile, file_id: str) -> None:
        """Keep the file id of a picture that was sent."""
        async with self._database.transaction() as tx:
            await tx.own_pictures.note(self._bot_id, file.sha256, file_id)
