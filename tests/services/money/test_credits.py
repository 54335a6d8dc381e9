"""Credits come, are held, taken and given back, each once, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from db.database import Database
from services.domain.credits import (
    EntryKind,
    FoundIn,
    InvoiceKind,
    OrderKind,
    OrderState,
    PaymentState,
    RefundedBy,
    Wallet,
)
from services.errors import CreditsMissing, StaleButton
from services.money.charges import Charge
from services.money.credits import Credits
from services.money.purchases import CheckoutRefusal, Purchases
from tests.services.kit import STRANGER, USER

DAY_ONE = datetime(2026, 11, 1, tzinfo=UTC)
CREDITS, PURCHASES = Credits(), Purchases()


@pytest.fixture
async def database(sound_ledger: Database) -> Database:
    return sound_ledger


def charge(name: str = "ch1", stars: int = 60, user_id: int = USER, payload: str = "?") -> Charge:
    day = int(name.removeprefix("ch"))
    return Charge(name, user_id, stars, payload, DAY_ONE + timedelta(days=day))


async def pay(database: Database, name: str = "ch1", stars: int = 60) -> None:
    async with database.transaction() as tx:
        assert await PURCHASES.credit(tx, charge(name, stars), FoundIn.MESSAGE)


async def hold(database: Database, order_id: str, unit_price: int, units: int = 1) -> None:
    async with database.transaction() as tx:
        await CREDITS.hold(tx, USER, order_id, OrderKind.PICTURES, unit_price, units)


async def wallet(database: Database) -> Wallet:
    async with database.transaction() as tx:
        found = await tx.wallets.find(USER)
    assert found is not None
    return found


async def pots(database: Database) -> tuple[int, int, int]:
    found = await wallet(database)
    return found.paid, found.bonus, found.held


async def grant(database: Database, amount: int) -> bool:
    async with database.transaction() as tx:
        return await CREDITS.grant(tx, USER, amount, f"grant:{amount}", "sorry", "admin")


async def test_a_payment_is_credited_once_however_often_it_is_told(database: Database) -> None:
    await pay(database)
    async with database.transaction() as tx:
        assert await PURCHASES.credit(tx, charge(), FoundIn.STATEMENT) is None
    assert await pots(database) == (60, 0, 0)


async def test_what_was_given_is_spent_before_what_was_bought(database: Database) -> None:
    await pay(database)
    assert await grant(database, 5)
    await hold(database, "job", 12)
    assert await pots(database) == (53, 0, 12)
    await hold(database, "job", 12)
    assert await pots(database) == (53, 0, 12)


async def test_the_same_gift_is_given_once(database: Database) -> None:
    assert await grant(database, 5)
    assert not await grant(database, 5)
    assert await pots(database) == (0, 5, 0)


async def test_too_little_holds_nothing_and_says_what_is_missing(database: Database) -> None:
    await grant(database, 5)
    with pytest.raises(CreditsMissing) as missing:
        await hold(database, "job", 12)
    assert missing.value.params == {"price": 12, "missing": 7}
    assert await pots(database) == (0, 5, 0)


@pytest.mark.parametrize(
    ("delivered", "after"),
    [(0, (60, 8, 0)), (1, (60, 3, 0)), (3, (53, 0, 0)), (4, (48, 0, 0)), (9, (48, 0, 0))],
)
async def test_what_arrived_is_taken_and_the_rest_goes_back_to_where_it_was(
    database: Database, delivered: int, after: tuple[int, int, int]
) -> None:
    await pay(database)
    await grant(database, 8)
    await hold(database, "job", 5, 4)
    for _ in range(2):
        async with database.transaction() as tx:
            ended = await CREDITS.capture(tx, "job", delivered)
            assert ended == await tx.orders.get("job")
        assert ended is not None
        assert ended.delivered == min(delivered, 4)
        assert ended.returned == 20 - 5 * min(delivered, 4)
        assert await pots(database) == after


async def test_an_order_ends_once_and_the_first_end_counts(database: Database) -> None:
    await pay(database)
    await hold(database, "job", 12)
    async with database.transaction() as tx:
        await CREDITS.release(tx, "job", "deadline")
    async with database.transaction() as tx:
        late = await CREDITS.capture(tx, "job", 1)
    assert late is not None
    assert (late.state, late.reason) == (OrderState.RELEASED, "deadline")
    assert await pots(database) == (60, 0, 0)


@pytest.mark.parametrize(
    ("delivered", "kind", "of_order", "of_entry"),
    [
        (1, EntryKind.CAPTURE, "delivered", "pictures"),
        (0, EntryKind.RELEASE, "nothing_delivered", "nothing_delivered"),
    ],
)
async def test_an_order_and_its_entry_say_how_it_has_ended(
    database: Database, delivered: int, kind: EntryKind, of_order: str, of_entry: str
) -> None:
    await pay(database)
    await hold(database, "job", 12)
    async with database.transaction() as tx:
        await CREDITS.capture(tx, "job", delivered)
    wallet_id = (await wallet(database)).id
    async with database.transaction() as tx:
        order = await tx.orders.get("job")
        (entry, *_) = await tx.wallets.entries(wallet_id, 1, None)
    assert order is not None
    assert (order.reason, order.delivered) == (of_order, delivered)
    assert (entry.kind, entry.reason, entry.actor) == (kind, of_entry, "job")
    assert entry.order_id == "job"


async def test_a_job_that_nobody_paid_for_ends_without_credits(database: Database) -> None:
    async with database.transaction() as tx:
        assert await CREDITS.capture(tx, "free", 1) is None
        assert await CREDITS.release(tx, "free", "failed") is None
        assert await CREDITS.wallet(tx, USER) is None


async def test_a_hold_that_its_transaction_takes_back_was_none(database: Database) -> None:
    await pay(database)

    async def crash() -> None:
        async with database.transaction() as tx:
            await CREDITS.hold(tx, USER, "job", OrderKind.TRAINING, 12, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await crash()
    assert await pots(database) == (60, 0, 0)


async def test_a_checkout_is_agreed_to_for_its_own_user_and_amount_only(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        invoice = await PURCHASES.offer(tx, USER, InvoiceKind.PACK, 100, 10)
        await tx.wallets.of_user(STRANGER)

        async def answer(user_id: int, payload: str, stars: int) -> CheckoutRefusal | None:
            return await PURCHASES.check_out(tx, user_id, payload, stars)

        assert await answer(USER, "nothing", 100) is CheckoutRefusal.UNKNOWN
        assert await answer(USER, invoice.id, 99) is CheckoutRefusal.UNKNOWN
        assert await answer(STRANGER, invoice.id, 100) is CheckoutRefusal.NOT_YOURS
        assert await answer(USER, invoice.id, 100) is None
        assert await answer(USER, invoice.id, 100) is CheckoutRefusal.UNDER_WAY
        await PURCHASES.credit(tx, charge("ch1", 100, payload=invoice.id), FoundIn.MESSAGE)
        assert await answer(USER, invoice.id, 100) is CheckoutRefusal.OVER
    assert await pots(database) == (100, 10, 0)


async def test_an_invoice_that_was_paid_twice_is_credited_twice(database: Database) -> None:
    async with database.transaction() as tx:
        invoice = await PURCHASES.offer(tx, USER, InvoiceKind.TOP_UP, 12)
        for name in ("ch1", "ch2"):
            paid = charge(name, 12, payload=invoice.id)
            assert await PURCHASES.credit(tx, paid, FoundIn.MESSAGE)
    assert await pots(database) == (24, 0, 0)


async def test_a_strangers_payment_is_the_strangers(database: Database) -> None:
    async with database.transaction() as tx:
        invoice = await PURCHASES.offer(tx, USER, InvoiceKind.PACK, 100)
        paid = charge("ch1", 100, STRANGER, invoice.id)
        await PURCHASES.credit(tx, paid, FoundIn.MESSAGE)
        theirs = await tx.wallets.find(STRANGER)
    assert theirs is not None
    assert theirs.paid == 100
    assert await pots(database) == (0, 0, 0)


async def test_an_admin_gives_back_what_is_unused_and_the_house_pays_the_rest(
    database: Database,
) -> None:
    await pay(database, "ch1", 100)
    await hold(database, "job", 60)
    async with database.transaction() as tx:
        with pytest.raises(StaleButton):
            await PURCHASES.freeze(tx, "ch1", "wish", "admin")
        await CREDITS.capture(tx, "job", 1)
        frozen = await PURCHASES.freeze(tx, "ch1", "wish", "admin")
        with pytest.raises(StaleButton):
            await PURCHASES.freeze(tx, "ch1", "wish", "admin")
    assert frozen.frozen_paid == 40
    assert await pots(database) == (0, 0, 40)
    with pytest.raises(CreditsMissing):
        await hold(database, "other", 1)
    async with database.transaction() as tx:
        assert await PURCHASES.settle(tx, "ch1")
        assert await PURCHASES.settle(tx, "ch1") is None
        assert await PURCHASES.refunded(tx, charge("ch1", 100)) is None
    assert await pots(database) == (0, 0, 0)


async def test_a_refund_that_telegram_refuses_is_undone(database: Database) -> None:
    async with database.transaction() as tx:
        invoice = await PURCHASES.offer(tx, USER, InvoiceKind.PACK, 60, 9)
        bought = replace(charge(), payload=invoice.id)
        assert await PURCHASES.credit(tx, bought, FoundIn.MESSAGE)
    for _ in range(2):
        async with database.transaction() as tx:
            await PURCHASES.freeze(tx, "ch1", "wish", "admin")
            assert await PURCHASES.thaw(tx, "ch1", "refused")
            assert not await PURCHASES.thaw(tx, "ch1", "refused")
            thawed = await tx.payments.get("ch1")
        assert thawed is not None
        assert (thawed.frozen_paid, thawed.frozen_bonus) == (0, 0)
        assert await pots(database) == (60, 9, 0)


async def test_the_oldest_purchase_is_spent_first(database: Database) -> None:
    await pay(database, "ch2", 50)
    await pay(database, "ch1", 30)
    await hold(database, "job", 40)
    async with database.transaction() as tx:
        await CREDITS.capture(tx, "job", 1)
        wallet_id = (await tx.wallets.of_user(USER)).id
        payments = {one.charge_id: one for one in await tx.payments.of_wallet(wallet_id)}
        left = [await PURCHASES.unused(tx, payments[name]) for name in ("ch1", "ch2")]
    assert left == [0, 40]


async def test_of_two_purchases_of_one_second_the_first_by_id_is_spent_first(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        for name in ("ch1", "ch2"):
            at_once = replace(charge(name, 30), paid_at=DAY_ONE)
            assert await PURCHASES.credit(tx, at_once, FoundIn.MESSAGE)
    await hold(database, "job", 40)
    async with database.transaction() as tx:
        await CREDITS.capture(tx, "job", 1)
        payments = [await tx.payments.get(name) for name in ("ch1", "ch2")]
        left = [await PURCHASES.unused(tx, one) for one in payments if one is not None]
    assert left == [0, 20]


async def test_a_refund_from_outside_leaves_what_is_spent_as_a_debt(database: Database) -> None:
    await pay(database, "ch1", 100)
    await hold(database, "job", 60)
    async with database.transaction() as tx:
        await CREDITS.capture(tx, "job", 1)
        assert await PURCHASES.refunded(tx, charge("ch1", 100)) is RefundedBy.OUTSIDE
        assert await PURCHASES.refunded(tx, charge("ch1", 100)) is None
    assert await pots(database) == (-60, 0, 0)
    with pytest.raises(CreditsMissing) as missing:
        await hold(database, "other", 12)
    assert missing.value.params["missing"] == 72


@pytest.mark.parametrize(("spent", "after"), [(0, (0, 0, 0)), (5, (-5, 0, 0)), (69, (-69, 0, 0))])
async def test_a_refund_from_outside_takes_the_bonus_and_what_is_spent_of_it_is_owed(
    database: Database, spent: int, after: tuple[int, int, int]
) -> None:
    async with database.transaction() as tx:
        invoice = await PURCHASES.offer(tx, USER, InvoiceKind.PACK, 60, 9)
        bought = replace(charge(), payload=invoice.id)
        await PURCHASES.credit(tx, bought, FoundIn.MESSAGE)
        if spent:
            await CREDITS.hold(tx, USER, "job", OrderKind.PICTURES, spent, 1)
            await CREDITS.capture(tx, "job", 1)
        assert await PURCHASES.refunded(tx, bought) is RefundedBy.OUTSIDE
    assert await pots(database) == after


async def test_what_is_given_back_whole_is_kept_whole_also_from_who_owes(
    database: Database,
) -> None:
    await pay(database, "ch1", 100)
    await hold(database, "job", 60)
    async with database.transaction() as tx:
        await CREDITS.capture(tx, "job", 1)
        await PURCHASES.refunded(tx, charge("ch1", 100))
    await pay(database, "ch2", 50)
    async with database.transaction() as tx:
        frozen = await PURCHASES.freeze(tx, "ch2", "payments_off", "system", is_whole=True)
        assert frozen.frozen_paid == 50
        await PURCHASES.settle(tx, "ch2")
    assert await pots(database) == (-60, 0, 0)


async def test_a_refund_that_comes_before_its_payment_leaves_nothing(database: Database) -> None:
    async with database.transaction() as tx:
        assert await PURCHASES.refunded(tx, charge()) is RefundedBy.OUTSIDE
        assert await PURCHASES.credit(tx, charge(), FoundIn.MESSAGE) is None
        payment = await tx.payments.get("ch1")
    assert payment is not None
    assert payment.state is PaymentState.REFUNDED
    assert await pots(database) == (0, 0, 0)


@pytest.mark.parametrize("table", ["entries", "movements"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
async def test_the_database_itself_refuses_to_change_the_ledger(
    database: Database, table: str, change: str
) -> None:
    await pay(database)
    column = "seq" if table == "entries" else "amount"
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.engine.begin() as connection:
            await connection.execute(text(change.format(table, column, f"{column} + 1")))


async def test_every_event_has_an_entry_with_the_balance_after_it(database: Database) -> None:
    await pay(database)
    await hold(database, "job", 12)
    async with database.transaction() as tx:
        await CREDITS.release(tx, "job", "failed")
        entries = await tx.wallets.entries((await tx.wallets.of_user(USER)).id, 2, None)
        (first,) = await tx.wallets.entries(entries[0].wallet_id, 9, entries[-1].seq)
    assert [(one.key, one.paid_after, one.held_after) for one in entries] == [
        ("end:job", 60, 0),
        ("hold:job", 48, 12),
    ]
    assert (first.key, first.paid_after) == ("pay:ch1", 60)


async def test_the_stars_that_are_kept_are_those_that_were_not_given_back(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        assert await tx.payments.net_stars() == 0
    await pay(database, "ch1", 60)
    await pay(database, "ch2", 25)
    async with database.transaction() as tx:
        assert await tx.payments.net_stars() == 85
        # While it is asked for, Telegram has it still.
        await PURCHASES.freeze(tx, "ch1", "wish", "admin")
        assert await tx.payments.net_stars() == 85
        await PURCHASES.settle(tx, "ch1")
        assert await tx.payments.net_stars() == 25
