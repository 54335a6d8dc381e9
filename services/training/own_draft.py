"""The owner of a draft or training, who alone may touch it."""

from db.database import Transaction
from services.domain.values import Draft, Training
from services.errors import NotFound, StaleButton


async def own_draft(tx: Transaction, user_id: int, training_id: str) -> Draft:
    """Return a draft to its owner, who is at work on it: the time it is kept for starts again.

    Raises:
        NotFound: There is no such training, or it is somebody else's.
        StaleButton: It is no draft any more.
    """
    draft = await tx.drafts.lock(training_id)
    if draft is None or draft.user_id != user_id:
        await own_training(tx, user_id, training_id)
        raise StaleButton
    await tx.drafts.touch(training_id)
    return draft


async def own_training(tx: Transaction, user_id: int, training_id: str) -> Training:
    """Return a training to its owner.

    Raises:
        NotFound: There is no such training, or it is somebody else's.
    """
    training = await tx.trainings.read(training_id)
    if training is None or training.user_id != user_id:
        raise NotFound
    return training
