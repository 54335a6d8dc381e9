"""Where users stand in their dialogues."""

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import DialogueState
from db.values import value_or_none
from services.domain.clock import now
from services.domain.values import Dialogue


class Dialogues:
    """Dialogue states and their data, one row a key."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, key: str) -> Dialogue:
        """Return what is kept under a key."""
        row = await self._session.get(DialogueState, key)
        return value_or_none(Dialogue, row) or Dialogue()

    async def put(self, key: str, dialogue: Dialogue) -> None:
        """Keep a dialogue; one that is over leaves no row, so that nobody is remembered for it."""
        if dialogue == Dialogue():
            await self._session.execute(delete(DialogueState).where(DialogueState.key == key))
            return
        dialect = self._session.get_bind().dialect.name
        insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
        values = {"state": dialogue.state, "data": dialogue.data, "updated_at": now()}
        statement = insert(DialogueState).values(key=key, **values)
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["key"], set_=values)
        )
