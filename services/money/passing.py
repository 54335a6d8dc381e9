"""Bought credits that a user passes on to somebody by a link."""

from db.database import Transaction
from services.domain.codes import Gift, GiftState
from services.domain.credits import Entry, EntryKind, Movement, NoteKind, Pot
from services.errors import CodeExpired, CodeUnknown, CodeUsedAlready, CodeUsedUp, CreditsMissing
from services.money.gifts import USER
from services.money.notes import leave_note


class Passing:
    """Moves gifts, within the transaction that the event belongs to.

    What a gift holds is in no wallet: it leaves what its giver has bought, and reaches who
    redeems it as a gift, which can be spent and is never refunded.
    """

    async def make(self, tx: Transaction, user_id: int, amount: int, code: str) -> Gift:
        """Make a gift of what a user has bought; one that is made already is not made again.

        Raises:
            CreditsMissing: They have bought less, or owe something. Gifts are not passed on.
        """
        known = await tx.gifts.lock(code)
        if known is not None:
            return known
        wallet = await tx.wallets.lock((await tx.wallets.of_user(user_id)).id)
        if wallet.paid < amount:
            raise CreditsMissing(price=amount, missing=amount - wallet.paid)
        gift = Gift(code=code, wallet_id=wallet.id, amount=amount)
        await tx.gifts.add(gift)
        entry = _entry(f"gift:{code}", wallet.id, EntryKind.GIFT_MADE)
        await tx.wallets.post(entry, [Movement(Pot.PAID, Pot.HOUSE, amount)])
        return gift

    async def redeem(self, tx: Transaction, user_id: int, code: str) -> int:
        """Grant a user what a gift holds, and return how much that is.

        Raises:
            CodeUnknown: There is no such gift.
            CodeUsedAlready: The user has it.
            CodeUsedUp: Somebody else has it.
            CodeExpired: Its giver has it back.
        """
        gift = await tx.gifts.lock(code)
        if gift is None:
            raise CodeUnknown
        wallet = await tx.wallets.of_user(user_id)
        if gift.redeemed_by is not None:
            raise CodeUsedAlready if gift.redeemed_by == wallet.id else CodeUsedUp
        if gift.state is GiftState.RETURNED:
            raise CodeExpired
        await tx.gifts.end(code, GiftState.REDEEMED, wallet.id)
        entry = _entry(f"redeem:{code}", wallet.id, EntryKind.GIFT)
        await tx.wallets.post(entry, [Movement(Pot.HOUSE, Pot.BONUS, gift.amount)])
        await leave_note(tx, wallet.id, NoteKind.REDEEMED, f"gift:{code}", stars=gift.amount)
        return gift.amount

    async def take_back(self, tx: Transaction, wallet_id: int, code: str) -> bool:
        """Return an open gift to who gave it, and say whether that was done now.

        A wallet that is nobody's any more stays empty.
        """
        gift = await tx.gifts.lock(code)
        if gift is None or gift.wallet_id != wallet_id or gift.state is not GiftState.OPEN:
            return False
        if (await tx.wallets.lock(wallet_id)).user_id is None:
            return False
        await tx.gifts.end(code, GiftState.RETURNED)
        entry = _entry(f"return:{code}", wallet_id, EntryKind.GIFT_BACK)
        return await tx.wallets.post(entry, [Movement(Pot.HOUSE, Pot.PAID, gift.amount)])

    async def take_back_all(self, tx: Transaction, wallet_id: int) -> None:
        """Return all open gifts to who gave them: a payment of theirs is given back."""
        for gift in await tx.gifts.open_of(wallet_id):
            await self.take_back(tx, wallet_id, gift.code)


def _entry(key: str, wallet_id: int, kind: EntryKind) -> Entry:
    return Entry(key=key, wallet_id=wallet_id, kind=kind, reason=kind.value, actor=USER)
