"""What a user can do with their models."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from db.database import Database, Transaction
from services.deletion.order import Order
from services.domain.deletion import Deletion, Receipt
from services.domain.loans import Borrowed
from services.domain.values import Model, Place, Training
from services.domain.vocabulary import PhotoState
from services.errors import LoanOver, NotFound
from services.lending.holding import by_public_id, end_of_model
from services.money.limits import Ledger
from services.rules import TrainingRules
from services.training.model_name import model_name

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ModelCard:
    """A model with the training that made it, the photos it was made of and what it has made.

    `is_lent` says that it is lent or offered to others now.
    """

    model: Model
    training: Training
    photo_count: int
    picture_count: int
    is_lent: bool = False


class ModelService:
    """Use cases of trained models.

    Args:
        database: Where they are kept.
        ledger: Takes back the charges of what fal never got.
        carry_deletion: Has a deletion carried on, now.
        erases: Whether what fal keeps of the requests is deleted there, too.
        rules: Say how prompts begin, by which lost submits are known.
    """

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        carry_deletion: Callable[[str], None],
        *,
        erases: bool = False,
        rules: TrainingRules | None = None,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._carry_deletion = carry_deletion
        self._erases = erases
        self._rules = rules or TrainingRules()

    async def all_of(self, user_id: int) -> Sequence[Model]:
        """Return the user's models, newest first."""
        async with self._database.transaction() as tx:
            active = await tx.models.active_of(user_id)
            return [_seen(one, active) for one in await tx.models.all_of(user_id)]

    async def borrowed(self, user_id: int) -> Sequence[Borrowed]:
        """Return the models of others that the user can make pictures with, newest first."""
        async with self._database.transaction() as tx:
            return [one for one in await tx.loans.of_borrower(user_id) if one.is_usable]

    async def has_any(self, user_id: int) -> bool:
        """Return whether the user has a model to make pictures with."""
        async with self._database.transaction() as tx:
            return await tx.models.active_of(user_id) is not None

    async def card(self, user_id: int, model_id: str) -> ModelCard:
        """Return what the card of a model says.

        Raises:
            NotFound: No such model of this user.
        """
        async with self._database.transaction() as tx:
            return await _card(tx, await _own(tx, user_id, model_id))

    async def of_training(self, user_id: int, training_id: str) -> Model:
        """Return the model that a training has made.

        Raises:
            NotFound: No such model of this user.
        """
        async with self._database.transaction() as tx:
            model = await tx.models.of_training(training_id)
            if model is None or model.user_id != user_id:
                raise NotFound
            return model

    async def called(self, user_id: int, public_id: str) -> Model:
        """Return a model by what programs call it: its training, or the loan of a borrowed one.

        Raises:
            NotFound: No such model of this user.
        """
        async with self._database.transaction() as tx:
            return await by_public_id(tx, user_id, public_id)

    async def activate(self, user_id: int, model_id: str) -> Model:
        """Make a model the active one; a borrowed one is called by the id of its loan.

        Raises:
            NotFound: No such model of this user.
            LoanOver: It was borrowed, and can't be used any more.
        """
        async with self._database.transaction() as tx:
            for one in await tx.loans.of_borrower(user_id):
                if one.loan.id == model_id:
                    return await _borrow(tx, user_id, one)
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

    async def delete(
        self, user_id: int, model_id: str, place: Place
    ) -> tuple[Model, Deletion, Receipt]:
        """Remove a model with its training, photos and pictures.

        Jobs at fal are stopped and old messages cleared behind this. The newest of the other
        models becomes active if this one was. Charges stay, but for what fal never got.

        Args:
            user_id: Whose model it is.
            model_id: The model.
            place: Where it was asked for; a job that cannot be stopped is told of there.

        Returns:
            The model as it was, what was deleted with it, and what there is to tell now.

        Raises:
            NotFound: No such model of this user.
        """
        async with self._database.transaction() as tx:
            user = await tx.users.lock(user_id)
            model = await _own(tx, user_id, model_id)
            await tx.loans.lock_all_of(user_id)
            await end_of_model(tx, model)
            order = Order(tx, self._ledger, self._rules.opening, erases=self._erases)
            # As for all that is deleted, see `PrivacyService.forget`.
            for training in await _trainings_of(tx, model):
                await tx.trainings.lock(training.id)
            await tx.generations.lock_of_model(model.id)
            await tx.enlargements.lock_of_model(model.id)
            trainings = await _trainings_of(tx, model)
            await order.trainings(trainings)
            order.model(model)
            order.pictures(await tx.pictures.count_of_model(model.id))
            await order.generations(await tx.generations.all_of(model.id))
            await order.enlargements(await tx.enlargements.all_of_model(model.id))
            deletion, receipt = await order.place(user_id, user.language, place)
            await _remove(tx, model, trainings)
        logger.info("model %s is deleted; what is left is deletion %s", model_id, deletion.id)
        self._carry_deletion(deletion.id)
        return model, deletion, receipt


async def _borrow(tx: Transaction, user_id: int, one: Borrowed) -> Model:
    await tx.users.lock(user_id)
    if not one.is_usable:
        raise LoanOver
    await tx.loans.activate(user_id, one.loan.id)
    return one.model


def _seen(model: Model, active: Model | None) -> Model:
    """Return a model of the user's own, which is not active while a borrowed one is."""
    return replace(model, active=active is not None and active.id == model.id)


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
        _seen(model, await tx.models.active_of(model.user_id)),
        training,
        photo_count=await tx.photos.count(training.id, PhotoState.ACCEPTED),
        picture_count=await tx.pictures.count_of_model(model.id),
        is_lent=any(loan.is_standing for loan in await tx.loans.of_model(model.id)),
    )


async def _trainings_of(tx: Transaction, model: Model) -> list[Training]:
    # The failed tries before its training hold the same photos.
    trainings: list[Training] = []
    training_id: str | None = model.training_id
    while training_id is not None and (training := await tx.trainings.read(training_id)):
        trainings.append(training)
        training_id = training.retry_of
    return trainings


async def _remove(tx: Transaction, model: Model, trainings: Iterable[Training]) -> None:
    for training in trainings:
        await tx.trainings.remove(training.id)
    others = await tx.models.all_of(model.user_id)
    if model.active and others:
        await tx.models.activate(others[0])
