"""aiogram's FSM over our database: read once before a handler, written once after it."""

import copy
from collections.abc import Mapping
from typing import Any, Protocol

from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey

from services.domain.values import Dialogue


class Dialogues(Protocol):
    """Where dialogues are kept: `services.users.service.UserService`."""

    async def dialogue(self, key: str) -> Dialogue:
        """Return where somebody stands in a dialogue."""
        ...

    async def keep_dialogue(self, key: str, dialogue: Dialogue) -> None:
        """Keep where somebody stands in a dialogue."""
        ...


class UpdateStorage(BaseStorage):
    """The dialogue of one user in one chat, while one update is handled.

    Args:
        key: Whose dialogue.
        dialogue: Where it stands. Data must be plain JSON.
        kept: Where it is kept, for what a handler does after its end (`afterwards`).
    """

    def __init__(self, key: StorageKey, dialogue: Dialogue, kept: Dialogues | None = None) -> None:
        self._key = key
        self._kept = kept
        self._before = dialogue
        self._state, self._data = dialogue.state, dict(dialogue.data)

    def context(self) -> FSMContext:
        """Return what handlers call `state`."""
        return FSMContext(self, self._key)

    def changed(self) -> Dialogue | None:
        """Return where the dialogue stands now, or None when it stands where it stood."""
        now = Dialogue(state=self._state, data=self._data)
        return None if now == self._before else now

    async def read_again(self) -> FSMContext:
        """Return the dialogue as it is kept by now."""
        if self._kept is None:
            return self.context()
        known = await self._kept.dialogue(row_key(self._key))
        return _WrittenAtOnce(self._key, known, self._kept).context()

    async def keep(self) -> None:
        """Keep the dialogue if it has changed."""
        if self._kept is not None and (changed := self.changed()) is not None:
            await self._kept.keep_dialogue(row_key(self._key), changed)
            self._before = copy.deepcopy(changed)

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Keep the state."""
        self._check(key)
        self._state = state.state if isinstance(state, State) else state

    async def get_state(self, key: StorageKey) -> str | None:
        """Return the state."""
        self._check(key)
        return self._state

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Keep the data."""
        self._check(key)
        self._data = copy.deepcopy(dict(data))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        """Return the data, a copy."""
        self._check(key)
        return copy.deepcopy(self._data)

    async def close(self) -> None:
        """Do nothing: nothing is open."""

    def _check(self, key: StorageKey) -> None:
        if key != self._key:
            msg = "an update has the dialogue of its own user only"
            raise ValueError(msg)


def row_key(key: StorageKey) -> str:
    """Return the text under which a dialogue is kept; every part of aiogram's key counts."""
    parts = (
        key.bot_id,
        key.chat_id,
        key.user_id,
        key.thread_id or "",
        key.business_connection_id or "",
        key.destiny,
    )
    return ":".join(str(part) for part in parts)


class _WrittenAtOnce(UpdateStorage):
    """A dialogue whose changes are kept before anything is said of them."""

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        """Keep the state."""
        await super().set_state(key, state)
        await self.keep()

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        """Keep the data."""
        await super().set_data(key, data)
        await self.keep()


async def afterwards(state: FSMContext) -> FSMContext:
    """Return the dialogue of a handler that has ended, as it is by now.

    What the handler itself was given is written when it ends, and nobody looks at it later.
    """
    return await state.storage.read_again() if isinstance(state.storage, UpdateStorage) else state
