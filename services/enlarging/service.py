"""What a user can do to have a picture larger."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from db.database import Database, Transaction
from services.domain.values import Enlargement, Generation, Model, Picture, Place
from services.errors import CreditsMissing, PriceChanged, StaleButton
from services.fal.endpoints import GENERATORS
from services.fal.enlargers import ENLARGERS
from services.generation.service import result_of
from services.identifiers import new_id
from services.money.limits import Ledger
from services.money.prices import PriceList
from services.money.sales import Sales
from services.pictures.service import own_picture

ENLARGE = "enlarge"
"""The kind of an order that waits for its payment: a larger picture."""


@dataclass(frozen=True)
class EnlargeOffer:
    """By how much each side of a picture grows, and what that costs in US dollars.

    `stars` is what the user pays; 0 where users pay nothing.
    """

    factor: int
    price_usd: Decimal
    stars: int = 0


class EnlargingService:
    """Use cases of enlargements.

    Args:
        database: Where they are kept.
        prices: What one costs.
        ledger: Takes the charges; an enlarged picture is one more picture.
        carry: Has an enlargement carried on, now.
        enlarger: The endpoint; empty where the operator offers none.
        sales: Holds what users pay.
    """

    def __init__(
        self,
        database: Database,
        prices: PriceList,
        ledger: Ledger,
        carry: Callable[[str], None],
        enlarger: str,
        sales: Sales | None = None,
    ) -> None:
        self._database = database
        self._prices = prices
        self._ledger = ledger
        self._carry = carry
        self._enlarger = enlarger
        self._sales = sales or Sales()

    async def offer(self, user_id: int, generation_id: str) -> EnlargeOffer | None:
        """Return what it costs to enlarge one picture of a generation; None where none is offered.

        Raises:
            NotFound: No such generation of this user.
        """
        if not self._enlarger:
            return None
        async with self._database.transaction() as tx:
            generation, model = await result_of(tx, user_id, generation_id)
        pixels = GENERATORS[model.generator].pixels(generation.shape, generation.size)
        usd = self._prices.enlarged_usd(self._enlarger, pixels.width_px, pixels.height_px)
        return EnlargeOffer(ENLARGERS[self._enlarger].factor, usd, self._stars(generation, model))

    async def enlarge(
        self, user_id: int, place: Place, picture_id: str, press: str
    ) -> Enlargement:
        """Ask for a picture to be enlarged; one that was or is being enlarged is not paid again.

        Args:
            user_id: Who asks.
            place: Where the file goes.
            picture_id: The picture.
            press: Telegram's id of the press; handled again, it asks for nothing new.

        Returns:
            The enlargement, new or not. One that has ended well is told once more.

        Raises:
            StaleButton: The operator offers no enlarger any more.
            NotFound: No such picture of this user.
            DomainError: A spending limit, see `Ledger.charge_images`, or too few Stars.
        """
        if not self._enlarger:
            raise StaleButton
        async with self._database.transaction() as tx:
            await tx.users.lock(user_id)
            picture = await own_picture(tx, user_id, picture_id)
            before = await tx.enlargements.latest_of(picture_id)
            is_first = await tx.once.is_first(f"press:{press}")
            if before is not None and (before.failure is None or not is_first):
                if before.url is not None and is_first:
                    await tx.enlargements.tell_again(before.id, place)
                enlargement = before
            else:
                enlargement = await self._record(tx, user_id, place, picture, press)
        self._carry(enlargement.id)
        return enlargement

    async def go_on(self, user_id: int, request: Mapping[str, Any]) -> None:
        """Order what could not be paid before; ordered already, it is not ordered again.

        Raises:
            PriceChanged: It costs something else by now.
            DomainError: As for `enlarge`.
        """
        if not self._enlarger:
            raise StaleButton
        async with self._database.transaction() as tx:
            picture = await own_picture(tx, user_id, request["picture_id"])
            stars = self._stars(*await result_of(tx, user_id, picture.generation_id))
        if stars != request["stars"]:
            raise PriceChanged(price=stars)
        place = Place(request["chat_id"], request["thread_id"])
        await self.enlarge(user_id, place, picture.id, request["press"])

    async def _record(
        self, tx: Transaction, user_id: int, place: Place, picture: Picture, press: str
    ) -> Enlargement:
        generation, model = await result_of(tx, user_id, picture.generation_id)
        pixels = GENERATORS[model.generator].pixels(generation.shape, generation.size)
        width_px, height_px = picture.width or pixels.width_px, picture.height or pixels.height_px
        enlargement = Enlargement(
            id=new_id(),
            user_id=user_id,
            chat_id=place.chat_id,
            message_thread_id=place.thread_id,
            picture_id=picture.id,
            enlarger=self._enlarger,
            price_usd=self._prices.enlarged_usd(self._enlarger, width_px, height_px),
        )
        await tx.enlargements.add(enlargement)
        await self._ledger.charge_images(
            tx, enlargement.id, user_id, 1, enlargement.price_usd or Decimal(0)
        )
        stars = self._stars(generation, model)
        try:
            await self._sales.hold_pictures(tx, user_id, enlargement.id, stars, 1)
        except CreditsMissing as error:
            error.request = {
                "kind": ENLARGE,
                "picture_id": picture.id,
                "chat_id": place.chat_id,
                "thread_id": place.thread_id,
                "press": press,
                "stars": stars,
            }
            raise
        return enlargement

    def _stars(self, generation: Generation, model: Model) -> int:
        # Of what was ordered, not of the file: the price on the button is the one that is held.
        return self._sales.enlarged_stars(
            self._enlarger, model.generator, generation.shape, generation.size
        )
