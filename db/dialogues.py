"""Where users stand in their dialogues."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import DialogueState
from db.upsert import insert_missing


class Dialogues:
    """Dialogue states and their data, one row a key."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, key: str) -> DialogueState | None:
        """Give what is kept under a key."""
        return await self._session.get(DialogueState, key)

    async def set_state(self, key: str, state: str | None) -> None:
        """Keep the state of a key."""
        row = await self._row(key)
        row.state = state
        await self._drop_if_empty(row)

    async def set_data(self, key: str, data: dict[str, Any]) -> None:
        """Keep the data of a key; it must be plain JSON."""
        row = await self._row(key)
        row.data = data
        await self._drop_if_empty(row)

    async def _drop_if_empty(self, row: DialogueState) -> None:
        # Nobody is remembered for a dialogue that is over.
        if row.state is None and not row.data:
            await self._session.delete(row)

    async def _row(self, key: str) -> DialogueState:
        await insert_missing(
            self._session, DialogueState, {"key": key, "data": {}}, index_elements=["key"]
        )
        return await self._session.get_one(DialogueState, key, with_for_update=True)
