"""Credits for those who invite others, and for those who come."""

import secrets

from db.database import Transaction
from services.domain.credits import Entry, EntryKind, Movement, NoteKind, PaymentState, Pot
from services.money.gifts import SYSTEM
from services.money.notes import leave_note


class Referrals:
    """Links that invite, within the transaction that the event belongs to."""

    async def code_of(self, tx: Transaction, user_id: int) -> str:
        """Return the code of a user's own link."""
        wallet = await tx.wallets.of_user(user_id)
        return await tx.referrals.link_of(wallet.id, secrets.token_urlsafe(9))

    async def follow(self, tx: Transaction, user_id: int, code: str) -> bool:
        """Note by whose link a user has come who has no wallet yet.

        Returns:
            Whether the link is somebody's and the user has come by it, now or before.
        """
        referrer_id = await tx.referrals.owner_of(code)
        if referrer_id is None:
            return False
        wallet = await tx.wallets.find(user_id)
        if wallet is not None:
            return await tx.referrals.referrer_of(wallet.id) == referrer_id
        wallet = await tx.wallets.of_user(user_id)
        await tx.referrals.add(wallet.id, referrer_id)
        return True

    async def reward(self, tx: Transaction, wallet_id: int, amount: int) -> None:
        """Grant what an invitation brings, once the friend has paid: to both who are still here.

        Args:
            tx: The transaction.
            wallet_id: The friend's wallet.
            amount: What each of the two gets.
        """
        referrer_id = await tx.referrals.referrer_of(wallet_id)
        paid = [
            one for one in await tx.payments.of_wallet(wallet_id) if one.state is PaymentState.PAID
        ]
        if referrer_id is None or not paid:
            return
        first = paid[-1].charge_id
        key = f"friend:{wallet_id}"
        if not await _post(tx, key, wallet_id, first, amount):
            return
        await leave_note(tx, wallet_id, NoteKind.FRIEND, key, stars=amount)
        if (await tx.wallets.lock(referrer_id)).user_id is None:
            return
        await _post(tx, f"referrer:{wallet_id}", referrer_id, first, amount)
        await leave_note(tx, referrer_id, NoteKind.REFERRER, key, stars=amount)

    async def take_back(self, tx: Transaction, charge_id: str) -> None:
        """Take back what is unspent of what an invitation has brought: its payment is void."""
        for earned in await tx.wallets.of_payment(charge_id, EntryKind.REFERRAL):
            wallet = await tx.wallets.lock(earned.wallet_id)
            entry = Entry(
                key=f"back:{earned.key}",
                wallet_id=earned.wallet_id,
                kind=EntryKind.REFERRAL_BACK,
                reason="payment_refunded",
                actor=SYSTEM,
                charge_id=charge_id,
            )
            unspent = min(await tx.wallets.moved(earned.id), wallet.bonus)
            await tx.wallets.post(entry, [Movement(Pot.BONUS, Pot.HOUSE, unspent)])


async def _post(tx: Transaction, key: str, wallet_id: int, charge_id: str, amount: int) -> bool:
    entry = Entry(
        key=key,
        wallet_id=wallet_id,
        kind=EntryKind.REFERRAL,
        reason="friend_has_paid",
        actor=SYSTEM,
        charge_id=charge_id,
    )
    return await tx.wallets.post(entry, [Movement(Pot.HOUSE, Pot.BONUS, amount)])
