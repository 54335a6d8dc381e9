"""What a user can do with their models."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from db.database import Database, Transaction
from services.announcer import Announcer
from services.domain.values import Model, Training
from services.domain.vocabulary import PhotoState
from services.errors import NotFound
from services.fal.gateway import FalGateway
from services.jobs.at_fal import stop_at_fal
from services.money.limits import Ledger
from services.training.model_name import model_name

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ModelCard:
    """A model with the training that made it, the photos it was made of and what it has made."""

    model: Model
    training: Training
    photo_count: int
    picture_count: int


class ModelService:
    """Use cases of trained models.

    Args:
        database: Where they are kept.
        fal: Where pictures of a deleted model are stopped.
        ledger: Takes back the charges of those that fal never got.
        announcer: Takes away the messages that they are under way.
    """

    def __init__(
        self, database: Database, fal: FalGateway, ledger: Ledger, announcer: Announcer
    ) -> None:
        self._database = database
        self._fal = fal
        self._ledger = ledger
        self._announcer = announcer

    async def all_of(self, user_id: int) -> Sequence[Model]:
        """Give the user's models, newest first."""
        async with self._database.transaction() as tx:
            return await tx.models.all_of(user_id)

    async def has_any(self, user_id: int) -> bool:
        """Return whether the user has a model to make pictures with."""
        async with self._database.transaction() as tx:
            return await tx.models.active_of(user_id) is not None

    async def card(self, user_id: int, model_id: str) -> ModelCard:
        """Give what the card of a model says.

        Raises:
            NotFound: No such model of this user.
        """
        async with self._database.transaction() as tx:
            return await _card(tx, await _own(tx, user_id, model_id))

    async def activate(self, user_id: int, model_id: str) -> Model:
        """Make a model the active one.

        Raises:
            NotFound: No such model of this user.
        """
        async with self._database.transaction() as tx:
            model = await _own(tx, user_id, model_id)
            return await tx.models.activate(model)

    async def rename(self, user_id: int, model_id: str, name: str) -> ModelCard:
        """Call a model something else; its trigger word stays, as it is trained into the LoRA.

        Raises:
            NotFound: No such model of this user.
            InvalidName: Empty, or longer than 40 characters.
        """
        async with self._database.transaction() as tx:
            await _own(tx, user_id, model_id)
            return await _card(tx, await tx.models.rename(model_id, model_name(name)))

    async def delete(self, user_id: int, model_id: str) -> Model:
        """Remove a model with its training, photos and pictures, and stop those being made.

        The newest of the other models becomes active if this one was. Charges stay.

        Raises:
            NotFound: No such model of this user.
        """
        async with self._database.transaction() as tx:
            model = await _own(tx, user_id, model_id)
            under_way = await tx.generations.untold_of(model.id)
        for generation in under_way:
            # While there is a row that knows the message.
            await self._announcer.generation_settled(generation.id)
        async with self._database.transaction() as tx:
            model = await _own(tx, user_id, model_id)
            under_way = await tx.generations.untold_of(model.id)
            for generation in under_way:
                if generation.submit_started_at is None:
                    await self._ledger.release(tx, generation.id)
            await _remove(tx, model)
        logger.info("model %s is deleted", model_id)
        await stop_at_fal(self._fal, under_way)
        return model


async def _own(tx: Transaction, user_id: int, model_id: str) -> Model:
    await tx.users.lock(user_id)
    model = await tx.models.get(model_id)
    if model is None or model.user_id != user_id:
        raise NotFound
    return model


async def _card(tx: Transaction, model: Model) -> ModelCard:
    training = await tx.trainings.read(model.training_id)
    if training is None:
        raise NotFound
    return ModelCard(
        model,
        training,
        photo_count=await tx.photos.count(training.id, PhotoState.ACCEPTED),
        picture_count=await tx.pictures.count_of_model(model.id),
    )


async def _remove(tx: Transaction, model: Model) -> None:
    # The failed tries before its training hold the same photos.
    training_id: str | None = model.training_id
    while training_id is not None and (training := await tx.trainings.get(training_id)):
        training_id = training.retry_of
        await tx.trainings.remove(training)
    await tx.flush()
    others = await tx.models.all_of(model.user_id)
    if model.active and others:
        await tx.models.activate(others[0])
