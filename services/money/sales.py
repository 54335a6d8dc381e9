"""Where users pay: the price of what they order is held as it is ordered."""

from db.database import Transaction
from services.domain.credits import OrderKind
from services.domain.vocabulary import PictureShape, PictureSize, QualityMode
from services.errors import CreditsMissing, PriceChanged
from services.money.credits import Credits
from services.money.star_prices import StarPrices


def require_shown(shown: int | None, stars: int) -> None:
    """Return if an order costs no more than its user has been shown.

    Args:
        shown: What they have been shown; None where that was no price.
        stars: What it costs now.

    Raises:
        PriceChanged: It is dearer.
    """
    if shown is not None and stars > shown:
        raise PriceChanged(price=stars)


async def paid_before(tx: Transaction, *order_ids: str) -> int | None:
    """Return what orders cost their user together; None where one of them cost nothing."""
    orders = [await tx.orders.get(order_id) for order_id in order_ids]
    known = [order.price for order in orders if order is not None]
    return sum(known) if len(known) == len(orders) else None


class Sales:
    """Holds prices, within the transaction that makes the job.

    Only what is ordered now asks whether users pay; the end of an order looks at the order.

    Args:
        prices: What things cost in Stars; None where users pay nothing.
    """

    def __init__(self, prices: StarPrices | None = None) -> None:
        self._prices = prices
        self._credits = Credits()

    @property
    def is_on(self) -> bool:
        """Whether users pay."""
        return self._prices is not None

    def training_stars(self, trainer: str, mode: QualityMode, steps: int) -> int:
        """Return what a training costs its user; 0 where users pay nothing."""
        return self._prices.training(trainer, mode, steps) if self._prices else 0

    def picture_stars(
        self,
        generator: str,
        shape: PictureShape = PictureShape.PORTRAIT,
        size: PictureSize = PictureSize.STANDARD,
    ) -> int:
        """Return what one picture costs its user; 0 where users pay nothing."""
        return self._prices.picture(generator, shape, size) if self._prices else 0

    def enlarged_stars(
        self, enlarger: str, generator: str, shape: PictureShape, size: PictureSize
    ) -> int:
        """Return what making a picture larger costs its user; 0 where users pay nothing."""
        return self._prices.enlarged(enlarger, generator, shape, size) if self._prices else 0

    def edited_stars(self, editor: str, shape: PictureShape, size: PictureSize) -> int:
        """Return what changing a picture costs its user; 0 where users pay nothing."""
        return self._prices.edited(editor, shape, size) if self._prices else 0

    async def require(self, tx: Transaction, user_id: int, stars: int) -> None:
        """Return if a user can pay for several orders together.

        Raises:
            CreditsMissing: They cannot.
        """
        if not stars:
            return
        wallet = await self._credits.wallet(tx, user_id)
        available = wallet.available if wallet else 0
        if available < stars:
            raise CreditsMissing(price=stars, missing=stars - available)

    async def hold_training(
        self, tx: Transaction, user_id: int, training_id: str, stars: int
    ) -> None:
        """Hold the price of a training.

        Raises:
            CreditsMissing: The user has too little.
        """
        await self._hold(tx, user_id, training_id, OrderKind.TRAINING, (stars, 1))

    async def hold_pictures(
        self, tx: Transaction, user_id: int, generation_id: str, stars: int, count: int
    ) -> None:
        """Hold the price of `count` pictures at `stars` each.

        Raises:
            CreditsMissing: The user has too little.
        """
        await self._hold(tx, user_id, generation_id, OrderKind.PICTURES, (stars, count))

    async def _hold(
        self, tx: Transaction, user_id: int, order_id: str, kind: OrderKind, price: tuple[int, int]
    ) -> None:
        unit_price, units = price
        if unit_price:
            await self._credits.hold(tx, user_id, order_id, kind, unit_price, units)
