"""What the tests of Telegram Stars share: an invoice, a purchase, the bot's answers."""

from typing import Any

from aiogram import Bot
from aiogram.types import LabeledPrice, Message, PreCheckoutQuery

from tests.sandbox.telegram.clients import USER, Drain, Json, Person

PERIOD_S = 2_592_000


class Till:
    """A bot that sells and a person who buys."""

    def __init__(self, bot: Bot, person: Person, drain: Drain) -> None:
        self.bot = bot
        self.person = person
        self.drain = drain

    async def bill(self, amount: int = 12, payload: str = "order 1", start: str = "") -> Message:
        """The bot sends an invoice."""
        return await self.bot.send_invoice(
            USER,
            title="Twelve credits",
            description="For one picture",
            payload=payload,
            currency="XTR",
            prices=[LabeledPrice(label="Credits", amount=amount)],
            provider_token="",
            start_parameter=start,
        )

    async def link(self, amount: int = 100, period_s: int = PERIOD_S) -> str:
        """The bot makes a link, by default to a subscription."""
        return await self.bot.create_invoice_link(
            title="Every month",
            description="A hundred credits each month",
            payload="monthly",
            currency="XTR",
            prices=[LabeledPrice(label="Credits", amount=amount)],
            subscription_period=period_s or None,
        )

    async def confirm(
        self, what: Message | str, expect: int = 201, /, user: int = USER, **more: object
    ) -> list[Json]:
        """The person presses Pay and Confirm."""
        named = {"link": what} if isinstance(what, str) else {"message_id": what.message_id}
        path = f"chats/{user}/pay"
        answer = await self.person.ask("POST", path, expect, json={**named, **more})
        found: list[Json] = answer.get("checkouts", [])
        return found

    async def query(self) -> PreCheckoutQuery:
        """The one question that waits for the bot."""
        (update,) = await self.drain(self.bot)
        query: PreCheckoutQuery = update.pre_checkout_query
        return query

    async def buy(self, what: Message | str, user: int = USER, **more: object) -> list[Any]:
        """The person pays and the bot approves; gives the updates that come of it."""
        await self.confirm(what, user=user, **more)
        await self.approve()
        return await self.drain(self.bot)

    async def approve(self) -> None:
        """The bot approves every payment it is asked about."""
        for update in await self.drain(self.bot):
            assert update.pre_checkout_query is not None
            assert await self.bot.answer_pre_checkout_query(update.pre_checkout_query.id, ok=True)

    async def state(self, checkout: Json) -> Json:
        """How a checkout stands."""
        return await self.person.ask("GET", f"checkouts/{checkout['id']}")

    async def stars(self, user: int = USER) -> int:
        """The play Stars of a person."""
        users = (await self.person.ask("GET", "state"))["users"]
        return next(int(found["stars"]) for found in users if found["id"] == user)

    async def give(self, stars: int, user: int = USER) -> None:
        """Set the play Stars of a person."""
        await self.person.ask("PATCH", f"users/{user}", json={"stars": stars})

    async def scenario(self, **fields: object) -> None:
        """Put something out of order at Telegram."""
        await self.person.ask("PUT", "telegram/scenario", json=fields)

    async def records(self) -> Json:
        """Everything that Telegram remembers of payments."""
        return await self.person.ask("GET", "stars")
