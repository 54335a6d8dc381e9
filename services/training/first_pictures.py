"""Compares the first pictures of a model with the photos that it was trained on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from db.database import Database, Transaction
from services.domain.values import Generation, Measured, Model, Picture
from services.errors import FalError
from services.training.coach import Coach

logger = logging.getLogger(__name__)

COMPARE_WITHIN_S = 120.0
"""For all pictures of a model; then they are sent without a word about their likeness. Twenty
photos that have to be fetched and looked at once more take some ten seconds."""


class FirstPictures:
    """Finds out which strength makes a new model most alike.

    Args:
        database: Where models and pictures are kept.
        coach: Compares faces.
        fetch: Returns the bytes of a picture, and raises as `FalGateway.download`.
        measured: Is told of each model whose likeness is known now, once it is committed.
    """

    def __init__(
        self,
        database: Database,
        coach: Coach,
        fetch: Callable[[Picture], Awaitable[bytes]],
        measured: Callable[[Measured], None] | None = None,
    ) -> None:
        self._database = database
        self._coach = coach
        self._fetch = fetch
        self._measured = measured

    async def compare(self, generation_id: str) -> None:
        """Compare all pictures of a generation and its pack, once; keep what the best has shown.

        What cannot be compared now is not compared at all: nobody waits for it.
        """
        async with self._database.transaction() as tx:
            found = await _read(tx, generation_id)
        if found is None:
            return
        pack, model, pictures = found
        try:
            async with asyncio.timeout(COMPARE_WITHIN_S):
                for picture in pictures:
                    if picture.has_face is None and not picture.is_flagged:
                        await self._compare(model, picture)
        except TimeoutError:
            logger.warning("the first pictures of model %s took too long to compare", model.id)
        async with self._database.transaction() as tx:
            measured = await _keep_best(tx, pack, model)
        if measured is not None and self._measured is not None:
            self._measured(measured)

    async def _compare(self, model: Model, picture: Picture) -> None:
        try:
            data = await self._fetch(picture)
        except FalError as error:
            logger.info("picture %s is not compared: %s", picture.id, type(error).__name__)
            return
        likeness = await self._coach.likeness(model.training_id, data)
        if likeness is not None:
            async with self._database.transaction() as tx:
                await tx.pictures.note_likeness(picture.id, likeness)


async def _read(
    tx: Transaction, generation_id: str
) -> tuple[list[Generation], Model, list[Picture]] | None:
    generation = await tx.generations.read(generation_id)
    model = await tx.models.get(generation.model_id) if generation else None
    if generation is None or model is None:
        return None
    pack = list(await tx.generations.pack_of(generation))
    return pack, model, [picture for one in pack for picture in await tx.pictures.all_of(one.id)]


async def _keep_best(tx: Transaction, pack: list[Generation], model: Model) -> Measured | None:
    pictures = [picture for one in pack for picture in await tx.pictures.all_of(one.id)]
    alike = [(one.likeness, one.generation_id) for one in pictures if one.likeness is not None]
    training = await tx.trainings.read(model.training_id)
    if not alike or training is None:
        return None
    percent, generation_id = max(alike, key=lambda one: one[0])
    scales = {one.id: one.lora_scale for one in pack}
    # One strength alone has been compared with nothing.
    scale = scales[generation_id] if len({scales[of] for _, of in alike}) > 1 else None
    if not await tx.models.note_likeness(model.id, percent, scale):
        return None
    return Measured(model.trainer, training.mode, percent)
