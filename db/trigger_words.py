"""Which trigger words are taken: no two drafts or trainings share one."""

from collections.abc import Callable

from sqlalchemy import select, text, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Draft, Training

DRAWS = 20
"""With 65,536 suffixes a name must be used tens of thousands of times before 20 draws fail."""

WORDS_LOCK = 0x776F7264
"""Key of PostgreSQL's advisory lock on the words; any number that is ours."""


class NoFreeWord(Exception):
    """Every one of many draws was taken."""


class TriggerWords:
    """The trigger words of drafts and trainings."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(self, training_id: str, draw: Callable[[], str]) -> str:
        """Draw until a word is free; nobody else gets it before the transaction ends.

        Args:
            training_id: The draft or training that is to have it; its own word is free to it.
            draw: Returns a word, another one each time.

        Raises:
            NoFreeWord: Every one of many draws was taken.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": WORDS_LOCK}
            )
        for _ in range(DRAWS):
            word = draw()
            if not await self._is_taken(word, training_id):
                return word
        raise NoFreeWord

    async def _is_taken(self, word: str, training_id: str) -> bool:
        # In one statement: a draft that becomes a training at this moment is seen as one of them.
        holders = union_all(
            *(
                select(kind.id).where(kind.trigger_word == word, kind.id != training_id)
                for kind in (Draft, Training)
            )
        )
        return await self._session.scalar(holders) is not None
