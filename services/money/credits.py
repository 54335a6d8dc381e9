"""What users have to spend: held when they order, and taken or given back when the order ends."""

from dataclasses import replace

from db.database import Transaction
from services.domain.clock import now
from services.domain.credits import (
    Entry,
    EntryKind,
    Movement,
    Order,
    OrderKind,
    OrderState,
    Pot,
    Wallet,
)
from services.errors import CreditsMissing

USER, JOB = "user", "job"
"""Who causes an entry. Users are not named: what is written stays, and they may go."""


class Credits:
    """Moves the credits of users, within the transaction that the event belongs to.

    Each event has a key and happens once, however often it is asked for.
    """

    async def wallet(self, tx: Transaction, user_id: int) -> Wallet | None:
        """Return what a user has; None where they never had anything."""
        return await tx.wallets.find(user_id)

    async def hold(
        self,
        tx: Transaction,
        user_id: int,
        order_id: str,
        kind: OrderKind,
        unit_price: int,
        units: int,
    ) -> Order:
        """Hold the price of an order: what was given first, then what was bought.

        Args:
            tx: The transaction that makes the job.
            user_id: Who orders.
            order_id: The job.
            kind: What it makes.
            unit_price: What one of it costs, in credits.
            units: How many it makes.

        Raises:
            CreditsMissing: There is too little, or something is owed.
        """
        wallet = await tx.wallets.lock((await tx.wallets.of_user(user_id)).id)
        # Under the lock: whoever asked for the same at the same time is seen by now.
        known = await tx.orders.get(order_id)
        if known is not None:
            return known
        price = unit_price * units
        if wallet.available < price:
            raise CreditsMissing(price=price, missing=price - wallet.available)
        from_bonus = min(wallet.bonus, price)
        order = Order(
            id=order_id,
            wallet_id=wallet.id,
            kind=kind,
            unit_price=unit_price,
            units=units,
            from_bonus=from_bonus,
            from_paid=price - from_bonus,
        )
        await tx.orders.add(order)
        await tx.wallets.post(
            _entry(order, f"hold:{order_id}", EntryKind.HOLD, kind.value, USER),
            [
                Movement(Pot.BONUS, Pot.HELD, order.from_bonus),
                Movement(Pot.PAID, Pot.HELD, order.from_paid),
            ],
        )
        return order

    async def capture(self, tx: Transaction, order_id: str, delivered: int) -> Order | None:
        """Take the price of what was delivered, of gifts first, and give the rest back.

        Args:
            tx: The transaction that ends the job.
            order_id: The job.
            delivered: How many of the order's units arrived; of none, all is given back.

        Returns:
            The order as it has ended, now or before; None where nothing was paid for the job.
        """
        if delivered <= 0:
            return await self.release(tx, order_id, "nothing_delivered")
        order = await tx.orders.lock(order_id)
        if order is None or order.state is not OrderState.HELD:
            return order
        delivered = min(delivered, order.units)
        taken = order.unit_price * delivered
        from_bonus = min(order.from_bonus, taken)
        ended = await self._end(tx, order, OrderState.CAPTURED, delivered, "delivered")
        await tx.wallets.post(
            _entry(ended, f"end:{order_id}", EntryKind.CAPTURE, order.kind.value, JOB),
            [
                Movement(Pot.HELD, Pot.INCOME, taken),
                Movement(Pot.HELD, Pot.BONUS, order.from_bonus - from_bonus),
                Movement(Pot.HELD, Pot.PAID, order.from_paid - (taken - from_bonus)),
            ],
        )
        return ended

    async def release(self, tx: Transaction, order_id: str, reason: str) -> Order | None:
        """Give back what an order holds, to where it came from.

        Args:
            tx: The transaction that ends the job.
            order_id: The job.
            reason: Why nothing was delivered, at most 32 characters.

        Returns:
            The order as it has ended, now or before; None where nothing was paid for the job.
        """
        order = await tx.orders.lock(order_id)
        if order is None or order.state is not OrderState.HELD:
            return order
        ended = await self._end(tx, order, OrderState.RELEASED, 0, reason)
        await tx.wallets.post(
            _entry(ended, f"end:{order_id}", EntryKind.RELEASE, reason, JOB),
            [
                Movement(Pot.HELD, Pot.BONUS, order.from_bonus),
                Movement(Pot.HELD, Pot.PAID, order.from_paid),
            ],
        )
        return ended

    async def grant(
        self, tx: Transaction, user_id: int, amount: int, key: str, reason: str, actor: str
    ) -> bool:
        """Give credits away; they can be spent and are never refunded.

        Args:
            tx: The transaction of the event.
            user_id: Who gets them.
            amount: How many.
            key: What tells this gift from all others.
            reason: Why, in at most 200 characters.
            actor: Who gives them, in at most 32 characters.

        Returns:
            Whether they were given now.
        """
        wallet = await tx.wallets.of_user(user_id)
        entry = Entry(
            key=key, wallet_id=wallet.id, kind=EntryKind.GRANT, reason=reason, actor=actor
        )
        return await tx.wallets.post(entry, [Movement(Pot.HOUSE, Pot.BONUS, amount)])

    async def _end(
        self, tx: Transaction, order: Order, state: OrderState, delivered: int, reason: str
    ) -> Order:
        moment = now()
        await tx.orders.end(order.id, state, delivered, reason, moment)
        return replace(order, state=state, delivered=delivered, reason=reason, ended_at=moment)


def _entry(order: Order, key: str, kind: EntryKind, reason: str, actor: str) -> Entry:
    return Entry(
        key=key,
        wallet_id=order.wallet_id,
        kind=kind,
        reason=reason,
        actor=actor,
        order_id=order.id,
    )
