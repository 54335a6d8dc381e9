"""What people of a soak do with Stars besides buying: subscriptions, gifts and codes."""

import re
from collections import Counter
from dataclasses import dataclass, field

from tests.e2e.driver import Json, data_of, text_of
from tests.soak.hands import Hands
from tests.soak.stage import Stage

GIFT = re.compile(r"start=(gift_[\w-]+)")
CODES = 6
"""People try so many of the codes that the operator may have made."""


@dataclass
class Subscriber(Hands):
    """One person with a subscription, as far as Telegram tells of it.

    Attributes:
        did: How often each thing was done.
    """

    stage: Stage
    did: Counter[str] = field(default_factory=Counter)

    async def act(self) -> None:
        """Begin a subscription, have a month pass, or cancel it here or in Telegram."""
        known = (await self.stage.sandbox.ask("GET", "stars"))["subscriptions"]
        mine = [one for one in known if one["user"] == self.person.id]
        renewed = [one for one in mine if one["state"] == "active"]
        chance = self.dice.random()
        if not renewed and chance < 0.6:
            await self._begin()
        elif renewed and chance < 0.6:
            await self._does(self.dice.choice(renewed), "renew")
        elif renewed and chance < 0.7:
            await self._does(self.dice.choice(renewed), "cancel")
        elif mine and chance < 0.8:
            await self._does(self.dice.choice(mine), "restore")
        elif mine:
            await self._use_button()

    async def _begin(self) -> None:
        before = await self._last_id()
        await self.person.say("/buy")
        offer = await self._see(lambda message: bool(data_of(message, "sub-buy")), before)
        if offer is None:
            return
        await self._tap(offer, "sub-buy")
        shown = await self._see(lambda message: bool(_links(message)), before)
        if shown is not None:
            await self._ask(f"chats/{self.person.id}/pay", {"link": _links(shown)[0]}, "subscribe")

    async def _does(self, one: Json, action: str) -> None:
        path = f"subscriptions/{one['charge_id']}"
        await self._ask(path, {"action": action}, f"subscription: {action} at Telegram")

    async def _use_button(self) -> None:
        before = await self._last_id()
        await self.person.say("/balance")
        shown = await self._see(lambda message: bool(data_of(message, "sub-")), before)
        if shown is not None:
            (data, *_) = data_of(shown, "sub-")
            await self._tap(shown, data)
            self.did[f"subscription: {data.split(':')[0]}"] += 1

    async def _ask(self, path: str, body: Json, name: str) -> None:
        if await self.stage.tries("POST", path, body):
            self.did[name] += 1


@dataclass
class Giver(Hands):
    """One person who makes gifts, and redeems those of others and codes.

    Attributes:
        gifts: The codes of all gifts that anybody has made.
        did: How often each thing was done.
    """

    stage: Stage
    gifts: list[str]
    did: Counter[str] = field(default_factory=Counter)

    async def act(self) -> None:
        """Make a gift, take one back, or redeem a gift or a code, perhaps one that is used."""
        chance = self.dice.random()
        if chance < 0.4:
            await self._give()
        elif chance < 0.7 and self.gifts:
            self.did["redeem a gift"] += 1
            await self.person.say(f"/redeem {self.dice.choice(self.gifts)}")
        else:
            self.did["redeem a code"] += 1
            await self.person.say(f"/redeem SOAK{self.dice.randint(1, CODES)}")

    async def _give(self) -> None:
        before = await self._last_id()
        await self.person.say("/gift")
        shown = await self._see(lambda message: bool(data_of(message, "gift:")), before)
        if shown is None:
            return
        back = data_of(shown, "gift-back:")
        if back and self.dice.random() < 0.5:
            self.did["take a gift back"] += 1
            await self._tap(shown, self.dice.choice(back))
            return
        self.did["make a gift"] += 1
        await self._tap(shown, data_of(shown, "gift:")[0])
        made = await self._see(lambda message: bool(GIFT.search(text_of(message))), before)
        if made is not None:
            self.gifts += GIFT.findall(text_of(made))


def _links(message: Json) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["url"] for row in rows for button in row if "/$" in button.get("url", "")]
