"""Who has deleted their data is in the ledger for a time, and then it goes on without them."""

import re
from datetime import timedelta

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.credits import EntryKind, FoundIn, OrderKind, RefundedBy
from services.money.charges import Charge
from services.money.credits import Credits
from services.money.passing import Passing
from services.money.purchases import Purchases
from services.money.retention import Retention
from tests.services.kit import STRANGER, USER, meet

CREDITS, PURCHASES = Credits(), Purchases()
LONG_AGO = timedelta(days=181)


@pytest.fixture
async def database(sound_ledger: Database) -> Database:
    return sound_ledger


def charge() -> Charge:
    return Charge("ch1", USER, 60, "?", now())


async def paid(database: Database) -> int:
    """Have 60 Stars paid and 5 given; return the wallet's id."""
    async with database.transaction() as tx:
        await PURCHASES.credit(tx, charge(), FoundIn.MESSAGE)
        await CREDITS.grant(tx, USER, 5, "gift", "because", "admin 1")
        return (await tx.wallets.of_user(USER)).id


async def left(database: Database, wallet_id: int, ago: timedelta = LONG_AGO) -> None:
    async with database.transaction() as tx:
        await tx.wallets.note_deleted(wallet_id, now() - ago)


async def names_user(database: Database) -> bool:
    async with database.transaction() as tx:
        return await tx.wallets.find(USER) is not None


async def test_a_wallet_is_kept_for_its_time_and_then_lapses(database: Database) -> None:
    wallet_id = await paid(database)
    await left(database, wallet_id, LONG_AGO - timedelta(days=2))
    await Retention(database, 180).look()
    assert await names_user(database)
    await left(database, wallet_id)
    for _ in range(2):
        await Retention(database, 180).look()
    assert not await names_user(database)
    async with database.transaction() as tx:
        wallet = await tx.wallets.lock(wallet_id)
        entries = await tx.wallets.entries(wallet_id, 9, None)
    told = [f"{one.key} {one.actor} {one.reason}" for one in entries]
    assert not [line for line in told if re.search(rf"\b{USER}\b", line)]
    last = entries[0]
    assert (wallet.paid, wallet.bonus, last.kind) == (0, 0, EntryKind.FORGET)


async def test_a_wallet_lapses_also_while_others_stay(database: Database) -> None:
    wallet_id = await paid(database)
    await left(database, wallet_id)
    await meet(database, STRANGER)
    async with database.transaction() as tx:
        await PURCHASES.credit(tx, Charge("ch9", STRANGER, 9, "?", now()), FoundIn.MESSAGE)
        assert [one.id for one in await tx.wallets.left()] == [wallet_id]
    await Retention(database, 180).look()
    assert not await names_user(database)
    async with database.transaction() as tx:
        assert (await tx.wallets.of_user(STRANGER)).available == 9


async def test_what_a_forgotten_user_gave_does_not_come_back(database: Database) -> None:
    wallet_id = await paid(database)
    async with database.transaction() as tx:
        gift = await Passing().make(tx, USER, 20, "code")
    await left(database, wallet_id)
    await Retention(database, 180).look()
    async with database.transaction() as tx:
        assert not await Passing().take_back(tx, wallet_id, gift.code)
        assert (await tx.wallets.lock(wallet_id)).available == 0
        # Who has the link can still redeem it.
        assert await Passing().redeem(tx, STRANGER, gift.code) == 20


async def test_who_has_come_back_keeps_their_wallet(database: Database) -> None:
    await left(database, await paid(database))
    await meet(database, USER)
    await Retention(database, 180).look()
    async with database.transaction() as tx:
        wallet = await tx.wallets.find(USER)
    assert wallet is not None
    assert wallet.available == 65


async def test_a_deletion_without_a_date_counts_from_now(database: Database) -> None:
    wallet_id = await paid(database)
    await Retention(database, 1).look()
    async with database.transaction() as tx:
        assert (await tx.wallets.lock(wallet_id)).deleted_at is not None
    await Retention(database, 1).look()
    assert await names_user(database)


async def test_a_debt_is_written_off_and_a_later_refund_owes_nothing(database: Database) -> None:
    wallet_id = await paid(database)
    async with database.transaction() as tx:
        await CREDITS.hold(tx, USER, "order", OrderKind.PICTURES, 65, 1)
        await PURCHASES.credit(tx, Charge("ch2", USER, 9, "?", now()), FoundIn.MESSAGE)
    await left(database, wallet_id)
    await Retention(database, 180).look()
    assert await names_user(database), "an order is under way"
    async with database.transaction() as tx:
        await CREDITS.capture(tx, "order", 1)
        assert await PURCHASES.refunded(tx, charge()) is RefundedBy.OUTSIDE
    await Retention(database, 180).look()
    assert not await names_user(database)
    async with database.transaction() as tx:
        later = Charge("ch2", USER, 9, "?", now())
        assert await PURCHASES.refunded(tx, later) is RefundedBy.OUTSIDE
        assert (await tx.wallets.lock(wallet_id)).available == 0
