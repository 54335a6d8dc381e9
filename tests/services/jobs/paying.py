"""A user who pays: what is held for a job, and what its end must have done with it."""

from datetime import UTC, datetime

from db.database import Database
from services.domain.credits import FoundIn, OrderKind, OrderState
from services.money.charges import Charge
from services.money.credits import Credits
from services.money.purchases import Purchases
from tests.services.kit import USER

HAS, PRICE = 100, 12


async def pay_in(database: Database, user_id: int = USER, stars: int = HAS) -> None:
    """Have Telegram say that a user has paid."""
    paid = Charge(f"ch-{user_id}", user_id, stars, "", datetime(2026, 11, 1, tzinfo=UTC))
    async with database.transaction() as tx:
        await Purchases().credit(tx, paid, FoundIn.MESSAGE)


async def pay_for(database: Database, job_id: str, units: int = 1) -> None:
    """Hold the price of a job, as its order does."""
    await pay_in(database)
    async with database.transaction() as tx:
        await Credits().hold(tx, USER, job_id, OrderKind.PICTURES, PRICE, units)


async def assert_paid(
    database: Database, job_id: str, *, delivered: int, price: int = PRICE
) -> None:
    """Check that a user has paid for what arrived, and for nothing else."""
    async with database.transaction() as tx:
        order = await tx.orders.get(job_id)
        wallet = await tx.wallets.find(USER)
        assert await tx.invariants.broken() == {}
    assert order is not None
    assert order.state is (OrderState.CAPTURED if delivered else OrderState.RELEASED)
    assert order.delivered == delivered
    assert wallet is not None
    assert (wallet.paid, wallet.held) == (HAS - price * delivered, 0)
