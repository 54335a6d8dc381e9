"""The operator of a soak, who gives payments back and makes codes."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from services.domain.vocabulary import Language
from tests.e2e.driver import Person
from tests.soak.stage import OPERATOR, Stage

PAUSE_S = (2.0, 6.0)
CODES_SHARE = 0.2
USES = 8


@dataclass
class Operator:
    """Refunds a random payment now and then, also one that was given back before.

    Beside that, makes promo codes: SOAK1, SOAK2 and so on.

    Attributes:
        did: How often each thing was done.
    """

    stage: Stage
    dice: random.Random
    person: Person
    did: Counter[str] = field(default_factory=Counter)

    @classmethod
    async def hired(cls, stage: Stage, dice: random.Random) -> "Operator":
        """Return the operator, whom the bot's settings name."""
        body = {"id": OPERATOR, "first_name": "Admin"}
        await stage.sandbox.ask("POST", "users", json=body)
        return cls(stage, dice, Person(stage.sandbox, OPERATOR, Language.EN))

    async def work(self) -> None:
        """Refund one payment after another, until cancelled."""
        await self.person.say("/start")
        while True:
            await asyncio.sleep(self.dice.uniform(*PAUSE_S))
            if self.dice.random() < CODES_SHARE:
                await self._make_code()
                continue
            payments = (await self.stage.sandbox.ask("GET", "stars"))["payments"]
            if payments:
                charge_id = self.dice.choice(payments)["charge_id"]
                await self.person.say(f"/refund {charge_id} asked for it")
                self.did["refund by the operator"] += 1

    async def _make_code(self) -> None:
        self.did["make a code"] += 1
        await self.person.say(f"/promo 5 {USES} 30 SOAK{self.did['make a code']}")
