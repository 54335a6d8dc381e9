"""Compares pictures with the photos that their model was trained on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from db.database import Database, Transaction
from services.domain.values import Generation, Measured, Model, Picture
from services.domain.vocabulary import Purpose
from services.errors import FalError
from services.training.coach import Coach

logger = logging.getLogger(__name__)

COMPARE_WITHIN_S = 120.0
"""For all pictures of a result; then nothing is said of their likeness. Twenty photos that have to
be fetched and looked at once more take some ten seconds."""


class Comparing:
    """Finds out how much pictures are like their person, and which strength is best for a model.

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

    async def compare(self, generation_id: str) -> bool:
        """Compare those pictures of a generation and its pack that were not compared yet.

        Returns:
            Whether something is known now that was not.
        """
        async with self._database.transaction() as tx:
            found = await _read(tx, generation_id)
        if found is None:
            return False
        _, model, pictures = found
        unknown = [one for one in pictures if one.has_face is None and not one.is_flagged]
        has_found = False
        try:
            async with asyncio.timeout(COMPARE_WITHIN_S):
                for picture in unknown:
                    has_found |= await self._compare(model, picture)
        except TimeoutError:
            logger.warning("pictures of model %s took too long to compare", model.id)
        return has_found

    async def compare_before(self, generation_id: str) -> None:
        """Compare what is about to be sent: first pictures of a model, or a changed one.

        What cannot be compared now is not waited for.
        """
        async with self._database.transaction() as tx:
            generation = await tx.generations.read(generation_id)
        if generation is not None and generation.purpose is Purpose.PREVIEW:
            await self.compare_first(generation_id)
        else:
            await self.compare(generation_id)

    async def compare_first(self, generation_id: str) -> None:
        """Compare the first pictures of a model, and keep what the best has shown, once.

        What cannot be compared now is not waited for.
        """
        await self.compare(generation_id)
        async with self._database.transaction() as tx:
            found = await _read(tx, generation_id)
            if found is None:
                return
            pack, model, _ = found
            measured = await _keep_best(tx, pack, model)
        if measured is not None and self._measured is not None:
            self._measured(measured)

    async def _compare(self, model: Model, picture: Picture) -> bool:
        try:
            data = await self._fetch(picture)
        except FalError as error:
            logger.info("picture %s is not compared: %s", picture.id, type(error).__name__)
            return False
        likeness = await self._coach.likeness(model.training_id, data)
        if likeness is not None:
            async with self._database.transaction() as tx:
                await tx.pictures.note_likeness(picture.id, likeness)
        return likeness is not None


async def _read(
    tx: Transaction, generation_id: str
) -> tuple[list[Generation], Model, list[Picture]] | None:
    generation = await tx.generations.read(generation_id)
    model = await tx.models.get(generation.model_id) if generation else None
    # Nobody learns from a comparison what is in the photos of a model that is lent; and which of
    # two faces is whose cannot be told.
    if generation is None or model is None or generation.is_borrowed or generation.is_of_two:
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
