"""The first picture of a new model, which nobody has to ask for."""

import logging
from collections.abc import Callable

from db.database import Transaction
from services.domain.values import Model, Training
from services.domain.vocabulary import Purpose, Subject
from services.errors import DomainError
from services.generation.options import new_seed
from services.identifiers import new_id
from services.money.limits import Ledger
from services.money.prices import PriceList

logger = logging.getLogger(__name__)

PROMPTS = {
    Subject.WOMAN: "portrait photo of a woman, soft natural light, plain background",
    Subject.MAN: "portrait photo of a man, soft natural light, plain background",
    Subject.PERSON: "portrait photo of a person, soft natural light, plain background",
}
"""What a first picture shows: the face as it is, with nothing to flatter or disguise it."""


class Previews:
    """Orders the first pictures of models.

    Args:
        count: How many (0-4); 0 for none.
        prices: What they cost.
        ledger: Takes their charge.
        carry: Has them carried on, once they are recorded.
    """

    def __init__(
        self, count: int, prices: PriceList, ledger: Ledger, carry: Callable[[str], None]
    ) -> None:
        self._count = count
        self._prices = prices
        self._ledger = ledger
        self.carry = carry

    async def order(self, tx: Transaction, training: Training, model: Model) -> str | None:
        """Record the first pictures of a model that a training has just made.

        Returns:
            The id of their generation; None where they are not wanted, or where a spending limit
            does not allow them.
        """
        user = await tx.users.get(training.user_id)
        if not self._count or user is None or not user.wants_preview:
            return None
        generation_id = new_id()
        usd = self._prices.image_usd(model.generator) * self._count
        try:
            await self._ledger.charge_images(tx, generation_id, user.id, self._count, usd)
        except DomainError as error:
            logger.info("training %s brings no first picture: %s", training.id, error)
            return None
        row = {
            "id": generation_id,
            "user_id": user.id,
            "chat_id": training.chat_id,
            "message_thread_id": training.message_thread_id,
            "model_id": model.id,
            "origin": f"preview:{training.id}",
            "prompt": PROMPTS[model.subject],
            "english": PROMPTS[model.subject],
            "purpose": Purpose.PREVIEW,
            "picture_count": self._count,
            "price_usd": usd,
            "seed": new_seed(),
        }
        await tx.generations.record(row)
        return generation_id
