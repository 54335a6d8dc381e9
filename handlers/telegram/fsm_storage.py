"""aiogram's FSM storage over our database, so that dialogues survive a restart."""

from collections.abc import Mapping
from typing import Any

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey

from db.database import Database


class DatabaseStorage(BaseStorage):
    """One row a dialogue. Data must be plain JSON."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Keep the state."""
        name = state.state if isinstance(state, State) else state
        async with self._database.transaction() as tx:
            await tx.dialogues.set_state(row_key(key), name)

    async def get_state(self, key: StorageKey) -> str | None:
        """Give the state."""
        async with self._database.transaction() as tx:
            row = await tx.dialogues.get(row_key(key))
        return row.state if row else None

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Keep the data."""
        async with self._database.transaction() as tx:
            await tx.dialogues.set_data(row_key(key), dict(data))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """Give the data, a copy."""
        async with self._database.transaction() as tx:
            row = await tx.dialogues.get(row_key(key))
        return dict(row.data) if row else {}

    async def close(self) -> None:
        """Do nothing: the database is closed by its owner."""


def row_key(key: StorageKey) -> str:
    """Give the text under which a dialogue is kept; every part of aiogram's key counts."""
    parts = (
        key.bot_id,
        key.chat_id,
        key.user_id,
        key.thread_id or "",
        key.business_connection_id or "",
        key.destiny,
    )
    return ":".join(str(part) for part in parts)
