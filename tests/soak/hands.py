"""How a person of a soak looks and presses: patient for a while, and never sure of anything."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.e2e.driver import Json, Person, data_of, text_of
from tests.soak.chats import Chats

PATIENCE_S = 20.0
PAUSE_S = (0.1, 1.5)


@dataclass
class Hands:
    """A person, what they see, and the dice that decide for them."""

    person: Person
    chats: Chats
    dice: random.Random

    async def _pause(self) -> None:
        await asyncio.sleep(self.dice.uniform(*PAUSE_S))

    async def _last_id(self) -> int:
        return max(self.chats.messages[self.person.id], default=0)

    async def _see(
        self, fits: Callable[[Json], bool], after: int, patience_s: float = PATIENCE_S
    ) -> Json | None:
        await self._pause()
        return await self.chats.see(self.person.id, fits, after, patience_s)

    async def _see_button(self, prefix: str, action: str, after: int) -> Json | None:
        return await self._see(
            lambda message: any(data.endswith(f":{action}") for data in data_of(message, prefix)),
            after,
        )

    async def _see_words(self, key: str, after: int) -> Json | None:
        words = self.person.words(key, min=5, max=20, recommended=10)
        return await self._see(lambda message: words in text_of(message), after)

    def _newest_data(self, prefix: str) -> Json | None:
        return self.chats.newest(self.person.id, lambda message: bool(data_of(message, prefix)))

    async def _press_new(self, prefix: str, after: int) -> str | None:
        """Press a random button of the newest message that has some of a kind."""
        message = await self._see(lambda message: bool(data_of(message, prefix)), after)
        if message is None:
            return None
        data = self.dice.choice(data_of(message, prefix))
        await self._tap(message, data)
        return data

    async def _press_newest(self, prefix: str, action: str) -> bool:
        message = self._newest_data(prefix)
        if message is None:
            return False
        await self._press(message, prefix, action)
        return True

    async def _press(self, message: Json, prefix: str, action: str = "") -> None:
        for data in data_of(message, prefix):
            if data.endswith(action):
                await self._tap(message, data)

    async def _tap(self, message: Json, data: str) -> None:
        # Forged: the button may be gone at this very moment, and people press all the same.
        await self.person.tap(message, data, forged=True)
