"""What users mean: one of their generations, and the model of the next one."""

from db.database import Transaction
from services.domain.values import Generation, Model
from services.errors import NoModelYet, NotFound, StillTraining
from services.lending.holding import by_public_id


async def result_of(tx: Transaction, user_id: int, generation_id: str) -> tuple[Generation, Model]:
    """Return a generation of the user, and its model.

    Raises:
        NotFound: No such generation of this user, or it has no model.
    """
    result, model = await own_generation(tx, user_id, generation_id)
    if model is None:
        raise NotFound
    return result, model


async def own_generation(
    tx: Transaction, user_id: int, generation_id: str
) -> tuple[Generation, Model | None]:
    """Return a generation of the user, and its model where it has one.

    Raises:
        NotFound: No such generation of this user.
    """
    result = await tx.generations.read(generation_id)
    if result is None or result.user_id != user_id:
        raise NotFound
    return result, await tx.models.get(result.model_id)


async def active_model(tx: Transaction, user_id: int) -> Model:
    """Return the model that a user generates with.

    Raises:
        NoModelYet: There is nothing to generate with.
        StillTraining: There will be, once a training is done.
    """
    model = await tx.models.active_of(user_id)
    if model is not None:
        return model
    for training in await tx.trainings.under_way_of(user_id):
        raise StillTraining(name=training.name)
    raise NoModelYet


async def model_for(tx: Transaction, user_id: int, training_id: str | None) -> Model:
    """Return the model that a program names by its training or loan, else the active one.

    Raises:
        NotFound: No such model of this user.
        NoModelYet: There is nothing to generate with.
        StillTraining: There will be, once a training is done.
    """
    if training_id is None:
        return await active_model(tx, user_id)
    return await by_public_id(tx, user_id, training_id)
