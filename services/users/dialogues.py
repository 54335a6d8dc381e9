"""Where users stand in their dialogues, kept over restarts."""

from collections.abc import Mapping
from typing import Any

from db.database import Database


class Dialogues:
    """States and data of dialogues, by a key that the front makes. Data must be plain JSON."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def state(self, key: str) -> str | None:
        """Return the name of the state a dialogue is in."""
        async with self._database.transaction() as tx:
            row = await tx.dialogues.get(key)
        return row.state if row else None

    async def set_state(self, key: str, state: str | None) -> None:
        """Keep the name of the state."""
        async with self._database.transaction() as tx:
            await tx.dialogues.set_state(key, state)

    async def data(self, key: str) -> dict[str, Any]:
        """Return a copy of the data."""
        async with self._database.transaction() as tx:
            row = await tx.dialogues.get(key)
        return dict(row.data) if row else {}

    async def set_data(self, key: str, data: Mapping[str, Any]) -> None:
        """Keep the data."""
        async with self._database.transaction() as tx:
            await tx.dialogues.set_data(key, dict(data))
