"""Many workers pay, order, end and refund the same things at once on PostgreSQL."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from db.database import Database
from services.domain.credits import FoundIn, OrderKind
from services.errors import DomainError, StaleButton
from services.money.charges import Charge
from services.money.credits import Credits
from services.money.purchases import Purchases
from tests.conftest import empty
from tests.locks import until_somebody_waits_for_a_lock
from tests.services.money.ledger_alone import broken

pytestmark = pytest.mark.postgres

WORKERS, STEPS, THINGS, USERS = 8, 60, 20, (1, 2, 3)
CREDITS, PURCHASES = Credits(), Purchases()


@pytest.fixture
async def database(migrated_postgres_url: str) -> AsyncIterator[Database]:
    database = Database(migrated_postgres_url)
    yield database
    await empty(database)
    await database.close()


def charge(number: int) -> Charge:
    paid_at = datetime(2026, 11, 1, tzinfo=UTC) + timedelta(seconds=number)
    return Charge(f"ch{number}", USERS[number % len(USERS)], 10 + number, "", paid_at)


async def one_step(database: Database, dice: random.Random) -> None:
    number, user_id = dice.randrange(THINGS), dice.choice(USERS)
    order_id = f"o{dice.randrange(THINGS)}"
    async with database.transaction() as tx:
        match dice.randrange(6):
            case 0 | 1:
                await PURCHASES.credit(tx, charge(number), FoundIn.MESSAGE)
            case 2:
                kind = OrderKind.TRAINING
                await CREDITS.hold(tx, user_id, f"{order_id}-{user_id}", kind, 5 + number, 1)
            case 3:
                await CREDITS.capture(tx, f"{order_id}-{user_id}", 1)
            case 4:
                await CREDITS.release(tx, f"{order_id}-{user_id}", "failed")
            case _:
                if number % 5 == 0:
                    await PURCHASES.refunded(tx, charge(number))


async def test_a_refund_sees_an_order_that_is_just_made(database: Database) -> None:
    paid = charge(0)
    async with database.transaction() as tx:
        await PURCHASES.credit(tx, paid, FoundIn.MESSAGE)

    is_held = asyncio.Event()

    async def order() -> None:
        async with database.transaction() as tx:
            await CREDITS.hold(tx, paid.user_id, "order", OrderKind.TRAINING, 8, 1)
            is_held.set()
            await until_somebody_waits_for_a_lock(database)

    async def give_back() -> None:
        await is_held.wait()
        with pytest.raises(StaleButton):
            await freeze()

    async def freeze() -> None:
        async with database.transaction() as tx:
            await PURCHASES.freeze(tx, paid.charge_id, "asked", "admin 1")

    await asyncio.gather(order(), give_back())


async def worker(database: Database, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  # no secret
    for _ in range(STEPS):
        with contextlib.suppress(DomainError):
            await one_step(database, dice)


async def test_whoever_comes_first_the_ledger_is_in_order(database: Database) -> None:
    await asyncio.gather(*(worker(database, seed) for seed in range(WORKERS)))
    async with database.transaction() as tx:
        assert await broken(tx) == {}
        wallets = [await tx.wallets.find(user_id) for user_id in USERS]
    assert all(wallet is not None and wallet.seq > 0 for wallet in wallets)
