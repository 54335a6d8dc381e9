"""Tells users what has become of their money, each note a row until it is told."""

from db.database import Database
from services.domain.credits import NoteKind
from services.errors import CreditsMissing, DeliveryFailed
from services.money.stars import PaymentNews
from services.paying.inviting import Inviting
from services.paying.service import Paying

OF_PAYMENTS = {NoteKind.PAID, NoteKind.SUBSCRIBED, NoteKind.RENEWED}
"""What orders wait for."""


class Telling:
    """The step that the carrier calls for a note.

    A kill between sending and noting it tells it twice, never not at all. Whom Telegram takes no
    message for is told when they return; what they have paid for goes on meanwhile.

    Args:
        database: Where notes are kept.
        news: How they are told.
        paying: Goes on with what a payment was for.
        inviting: Knows what both get for an invitation.
    """

    def __init__(
        self, database: Database, news: PaymentNews, paying: Paying, inviting: Inviting
    ) -> None:
        self._database = database
        self._news = news
        self._paying = paying
        self._inviting = inviting

    async def step(self, note_id: str) -> float | None:
        """Tell a note, and go on with what was paid.

        Returns:
            None: nothing is left to do.

        Raises:
            DeliveryFailed: It could not be sent now; the order goes on.
            UserUnreachable: The user has blocked the bot: it waits for them.
        """
        async with self._database.transaction() as tx:
            note = await tx.payment_notes.get(note_id)
            wallet = await tx.wallets.lock(note.wallet_id) if note else None
        if note is None or wallet is None:
            return None
        failure: DeliveryFailed | None = None
        if wallet.user_id is not None:
            starts = note.kind in OF_PAYMENTS and await self._paying.can_go_on(wallet)
            if note.told_at is None:
                try:
                    await self._news.tell(wallet.user_id, note, wallet, starts_order=starts)
                except DeliveryFailed as error:
                    failure = error
                else:
                    async with self._database.transaction() as tx:
                        await tx.payment_notes.note_told(note_id)
            if note.kind in OF_PAYMENTS:
                await self._go_on(wallet.user_id, is_told=failure is None, starts=starts)
        if failure is not None:
            raise failure
        async with self._database.transaction() as tx:
            await tx.payment_notes.remove(note_id)
        return None

    async def _go_on(self, user_id: int, *, is_told: bool, starts: bool) -> None:
        await self._inviting.paid(user_id)
        try:
            await self._paying.go_on(user_id, is_told=is_told and starts)
        except CreditsMissing as error:
            if is_told:
                await self._news.ask_for_missing(user_id, error)
