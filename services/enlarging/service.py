"""What a user can do to have a picture larger."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from db.database import Database, Transaction
from services.domain.api_keys import Asking
from services.domain.press import Press
from services.domain.values import Enlargement, Generation, Model, Picture, Place
from services.errors import CreditsMissing, StaleButton
from services.fal.editors import pixels_of
from services.fal.enlargers import ENLARGERS
from services.generation.found import own_generation
from services.identifiers import new_id
from services.money.limits import Ledger
from services.money.prices import PriceList
from services.money.sales import Sales, paid_before, require_shown
from services.pictures.service import own_picture
from services.repeats import find_repeated, note_asked

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
            generation, model = await own_generation(tx, user_id, generation_id)
        pixels = pixels_of(_maker(generation, model), generation.shape, generation.size)
        usd = self._prices.enlarged_usd(self._enlarger, pixels.width_px, pixels.height_px)
        return EnlargeOffer(ENLARGERS[self._enlarger].factor, usd, self._stars(generation, model))

    async def enlarge(
        self,
        user_id: int,
        place: Place,
        picture_id: str,
        press: Press,
    ) -> Enlargement:
        """Ask for a picture to be enlarged; one that was or is being enlarged is not paid again.

        Args:
            user_id: Who asks.
            place: Where the file goes.
            picture_id: The picture.
            press: The press; handled again, it asks for nothing new.

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
            is_first = await tx.once.is_first(f"press:{press.id}")
            if before is not None and (before.failure is None or not is_first):
                if before.url is not None and is_first:
                    await tx.enlargements.tell_again(before.id, place)
                enlargement = before
            else:
                if before is not None and press.stars is None:
                    press = replace(press, stars=await paid_before(tx, before.id))
                enlargement = await self._record(tx, user_id, place, picture, press)
        self._carry(enlargement.id)
        return enlargement

    async def order(
        self, user_id: int, place: Place, picture_id: str, asking: Asking
    ) -> Enlargement:
        """Ask for a picture to be enlarged over HTTP, once however often the request comes.

        Args:
            user_id: Who asks.
            place: Where the file goes.
            picture_id: The picture.
            asking: How it is asked.

        Returns:
            The enlargement, as `enlarge` does.

        Raises:
            RequestKeyReused: The same Idempotency-Key came with another request.
            DomainError: As for `enlarge`, or the limit of the personal key.
        """
        if not self._enlarger:
            raise StaleButton
        async with self._database.transaction() as tx:
            await tx.users.lock(user_id)
            picture = await own_picture(tx, user_id, picture_id)
            known_id = await find_repeated(tx, user_id, ENLARGE, asking)
            known = await tx.enlargements.read(known_id) if known_id else None
            if known is not None:
                return known
            before = await tx.enlargements.latest_of(picture_id)
            if before is not None and before.failure is None:
                if before.url is not None:
                    await tx.enlargements.tell_again(before.id, place)
                enlargement = before
            else:
                press = Press(f"api:{new_id()}")
                enlargement = await self._record(tx, user_id, place, picture, press)
                if asking.by is not None:
                    await self._ledger.charge_key(tx, enlargement.id, asking.by)
            if known_id is None:
                await note_asked(tx, user_id, ENLARGE, asking, enlargement.id)
        self._carry(enlargement.id)
        return enlargement

    async def go_on(self, user_id: int, request: Mapping[str, Any]) -> None:
        """Order what could not be paid before; ordered already, it is not ordered again.

        Raises:
            PriceChanged: It is dearer by now.
            DomainError: As for `enlarge`.
        """
        if not self._enlarger:
            raise StaleButton
        async with self._database.transaction() as tx:
            picture = await own_picture(tx, user_id, request["picture_id"])
            stars = self._stars(*await own_generation(tx, user_id, picture.generation_id))
        require_shown(request["stars"], stars)
        place = Place(request["chat_id"], request["thread_id"])
        await self.enlarge(user_id, place, picture.id, Press(request["press"]))

    async def _record(
        self, tx: Transaction, user_id: int, place: Place, picture: Picture, press: Press
    ) -> Enlargement:
        generation, model = await own_generation(tx, user_id, picture.generation_id)
        pixels = pixels_of(_maker(generation, model), generation.shape, generation.size)
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
        require_shown(press.stars, stars)
        try:
            await self._sales.hold_pictures(tx, user_id, enlargement.id, stars, 1)
        except CreditsMissing as error:
            error.request = {
                "kind": ENLARGE,
                "picture_id": picture.id,
                "chat_id": place.chat_id,
                "thread_id": place.thread_id,
                "press": press.id,
                "stars": stars,
            }
            raise
        return enlargement

    def _stars(self, generation: Generation, model: Model | None) -> int:
        # Of what was ordered, not of the file: the price on the button is the one that is held.
        maker = _maker(generation, model)
        return self._sales.enlarged_stars(self._enlarger, maker, generation.shape, generation.size)


def _maker(generation: Generation, model: Model | None) -> str:
    return generation.editor or (model.generator if model else "")
