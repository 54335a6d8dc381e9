"""Deleting everything of a user."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from db.database import Database, Transaction
from services.deletion.order import Order
from services.domain.clock import now
from services.domain.deletion import Deletion, Receipt
from services.domain.values import Consent, Place
from services.lending.holding import end_of_borrower, end_of_model
from services.money.limits import Ledger
from services.money.subscriptions import Subscriptions
from services.rules import TrainingRules

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Leaving:
    """What there is beside what is just deleted.

    A subscription that `renews` ends, and so do models that are lent or borrowed. Pictures that
    were sent into groups stay there.
    """

    renews: bool
    has_loans: bool
    is_in_groups: bool = False


class PrivacyService:
    """Use case of leaving without a trace.

    Args:
        database: Where everything is kept.
        ledger: Releases the charges for what fal never got.
        carry: Has a deletion carried on, now.
        cancelled: Has Telegram asked to renew a subscription no more, now.
        erases: Whether what fal keeps of the requests is deleted there, too.
        in_groups: Whether pictures can be asked for in groups.
        rules: Say how prompts begin, by which lost submits are known.
    """

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        carry: Callable[[str], None],
        cancelled: Callable[[], object] = lambda: None,
        *,
        erases: bool = False,
        in_groups: bool = False,
        rules: TrainingRules | None = None,
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._carry = carry
        self._cancelled = cancelled
        self._subscriptions = Subscriptions()
        self._erases = erases
        self.in_groups = in_groups
        self._rules = rules or TrainingRules()

    async def consent(self, user_id: int) -> Consent | None:
        """Return what a user agreed to last, if photos of theirs are kept."""
        async with self._database.transaction() as tx:
            return await tx.photos.latest_consent(user_id)

    async def leaving(self, user_id: int) -> Leaving:
        """Return what ends, besides what is deleted, when a user leaves."""
        async with self._database.transaction() as tx:
            wallet = await tx.wallets.find(user_id)
            found = await tx.subscriptions.of_wallet(wallet.id) if wallet else ()
            loans = [one.loan for one in await tx.loans.of_borrower(user_id)]
            for model in await tx.models.all_of(user_id):
                loans += await tx.loans.of_model(model.id)
            in_groups = await tx.pictures.count_in_groups(user_id)
        return Leaving(
            renews=any(one.is_running and one.renews for one in found),
            has_loans=any(loan.is_standing for loan in loans),
            is_in_groups=in_groups > 0,
        )

    async def forget(
        self,
        user_id: int,
        place: Place,
        receipt_message_id: int | None,
        tell: Callable[[Deletion, Receipt], Awaitable[object]] | None = None,
    ) -> tuple[Deletion, Receipt]:
        """Remove the user with everything of theirs here, at once.

        Jobs at fal are stopped, old messages cleared, and the receipt kept up to date behind this.

        Args:
            user_id: Who leaves.
            place: Where it was asked for.
            receipt_message_id: The message there that tells of it.
            tell: Shows the receipt for the first time, before anything brings it up to date.

        Returns:
            What was deleted, and what there is to tell now of the rest.
        """
        async with self._database.transaction() as tx:
            user = await tx.users.lock(user_id)
            await tx.loans.lock_all_of(user_id)
            await end_of_borrower(tx, user_id)
            # A job that is just handed to fal is not taken for one that fal never got.
            for jobs in (tx.trainings, tx.generations, tx.enlargements):
                await jobs.lock_of_user(user_id)
            order = Order(tx, self._ledger, self._rules.opening, erases=self._erases)
            if (draft := await tx.drafts.of(user_id)) is not None:
                await order.draft(draft)
            await order.trainings(await tx.trainings.all_of(user_id))
            for model in await tx.models.all_of(user_id):
                await end_of_model(tx, model)
                order.model(model)
            await order.generations(await tx.generations.all_of_user(user_id))
            order.pictures(await tx.pictures.count_of_user(user_id))
            await order.enlargements(await tx.enlargements.all_of_user(user_id))
            order.messages(await tx.support.copies_elsewhere(user_id))
            order.messages(await tx.exports.messages_of(user_id))
            await tx.actions.forget(user_id)
            order.in_groups = await tx.pictures.count_in_groups(user_id)
            order.cancels = await self._leave_wallet(tx, user_id)
            deletion, receipt = await order.place(
                user_id, user.language, place, receipt_message_id
            )
            await tx.users.remove(user_id)
        logger.info("user %s is forgotten; what is left is deletion %s", user_id, deletion.id)
        try:
            if tell is not None:
                await tell(deletion, receipt)
        finally:
            self._carry(deletion.id)
            if deletion.cancels:
                self._cancelled()
        return deletion, receipt

    async def _leave_wallet(self, tx: Transaction, user_id: int) -> bool:
        """Return whether a subscription is cancelled."""
        wallet = await tx.wallets.find(user_id)
        if wallet is None:
            return False
        await tx.payments.void_offers(wallet.id)
        await tx.payment_notes.remove_of(wallet.id)
        await tx.wallets.note_deleted(wallet.id, now())
        return await self._subscriptions.cancel_all(tx, wallet.id)
