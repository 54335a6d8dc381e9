"""Deleting everything of a user."""

import logging
from collections.abc import Callable

from db.database import Database
from services.deletion.order import Order
from services.domain.deletion import Receipt
from services.domain.values import Consent, Place
from services.money.limits import Ledger

logger = logging.getLogger(__name__)


class PrivacyService:
    """Use case of leaving without a trace.

    Args:
        database: Where everything is kept.
        ledger: Releases the charges for what fal never got.
        carry: Has a deletion carried on, now.
    """

    def __init__(self, database: Database, ledger: Ledger, carry: Callable[[str], None]) -> None:
        self._database = database
        self._ledger = ledger
        self._carry = carry

    async def consent(self, user_id: int) -> Consent | None:
        """Return what a user agreed to last, if photos of theirs are kept."""
        async with self._database.transaction() as tx:
            return await tx.photos.latest_consent(user_id)

    async def forget(self, user_id: int, place: Place, receipt_message_id: int | None) -> Receipt:
        """Remove the user with everything of theirs here, at once.

        Jobs at fal are stopped, old messages cleared, and the receipt kept up to date behind this.

        Args:
            user_id: Who leaves.
            place: Where it was asked for.
            receipt_message_id: The message there that tells of it.

        Returns:
            What there is to tell now.
        """
        async with self._database.transaction() as tx:
            user = await tx.users.lock(user_id)
            order = Order(tx, self._ledger)
            if (draft := await tx.drafts.of(user_id)) is not None:
                await order.draft(draft)
            await order.trainings(await tx.trainings.all_of(user_id))
            models = await tx.models.all_of(user_id)
            for model in models:
                await order.generations(await tx.generations.all_of(model.id), models)
                await order.enlargements(await tx.enlargements.all_of_model(model.id))
            order.messages(await tx.support.copies_elsewhere(user_id))
            await tx.actions.forget(user_id)
            deletion_id, receipt = await order.place(
                user_id, user.language, place, receipt_message_id
            )
            await tx.users.remove(user_id)
        logger.info("user %s is forgotten; what is left is deletion %s", user_id, deletion_id)
        self._carry(deletion_id)
        return receipt
