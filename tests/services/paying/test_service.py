"""What a user can do with Stars, and what comes of it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from db import credit_tables as tables
from db.database import Database
from services.console.maintenance import MaintenanceMode
from services.domain.clock import now
from services.domain.credits import (
    Invoice,
    InvoiceKind,
    InvoiceState,
    NoteKind,
    PaymentState,
)
from services.domain.subscriptions import PERIOD
from services.domain.values import Place
from services.errors import CreditsMissing, StaleButton, UnderMaintenance
from services.money.charges import Charge
from services.money.credits import Credits
from services.money.purchases import CheckoutRefusal, Purchases
from services.paying.gifting import Gifting
from services.paying.packs import Pack
from services.paying.service import ORDER_LIVES, Paying
from services.users.privacy import PrivacyService
from tests.services.jobs.paying import HAS, PRICE, pay_for, pay_in
from tests.services.kit import STRANGER, USER, keep_model, wide_ledger
from tests.services.selling import DEARER, generations, orders
from tests.services.stars import waiting_notes

HERE = Place(USER)
PACKS = (Pack(100), Pack(250, 15))


def shop(database: Database, *packs: Pack) -> Paying:
    return Paying(database, packs, orders(database), 180)


@pytest.fixture
def paying(database: Database) -> Paying:
    return shop(database, *PACKS)


@pytest.fixture
def closed(database: Database) -> Paying:
    """A shop where users pay nothing any more."""
    return shop(database)


def charge(name: str, stars: int, payload: str = "?") -> Charge:
    return Charge(name, USER, stars, payload, datetime(2026, 11, 2, tzinfo=UTC))


async def pots(database: Database) -> tuple[int, int, int]:
    async with database.transaction() as tx:
        wallet = await tx.wallets.of_user(USER)
    return wallet.paid, wallet.bonus, wallet.held


async def state_of(database: Database, invoice: Invoice) -> InvoiceState:
    async with database.transaction() as tx:
        found = await tx.payments.lock_invoice(invoice.id)
    assert found is not None
    return found.state


async def wanted(database: Database) -> CreditsMissing:
    """Return what an order of a picture lacks, with what it was."""
    await keep_model(database, "https://lora")
    with pytest.raises(CreditsMissing) as missing:
        await generations(database).generate(USER, HERE, "a king", "message:1:1")
    return missing.value


async def is_waiting(database: Database) -> bool:
    async with database.transaction() as tx:
        return await tx.pending_orders.of_user(USER) is not None


async def test_payments_concern_everybody_where_users_pay(paying: Paying) -> None:
    assert paying.is_on
    assert list(paying.packs) == list(PACKS)
    assert await paying.concerns(USER)


async def test_where_users_pay_nothing_they_concern_who_has_paid(
    database: Database, closed: Paying
) -> None:
    await pay_in(database)
    assert not closed.is_on
    assert await closed.concerns(USER)
    assert not await closed.concerns(STRANGER)


async def test_a_pack_brings_its_credits_and_its_bonus(database: Database, paying: Paying) -> None:
    invoice = await paying.buy(USER, 250)
    assert (invoice.kind, invoice.stars, invoice.bonus) == (InvoiceKind.PACK, 250, 15)
    assert await paying.check_out(USER, invoice.id, 250) is None
    for is_new in (True, False):
        payment = await paying.paid(charge("ch1", 250, invoice.id))
        assert (payment is not None) is is_new
        assert await pots(database) == (250, 15, 0)
    assert [note.kind for note in await waiting_notes(database)] == [NoteKind.PAID]


async def test_a_pack_that_is_sold_no_more_is_not_offered(paying: Paying, closed: Paying) -> None:
    with pytest.raises(StaleButton):
        await paying.buy(USER, 500)
    with pytest.raises(StaleButton):
        await closed.buy(USER, 100)


async def test_in_maintenance_nothing_is_sold(database: Database, paying: Paying) -> None:
    invoice = await paying.buy(USER, 100)
    await MaintenanceMode(database).switch(1, on=True)
    with pytest.raises(UnderMaintenance):
        await paying.buy(USER, 100)
    with pytest.raises(UnderMaintenance):
        await paying.offer_missing(USER, CreditsMissing(price=5, missing=5))
    assert await paying.check_out(USER, invoice.id, 100) is CheckoutRefusal.MAINTENANCE
    # What Telegram has taken is credited all the same.
    assert await paying.paid(charge("ch1", 100, invoice.id))
    assert await pots(database) == (100, 0, 0)


async def test_in_maintenance_the_next_month_is_paid_on(
    database: Database, paying: Paying
) -> None:
    until = now()
    async with database.transaction() as tx:
        invoice = await Purchases().offer(tx, USER, InvoiceKind.SUBSCRIPTION, 250, 50)
    began = Charge("ch1", USER, 250, invoice.id, until - PERIOD, until, is_first=True)
    assert await paying.paid(began)
    await MaintenanceMode(database).switch(1, on=True)
    assert await paying.check_out(USER, invoice.id, 250) is None


async def test_where_users_pay_nothing_no_payment_is_agreed_to(
    paying: Paying, closed: Paying
) -> None:
    invoice = await paying.buy(USER, 100)
    assert await closed.check_out(USER, invoice.id, 100) is CheckoutRefusal.OVER
    assert await paying.check_out(USER, invoice.id, 100) is None


async def test_what_cannot_be_decided_in_time_is_refused(
    database: Database, paying: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.paying.service.DECIDE_WITHIN_S", 0.05)
    invoice = await paying.buy(USER, 100)
    async with database.transaction() as tx:
        await tx.payments.lock_invoice(invoice.id)
        assert await paying.check_out(USER, invoice.id, 100) is CheckoutRefusal.BUSY


async def test_without_its_database_nothing_is_agreed_to() -> None:
    gone = Database("postgresql+asyncpg://nobody@127.0.0.1:1/gone")
    assert await shop(gone, *PACKS).check_out(USER, "?", 100) is CheckoutRefusal.BUSY
    await gone.close()


async def test_what_comes_where_users_pay_nothing_is_kept_whole_also_beside_an_order(
    database: Database, closed: Paying
) -> None:
    await pay_for(database, "job")
    payment = await closed.paid(charge("ch1", 60))
    assert payment is not None
    async with database.transaction() as tx:
        kept = await tx.payments.get("ch1")
    assert kept is not None
    assert (kept.state, kept.frozen_paid) == (PaymentState.REFUNDING, 60)
    assert await pots(database) == (HAS - PRICE, 0, PRICE + 60)
    # That it came is told to nobody: that it goes back is.
    keys = [note.key for note in await waiting_notes(database)]
    assert keys == [f"{NoteKind.PAID}:ch-{USER}"]
    async with database.transaction() as tx:
        await Purchases().settle(tx, "ch1")
        await Credits().release(tx, "job", "failed")
    assert await pots(database) == (HAS, 0, 0)


async def test_a_refund_that_is_told_again_changes_nothing(
    database: Database, paying: Paying
) -> None:
    await paying.paid(charge("ch1", 60))
    for _ in range(2):
        await paying.refunded(charge("ch1", 60))
        assert await pots(database) == (0, 0, 0)


async def test_receipts_say_page_by_page_what_each_thing_has_changed(
    database: Database, paying: Paying
) -> None:
    assert (await paying.receipts(USER, None)).shown == ()
    await pay_for(database, "job")
    await paying.paid(charge("ch1", 60))
    async with database.transaction() as tx:
        await Credits().capture(tx, "job", 1)
    newest = await paying.receipts(USER, None, 2)
    assert [(one.change, one.available) for one in newest.shown] == [(0, 148), (60, 148)]
    assert newest.older is not None
    oldest = await paying.receipts(USER, newest.older, 2)
    assert [(one.change, one.available) for one in oldest.shown] == [(-PRICE, 88), (HAS, HAS)]
    assert oldest.older is None


async def test_only_the_newest_offer_of_what_is_missing_can_be_paid(
    database: Database, paying: Paying
) -> None:
    pack = await paying.buy(USER, 100)
    theirs = await paying.offer_missing(STRANGER, CreditsMissing(price=9, missing=9))
    older = await paying.offer_missing(USER, CreditsMissing(price=60, missing=60))
    newest = await paying.offer_missing(USER, await wanted(database))
    assert (newest.kind, newest.stars, newest.bonus) == (InvoiceKind.TOP_UP, 5, 0)
    assert await state_of(database, older) is InvoiceState.VOID
    for open_one in (pack, theirs, newest):
        assert await state_of(database, open_one) is InvoiceState.OPEN
    assert await is_waiting(database)


async def test_who_deletes_their_data_can_pay_no_offer_any_more(
    database: Database, paying: Paying
) -> None:
    paid, mine = [await paying.buy(USER, 100) for _ in range(2)]
    await paying.paid(charge("ch1", 100, paid.id))
    theirs = await paying.buy(STRANGER, 100)
    await PrivacyService(database, wide_ledger(), lambda _: None).forget(USER, HERE, None)
    states = [await state_of(database, one) for one in (paid, mine, theirs)]
    assert states == [InvoiceState.PAID, InvoiceState.VOID, InvoiceState.OPEN]
    assert await paying.check_out(USER, mine.id, 100) is CheckoutRefusal.OVER
    assert await paying.check_out(STRANGER, theirs.id, 100) is None


async def test_what_waited_goes_on_once_and_its_user_is_told(
    database: Database, paying: Paying
) -> None:
    await paying.go_on(USER)
    await paying.offer_missing(USER, await wanted(database))
    with pytest.raises(CreditsMissing):
        await paying.go_on(USER)
    assert await is_waiting(database)
    await pay_in(database)
    for _ in range(2):
        await paying.go_on(USER)
        assert await pots(database) == (HAS - 5, 0, 5)
    assert not await is_waiting(database)
    kinds = [note.kind for note in await waiting_notes(database)]
    assert sorted(kinds) == [NoteKind.GOES_ON, NoteKind.PAID]


async def test_an_order_that_is_refused_is_forgotten_and_its_user_is_told_why(
    database: Database, paying: Paying
) -> None:
    await paying.offer_missing(USER, await wanted(database))
    await pay_in(database)
    await Paying(database, PACKS, orders(database, DEARER), 180).go_on(USER)
    assert not await is_waiting(database)
    assert await pots(database) == (HAS, 0, 0)
    told = {note.kind: note.words for note in await waiting_notes(database)}
    assert told[NoteKind.REFUSED] == {"code": "price-changed", "price": 6}


async def test_a_gift_that_waited_is_made_and_its_user_gets_its_link(
    database: Database, paying: Paying
) -> None:
    with pytest.raises(CreditsMissing) as missing:
        await Gifting(database).make(USER, 20)
    await paying.offer_missing(USER, missing.value)
    await pay_in(database)
    await paying.go_on(USER)
    (gift,) = await Gifting(database).waiting(USER)
    told = {note.kind: note.words for note in await waiting_notes(database)}
    assert told[NoteKind.GIFT_MADE] == {"stars": 20, "gift": gift.code}


async def test_what_waited_for_too_long_is_not_wanted_any_more(
    database: Database, paying: Paying
) -> None:
    await paying.offer_missing(USER, await wanted(database))
    async with database.engine.begin() as connection:
        long_ago = update(tables.PendingOrder).values(created_at=now() - ORDER_LIVES)
        await connection.execute(long_ago)
    await pay_in(database)
    await paying.go_on(USER)
    assert not await is_waiting(database)
    assert await pots(database) == (HAS, 0, 0)
    assert [note.kind for note in await waiting_notes(database)] == [NoteKind.PAID]
