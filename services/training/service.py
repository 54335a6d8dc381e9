"""What a user can do with a training that has started."""

from collections.abc import Callable, Sequence

from db.database import Database, Transaction
from services.domain.states import TrainingState
from services.domain.values import Training
from services.errors import CreditsMissing, NotFound, NothingToCancel, StaleButton
from services.identifiers import new_id
from services.money.limits import Ledger
from services.money.prices import PriceList
from services.money.sales import Sales, paid_before, require_shown
from services.training import consent
from services.training.trigger_word import draw_trigger_word

RETRY = "retry"
"""The kind of an order that waits for its payment: another try of a training."""


class TrainingService:
    """Use cases of started trainings.

    Args:
        database: Where trainings are kept.
        prices: What a training costs.
        carry: Has a training carried on, now.
        ledger: Takes the charge of another try.
        sales: Holds what users pay.
    """

    def __init__(
        self,
        database: Database,
        prices: PriceList,
        carry: Callable[[str], None],
        ledger: Ledger,
        *,
        sales: Sales | None = None,
    ) -> None:
        self._database = database
        self._prices = prices
        self._carry = carry
        self._ledger = ledger
        self._sales = sales or Sales()

    async def under_way(self, user_id: int) -> Sequence[Training]:
        """Return the user's trainings that have started and not ended, oldest first."""
        async with self._database.transaction() as tx:
            return await tx.trainings.under_way_of(user_id)

    async def latest(self, user_id: int, limit: int) -> Sequence[Training]:
        """Return the user's started trainings, newest first."""
        async with self._database.transaction() as tx:
            return await tx.trainings.latest_of(user_id, limit)

    async def cancellable(self, user_id: int, training_id: str) -> Training:
        """Return a training that can still be stopped.

        Raises:
            NotFound: No such training of this user.
            NothingToCancel: It has ended, or is being handed to fal at this moment.
        """
        async with self._database.transaction() as tx:
            training = await _own(tx, user_id, training_id)
        if not training.is_cancellable:
            raise NothingToCancel
        return training

    async def cancel(self, user_id: int, training_id: str) -> None:
        """Ask for a training to be stopped; the carrier does it, here or at fal.

        Raises:
            NotFound: No such training of this user.
            NothingToCancel: It has ended, or is being handed to fal at this moment.
        """
        async with self._database.transaction() as tx:
            training = await _own(tx, user_id, training_id)
            if not training.is_cancellable:
                raise NothingToCancel
            await tx.trainings.request_cancel(training_id)
        self._carry(training_id)

    async def go_on(self, user_id: int, training_id: str) -> None:
        """Go on with the photos that are left; a second press changes nothing.

        Raises:
            NotFound: No such training of this user.
            StaleButton: It has ended, or is being stopped.
        """
        async with self._database.transaction() as tx:
            training = await _own(tx, user_id, training_id)
            if training.state.is_final or training.cancel_requested_at is not None:
                raise StaleButton
            await tx.trainings.answer(training_id)
        self._carry(training_id)

    async def must_agree_again(self, user_id: int, training_id: str) -> bool:
        """Return whether another try needs a new consent: its wording has changed.

        Raises:
            NotFound: No such training of this user.
        """
        async with self._database.transaction() as tx:
            await _own(tx, user_id, training_id)
            return not await consent.is_current(tx, training_id)

    async def retry(
        self, user_id: int, training_id: str, *, agrees: bool = False, shown: int | None = None
    ) -> tuple[Training, bool]:
        """Start a failed or cancelled training again, with the same photos and choices.

        Args:
            user_id: Who presses.
            training_id: The training.
            agrees: Whether they agree to the present wording of the consent, now.
            shown: What they were shown that it costs; None for what it has cost before.

        Returns:
            The new training, and whether this call started it (a second press does not).

        Raises:
            NotFound: No such training of this user.
            StaleButton: It has not failed.
            ConsentChanged: The consent was given to another wording.
            PriceChanged: It is dearer by now.
            DomainError: A spending limit, see `Ledger.charge_training`.
        """
        async with self._database.transaction() as tx:
            old = await _own(tx, user_id, training_id)
            if old.state not in {TrainingState.FAILED, TrainingState.CANCELLED}:
                raise StaleButton
            again = await tx.trainings.retry_of(training_id)
            if again is not None:
                return again, False
            if agrees:
                await tx.photos.agree(training_id, consent.given_now())
            await consent.require_current(tx, training_id)
            if shown is None:
                shown = await paid_before(tx, old.id)
            again = await self._copy(tx, old, shown)
        self._carry(again.id)
        return again, True

    async def _copy(self, tx: Transaction, old: Training, shown: int | None) -> Training:
        again_id = new_id()
        usd = self._prices.training_usd(old.trainer, old.steps)
        await self._ledger.charge_training(tx, again_id, old.user_id, usd)
        stars = self._sales.training_stars(old.trainer, old.mode, old.steps)
        require_shown(shown, stars)
        try:
            await self._sales.hold_training(tx, old.user_id, again_id, stars)
        except CreditsMissing as error:
            error.request = {
                "kind": RETRY,
                "training_id": old.id,
                "name": old.name,
                "stars": stars,
            }
            raise
        await tx.photos.open_set(again_id, old.user_id, await tx.photos.consent_to(old.id))
        await tx.photos.copy_accepted(old.id, again_id)
        return await tx.trainings.start(
            Training(
                id=again_id,
                user_id=old.user_id,
                chat_id=old.chat_id,
                message_thread_id=old.message_thread_id,
                retry_of=old.id,
                name=old.name,
                trigger_word=await tx.trigger_words.claim(
                    again_id, lambda: draw_trigger_word(old.name)
                ),
                subject=old.subject,
                trainer=old.trainer,
                mode=old.mode,
                steps=old.steps,
                price_usd=usd,
            )
        )


async def _own(tx: Transaction, user_id: int, training_id: str) -> Training:
    training = await tx.trainings.locked(training_id)
    if training is None or training.user_id != user_id:
        raise NotFound
    return training
