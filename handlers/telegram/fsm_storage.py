"""aiogram's FSM storage over our database, so that dialogues survive a restart."""

from collections.abc import Mapping
from typing import Any

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey

from services.users.dialogues import Dialogues


class DatabaseStorage(BaseStorage):
    """One row a dialogue. Data must be plain JSON."""

    def __init__(self, dialogues: Dialogues) -> None:
        self._dialogues = dialogues

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Keep the state."""
        name = state.state if isinstance(state, State) else state
        await self._dialogues.set_state(row_key(key), name)

    async def get_state(self, key: StorageKey) -> str | None:
        """Return the state."""
        return await self._dialogues.state(row_key(key))

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Keep the data."""
        await self._dialogues.set_data(row_key(key), data)

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """Return the data, a copy."""
        return await self._dialogues.data(row_key(key))

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
