"""Tells users what became of payments; implements `services.money.stars.PaymentNews`."""

import logging
from datetime import date

from handlers.credits.gifts import words_of
from handlers.credits.invoices import send_top_up
from handlers.telegram.outgoing import Outgoing
from handlers.telegram.screen import Screen
from services.domain.credits import FoundIn, Note, NoteKind, Wallet
from services.domain.values import Place
from services.errors import CreditsMissing, DeliveryFailed, UnderMaintenance
from services.paying.service import Paying
from services.users.service import UserService
from texts.reader import Texts

logger = logging.getLogger(__name__)


OF_PAYMENTS = {
    NoteKind.PAID: ("paid", "paid-found"),
    NoteKind.SUBSCRIBED: ("subscription-begun", "subscription-begun-found"),
    NoteKind.RENEWED: ("subscription-renewed", "subscription-renewed-found"),
}
"""What is said of a payment, and where its message was lost."""

NAMED = {
    NoteKind.NOT_RENEWED: "subscription-not-renewed",
    NoteKind.GOES_ON: "order-goes-on",
    NoteKind.FREE: "free-credits",
    NoteKind.REDEEMED: "code-redeemed",
}
"""Sentences that are called otherwise than what they tell."""


class TelegramPaymentNews:
    """Writes into the private chat of who has paid.

    Args:
        outgoing: How users are reached.
        users: Know their language.
        paying: Makes invoices.
    """

    def __init__(self, outgoing: Outgoing, users: UserService, paying: Paying) -> None:
        self._outgoing = outgoing
        self._users = users
        self._paying = paying

    async def tell(
        self, user_id: int, note: Note, wallet: Wallet, *, starts_order: bool = False
    ) -> None:
        """See `PaymentNews.tell`."""
        t = Texts(await self._users.language(user_id, None))
        said = await self._words(t, note)
        lines = [f"{said} {t('order-starts')}" if starts_order else said]
        if note.kind is NoteKind.GIVEN_BACK and wallet.available < 0:
            lines.append(t("balance-owed", stars=-wallet.available))
        await self._outgoing.send(user_id, Place(user_id), Screen("\n\n".join(lines)))

    async def _words(self, t: Texts, note: Note) -> str:
        words = note.words
        if note.kind is NoteKind.GIFT_MADE:
            return await words_of(self._outgoing.bot, t, words["gift"], words["stars"])
        if "until" in words:
            words = {**words, "until": date.fromisoformat(words["until"])}
        said = t(_key(note), **words)
        if note.kind is NoteKind.REFUSED:
            return f"{said}\n\n{t('stars-stay')}"
        return said

    async def ask_for_missing(self, user_id: int, error: CreditsMissing) -> None:
        """See `PaymentNews.ask_for_missing`."""
        await self.offer_missing(user_id, Place(user_id), error)

    async def offer_missing(self, user_id: int, place: Place, error: CreditsMissing) -> None:
        """Keep an order that could not be paid, and send the invoice of what is missing."""
        try:
            invoice = await self._paying.offer_missing(user_id, error)
        except UnderMaintenance as refusal:
            await self._say(user_id, f"error-{refusal.code}", **refusal.params)
            return
        t = Texts(await self._users.language(user_id, None))
        try:
            async with self._outgoing.reaching(user_id):
                await send_top_up(self._outgoing.bot, place, t, invoice, error.request)
        except DeliveryFailed as failure:
            logger.warning("user %s was not sent an invoice: %s", user_id, failure)

    async def _say(self, user_id: int, key: str, **values: int | str) -> None:
        t = Texts(await self._users.language(user_id, None))
        try:
            await self._outgoing.send(user_id, Place(user_id), Screen(t(key, **values)))
        except DeliveryFailed as error:
            logger.warning("user %s was not told of a payment: %s", user_id, error)


def _key(note: Note) -> str:
    if note.kind in OF_PAYMENTS:
        is_found = note.words["found_in"] == FoundIn.STATEMENT
        return OF_PAYMENTS[note.kind][is_found]
    match note.kind:
        case NoteKind.GIVEN_BACK:
            return f"given-back-{note.words['by']}"
        case NoteKind.FRIEND | NoteKind.REFERRER:
            return f"invitation-{note.kind}"
        case NoteKind.REFUSED:
            return f"error-{note.words['code']}"
    return NAMED.get(note.kind, note.kind.value)
