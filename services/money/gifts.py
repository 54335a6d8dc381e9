"""Credits that users are given, each gift once; they can be spent and are never refunded."""

from db.database import Transaction
from services.domain.clock import now
from services.domain.credits import Entry, EntryKind, Movement, NoteKind, Pot
from services.errors import CodeExpired, CodeUnknown, CodeUsedAlready, CodeUsedUp
from services.money.notes import leave_note

USER, SYSTEM = "user", "system"


class Gifts:
    """Gives credits, within the transaction that the event belongs to."""

    async def free(self, tx: Transaction, user_id: int, amount: int) -> bool:
        """Grant a user what everybody gets once.

        A wallet outlives its user's data, so who deletes them and returns gets it no second time
        for as long as the wallet is known to be theirs.

        Returns:
            Whether it was given now.
        """
        wallet = await tx.wallets.of_user(user_id)
        entry = Entry(
            key=f"free:{wallet.id}",
            wallet_id=wallet.id,
            kind=EntryKind.FREE,
            reason="first_start",
            actor=SYSTEM,
        )
        is_given = await tx.wallets.post(entry, [Movement(Pot.HOUSE, Pot.BONUS, amount)])
        if is_given:
            await leave_note(tx, wallet.id, NoteKind.FREE, str(wallet.id), stars=amount)
        return is_given

    async def first_picture(self, tx: Transaction, user_id: int, amount: int) -> bool:
        """Grant a user the price of their first picture from a photo, as `free` does."""
        wallet = await tx.wallets.of_user(user_id)
        entry = Entry(
            key=_first_picture(wallet.id),
            wallet_id=wallet.id,
            kind=EntryKind.FREE,
            reason="first_picture",
            actor=SYSTEM,
        )
        return await tx.wallets.post(entry, [Movement(Pot.HOUSE, Pot.BONUS, amount)])

    async def has_first_picture(self, tx: Transaction, user_id: int) -> bool:
        """Return whether `first_picture` was given."""
        wallet = await tx.wallets.find(user_id)
        return wallet is not None and await tx.wallets.entry(_first_picture(wallet.id)) is not None

    async def promo(self, tx: Transaction, user_id: int, code: str) -> int:
        """Grant a user what a promo code brings, and return how much that is.

        Raises:
            CodeUnknown: There is no such code.
            CodeUsedAlready: The user had it before.
            CodeExpired: It is over.
            CodeUsedUp: Enough others had it.
        """
        promo = await tx.codes.lock_promo(code)
        if promo is None:
            raise CodeUnknown
        wallet = await tx.wallets.of_user(user_id)
        key = f"promo:{code}:{wallet.id}"
        if await tx.wallets.entry(key) is not None:
            raise CodeUsedAlready
        if promo.expires_at <= now():
            raise CodeExpired
        if promo.used >= promo.uses:
            raise CodeUsedUp
        entry = Entry(key=key, wallet_id=wallet.id, kind=EntryKind.PROMO, reason=code, actor=USER)
        await tx.wallets.post(entry, [Movement(Pot.HOUSE, Pot.BONUS, promo.credits)])
        await tx.codes.count_use(code)
        await leave_note(tx, wallet.id, NoteKind.REDEEMED, key, stars=promo.credits)
        return promo.credits


def _first_picture(wallet_id: int) -> str:
    return f"first-picture:{wallet_id}"
