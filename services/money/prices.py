"""What a training and a picture cost, in US dollars."""

import logging
from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal

from services.domain.vocabulary import PictureShape, PictureSize
from services.errors import FalError
from services.fal.editors import EDITORS
from services.fal.endpoints import FAST_TRAINING, FLUX_LORA, GENERATORS, TRAINERS
from services.fal.enlargers import ENLARGERS
from services.fal.gateway import FalGateway, UnitPrice

logger = logging.getLogger(__name__)

REFRESH_S = 24 * 3600.0
RETRY_S = 3600.0

STEP_UNITS: Mapping[str, Decimal] = {
    "step": Decimal(1),
    "steps": Decimal(1),
    "1000 steps": Decimal(1000),
    "1k steps": Decimal(1000),
    "thousand steps": Decimal(1000),
}
"""How many steps one unit of fal's price list is. Which unit fal names for trainers is not known,
so every likely one is understood and any other leaves the operator's price in force."""

MEGAPIXEL_UNITS = frozenset({"megapixel", "megapixels", "mp"})
IMAGE_UNITS = frozenset({"image", "images"})


TOO_HIGH = 5
"""A listed training price this many times the known one is in another unit than it says:
fal's list has been seen to name 0.02 USD a "step" for a trainer that its page prices at 2 USD per
1000. Taken at its word it would frighten users and use up the day's budget at once."""


class PriceList:
    """Prices by endpoint: fal's own where they are usable, those of the tables elsewhere.

    Args:
        fal: Where fal's price list comes from.
        training_usd: Price of 1000 steps of fast-training when fal does not tell.
        image_usd: Price of a megapixel of flux-lora when fal does not tell.
    """

    def __init__(self, fal: FalGateway, training_usd: Decimal, image_usd: Decimal) -> None:
        self._fal = fal
        self._operators = {FAST_TRAINING: training_usd, FLUX_LORA: image_usd}
        self._listed: dict[str, UnitPrice] = {}

    async def refresh(self) -> float:
        """Read fal's price list.

        The edit models, whose names change by the month, are asked for apart: an unknown one would
        cost us the prices of all.

        Returns:
            Seconds until it should be read again. A list that cannot be read changes nothing.
        """
        delay_s = REFRESH_S
        for endpoints in ([*TRAINERS, *GENERATORS, *ENLARGERS], [*EDITORS]):
            try:
                prices = await self._fal.unit_prices(endpoints)
            except FalError as error:
                logger.info("fal's prices cannot be read now (%s)", error)
                delay_s = RETRY_S
            else:
                for endpoint in endpoints:
                    self._listed.pop(endpoint, None)
                self._listed |= {price.endpoint: price for price in prices}
        return delay_s

    def training_usd(self, trainer: str, steps: int) -> Decimal:
        """Return the price of a training; it scales with the steps."""
        known = TRAINERS[trainer].usd_per_1000_steps
        listed = self._listed.get(trainer)
        if listed is not None and listed.unit in STEP_UNITS:
            per_1000 = listed.usd * 1000 / STEP_UNITS[listed.unit]
            if per_1000 < known * TOO_HIGH:
                return per_1000 * steps / 1000
        return self._operators.get(trainer, known) * steps / 1000

    def image_usd(
        self,
        generator: str,
        shape: PictureShape = PictureShape.PORTRAIT,
        size: PictureSize = PictureSize.STANDARD,
    ) -> Decimal:
        """Return the price of one picture of a shape and size, megapixels rounded up."""
        row = GENERATORS[generator]
        known = self._operators.get(generator, row.usd_per_megapixel)
        return self._of_size(generator, known, row.megapixels(shape, size))

    def enlarged_usd(self, enlarger: str, width_px: int, height_px: int) -> Decimal:
        """Return the price of making a picture of this size larger, megapixels rounded up."""
        row = ENLARGERS[enlarger]
        return self._of_size(enlarger, row.usd_per_megapixel, row.megapixels(width_px, height_px))

    def edited_usd(
        self,
        editor: str,
        shape: PictureShape = PictureShape.PORTRAIT,
        size: PictureSize = PictureSize.STANDARD,
    ) -> Decimal:
        """Return the price of changing a picture of a shape and size."""
        row = EDITORS[editor]
        megapixels = row.megapixels(shape, size) if row.is_by_size else Decimal(1)
        return self._of_size(editor, row.usd, megapixels)

    def _of_size(self, endpoint: str, known: Decimal, megapixels: Decimal) -> Decimal:
        listed = self._listed.get(endpoint)
        if listed is not None and listed.unit in IMAGE_UNITS:
            return listed.usd
        if listed is not None and listed.unit in MEGAPIXEL_UNITS:
            known = listed.usd
        return known * megapixels.to_integral_value(ROUND_CEILING)
