"""The first pictures of a new model, which nobody has to ask for."""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from db.database import Transaction
from services.domain.values import Model, Training
from services.domain.vocabulary import PictureOption, Purpose, Subject
from services.errors import DomainError
from services.fal.endpoints import GENERATORS
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


STRENGTHS = (1.0, 1.2, 0.8, 0.9)
"""LoRA scales of first pictures that are compared with the photos. For a person, practice stays
between 0.8 and 1.2; the first is the one that the weights were trained with."""


class Previews:
    """Orders the first pictures of models.

    Args:
        count: How many (0-4); 0 for none.
        prices: What they cost.
        ledger: Takes their charge.
        carry: Has them carried on, once they are recorded.
        compares: Whether they will be compared with the photos, so that it is worth making each
            with a strength of its own.
    """

    def __init__(
        self,
        count: int,
        prices: PriceList,
        ledger: Ledger,
        carry: Callable[[str], None],
        *,
        compares: bool = False,
    ) -> None:
        self._count = count
        self._prices = prices
        self._ledger = ledger
        self._compares = compares
        self.carry = carry

    async def order(self, tx: Transaction, training: Training, model: Model) -> Sequence[str]:
        """Record the first pictures of a model that a training has just made.

        Returns:
            The ids of their generations; none where they are not wanted. A spending limit leaves
            out those that it does not allow.
        """
        user = await tx.users.get(training.user_id)
        if not self._count or user is None or not user.wants_preview:
            return ()
        scales: Sequence[float] = STRENGTHS[:1]
        if self._compares and PictureOption.SCALE in GENERATORS[model.generator].takes:
            scales = STRENGTHS[: self._count]
        ids = []
        for number, scale in enumerate(scales):
            row = self._row(training, model, scale, self._count // len(scales))
            if len(scales) > 1:
                row |= {"pack": row["origin"], "origin": f"{row['origin']}:{number}"}
            charge = row["id"], user.id, row["picture_count"], row["price_usd"]
            try:
                await self._ledger.charge_images(tx, *charge)
            except DomainError as error:
                logger.info("training %s: %s first pictures: %s", training.id, number, error)
                break
            await tx.generations.record(row)
            ids.append(row["id"])
        return ids

    def _row(self, training: Training, model: Model, scale: float, count: int) -> dict[str, Any]:
        return {
            "id": new_id(),
            "user_id": training.user_id,
            "chat_id": training.chat_id,
            "message_thread_id": training.message_thread_id,
            "model_id": model.id,
            "origin": f"preview:{training.id}",
            "prompt": PROMPTS[model.subject],
            "english": PROMPTS[model.subject],
            "purpose": Purpose.PREVIEW,
            "picture_count": count,
            "lora_scale": scale,
            "price_usd": self._prices.image_usd(model.generator) * count,
            # Each has its own: a lost submit is known by words and seed.
            "seed": new_seed(),
        }
