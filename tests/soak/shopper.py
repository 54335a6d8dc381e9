"""What people of a soak do with Stars: buy, pay, pay again, and get money back from Telegram."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from tests.e2e.driver import Json, data_of
from tests.soak.hands import Hands
from tests.soak.market import Giver, Subscriber
from tests.soak.stage import Stage

POCKET = 100_000
"""Play Stars that a person has: who pays wants no more than that."""

PAUSE_S = (0.5, 4.0)


@dataclass
class Shopper(Hands):
    """Shops beside a walker, in the same chat, until cancelled.

    Attributes:
        gifts: The codes of all gifts that anybody has made.
        did: How often each thing was done.
    """

    stage: Stage
    gifts: list[str] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)

    async def shop(self) -> None:
        """Buy packs, pay what orders lack, and now and then have something given back."""
        common = (self.person, self.chats, self.dice, self.stage)
        subscriber, giver = Subscriber(*common, self.did), Giver(*common, self.gifts, self.did)
        await self.stage.tries("PATCH", f"users/{self.person.id}", {"stars": POCKET})
        while self._newest_data("pack-buy:") is None:
            await self.person.say("/buy")
            await self._see(lambda message: bool(data_of(message, "pack-buy:")), 0)
        while True:
            await asyncio.sleep(self.dice.uniform(*PAUSE_S))
            chance = self.dice.random()
            if chance < 0.25:
                await self._buy()
            elif chance < 0.65:
                await self._pay(self._bill())
            elif chance < 0.75:
                await self._pay(self._bill(is_paid=True), again=True)
            elif chance < 0.8:
                await self._get_back()
            elif chance < 0.92:
                await subscriber.act()
            else:
                await giver.act()

    async def _buy(self) -> None:
        packs = self._newest_data("pack-buy:")
        if packs is None:
            return
        before = await self._last_id()
        await self._tap(packs, self.dice.choice(data_of(packs, "pack-buy:")))
        self.did["buy a pack"] += 1
        await self._pay(await self._see(lambda message: "invoice" in message, before))

    def _bill(self, *, is_paid: bool = False) -> Json | None:
        return self.chats.newest(
            self.person.id,
            lambda message: "invoice" in message and ("receipt_message_id" in message) == is_paid,
        )

    async def _pay(self, bill: Json | None, *, again: bool = False) -> None:
        if bill is None:
            return
        body = {"message_id": bill["message_id"], "again": again}
        if await self.stage.tries("POST", f"chats/{self.person.id}/pay", body):
            self.did["pay again" if again else "pay"] += 1

    async def _get_back(self) -> None:
        """Have Telegram give a payment back, as after a chargeback; the bot may not be told."""
        known = (await self.stage.sandbox.ask("GET", "stars"))["payments"]
        mine = [one for one in known if one["user"] == self.person.id and not one["refunded"]]
        if not mine:
            return
        charge_id, body = self.dice.choice(mine)["charge_id"], {"notice": self.dice.random() < 0.7}
        if await self.stage.tries("POST", f"payments/{charge_id}/refund", body):
            self.did["refund from outside"] += 1
