"""A subscription is paid each month, once each, whichever id Telegram gives a renewal."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.credits import (
    EntryKind,
    FoundIn,
    Invoice,
    InvoiceKind,
    NoteKind,
    PaymentState,
    RefundedBy,
)
from services.domain.subscriptions import PERIOD, Subscription, SubscriptionState, Wish
from services.errors import StaleButton
from services.money.charges import Charge
from services.money.purchases import CheckoutRefusal, Purchases
from services.money.subscriptions import Subscriptions
from tests.services.kit import STRANGER, USER, meet
from tests.services.stars import only_subscription, waiting_notes

FIRST = datetime.now(UTC).replace(microsecond=0)
PURCHASES, SUBSCRIPTIONS = Purchases(), Subscriptions()
STARS, BONUS = 250, 50

same_or_new = pytest.mark.parametrize("ids", ["same", "new"])


@pytest.fixture
async def database(sound_ledger: Database) -> Database:
    await meet(sound_ledger, USER, STRANGER)
    return sound_ledger


async def offered(database: Database) -> Invoice:
    async with database.transaction() as tx:
        return await PURCHASES.offer(tx, USER, InvoiceKind.SUBSCRIPTION, STARS, BONUS)


def month(invoice: Invoice, number: int, ids: str = "new", late_s: int = 0) -> Charge:
    """What the message of a month says; the first is number 0."""
    at = FIRST + number * PERIOD
    return Charge(
        "ch" if ids == "same" else f"ch{number}",
        USER,
        STARS,
        invoice.id,
        at + timedelta(seconds=late_s),
        paid_until=at + PERIOD,
        is_first=number == 0,
    )


def line(invoice: Invoice, number: int, ids: str = "new", nth: int = 1) -> Charge:
    """What the statement says of a month."""
    told = month(invoice, number, ids)
    return Charge(told.charge_id, USER, STARS, invoice.id, told.paid_at, nth=nth)


async def hears(database: Database, charge: Charge, found_in: FoundIn = FoundIn.MESSAGE) -> bool:
    async with database.transaction() as tx:
        return await PURCHASES.credit(tx, charge, found_in) is not None


async def pots(database: Database) -> tuple[int, int]:
    async with database.transaction() as tx:
        wallet = await tx.wallets.of_user(USER)
    return wallet.paid, wallet.bonus


async def the_subscription(database: Database) -> Subscription:
    async with database.transaction() as tx:
        return await only_subscription(tx)


@same_or_new
async def test_each_month_is_credited_once_however_often_it_is_told(
    database: Database, ids: str
) -> None:
    invoice = await offered(database)
    for number in range(3):
        told = [await hears(database, month(invoice, number, ids)) for _ in range(2)]
        assert told == [True, False]
        assert await pots(database) == ((number + 1) * STARS, (number + 1) * BONUS)
        found = await the_subscription(database)
        assert found.paid_until == FIRST + (number + 1) * PERIOD
        assert found.renews
    async with database.transaction() as tx:
        entries = await tx.wallets.entries(found.wallet_id, 10, None)
    assert [one.kind for one in entries] == [
        EntryKind.RENEWAL,
        EntryKind.RENEWAL,
        EntryKind.SUBSCRIPTION,
    ]


@same_or_new
@pytest.mark.parametrize("is_late", [True, False])
async def test_a_month_whose_message_is_lost_or_late_is_found_once(
    database: Database, ids: str, *, is_late: bool
) -> None:
    invoice = await offered(database)
    for number in range(3):
        assert await hears(database, line(invoice, number, ids), FoundIn.STATEMENT)
        assert not await hears(database, line(invoice, number, ids), FoundIn.STATEMENT)
        if is_late:
            # Telegram's dates of the two may differ a little.
            assert not await hears(database, month(invoice, number, ids, late_s=2))
            assert not await hears(database, month(invoice, number, ids, late_s=2))
    for number in range(3):
        assert not await hears(database, line(invoice, number, ids), FoundIn.STATEMENT)
    assert await pots(database) == (3 * STARS, 3 * BONUS)
    assert (await the_subscription(database)).paid_until == FIRST + 3 * PERIOD


async def test_a_message_after_its_line_says_how_long_is_paid(database: Database) -> None:
    invoice = await offered(database)
    assert await hears(database, line(invoice, 0), FoundIn.STATEMENT)
    until = FIRST + PERIOD + timedelta(minutes=5)
    told = replace(month(invoice, 0), paid_until=until)
    assert not await hears(database, told)
    assert (await the_subscription(database)).paid_until == until
    async with database.transaction() as tx:
        payment = await tx.payments.get("ch0")
    assert payment is not None
    assert payment.paid_until == until
    # One that says less than is known shortens nothing.
    assert await hears(database, line(invoice, 1), FoundIn.STATEMENT)
    known = (await the_subscription(database)).paid_until
    assert not await hears(database, replace(month(invoice, 1), paid_until=until))
    assert (await the_subscription(database)).paid_until == known


async def test_two_lines_of_a_day_with_one_id_are_two_payments(database: Database) -> None:
    invoice = await offered(database)
    assert await hears(database, month(invoice, 0, "same"))
    assert not await hears(database, line(invoice, 0, "same"), FoundIn.STATEMENT)
    assert await hears(database, line(invoice, 0, "same", nth=2), FoundIn.STATEMENT)
    assert await pots(database) == (2 * STARS, 2 * BONUS)


async def test_an_invoice_that_was_paid_twice_at_first_is_two_subscriptions(
    database: Database,
) -> None:
    invoice = await offered(database)
    for name in ("ch1", "ch2"):
        charge = Charge(
            name, USER, STARS, invoice.id, FIRST, paid_until=FIRST + PERIOD, is_first=True
        )
        assert await hears(database, charge)
    assert await hears(database, month(invoice, 1, "new"))
    async with database.transaction() as tx:
        wallet = await tx.wallets.of_user(USER)
        found = await tx.subscriptions.of_wallet(wallet.id)
        assert await SUBSCRIPTIONS.cancel_all(tx, wallet.id)
        wished = await tx.subscriptions.wished()
    assert {one.charge_id for one in found} == {"ch1", "ch2"}
    assert {one.charge_id for one in wished} == {"ch1", "ch2"}


async def test_a_renewal_goes_to_the_subscription_whose_month_it_follows(
    database: Database,
) -> None:
    invoice, later = await offered(database), timedelta(days=10)
    begun = month(invoice, 0)
    after = replace(
        begun,
        charge_id="after",
        paid_at=begun.paid_at + later,
        paid_until=FIRST + later + PERIOD,
    )
    assert await hears(database, begun)
    assert await hears(database, after)
    ends = {"ch0": FIRST + PERIOD, "after": FIRST + later + PERIOD}
    for name, number in (("ch0", 1), ("after", 1), ("ch0", 2)):
        ends[name] += PERIOD
        renewal = replace(month(invoice, number, "new"), paid_until=ends[name], is_first=False)
        assert await hears(database, replace(renewal, charge_id=f"{name} {number}"))
        async with database.transaction() as tx:
            found = await tx.subscriptions.of_wallet(invoice.wallet_id)
        assert {one.charge_id: one.paid_until for one in found} == ends


@pytest.mark.parametrize("renewal_in", [FoundIn.MESSAGE, FoundIn.STATEMENT])
@pytest.mark.parametrize("found_in", [FoundIn.MESSAGE, FoundIn.STATEMENT])
async def test_a_first_month_that_is_found_last_gives_the_subscription_its_id(
    database: Database, found_in: FoundIn, renewal_in: FoundIn
) -> None:
    invoice = await offered(database)
    renewal = month(invoice, 1) if renewal_in is FoundIn.MESSAGE else line(invoice, 1)
    assert await hears(database, renewal, renewal_in)
    assert (await the_subscription(database)).charge_id == "ch1"
    first = month(invoice, 0) if found_in is FoundIn.MESSAGE else line(invoice, 0)
    assert await hears(database, first, found_in)
    assert await hears(database, month(invoice, 2))
    found = await the_subscription(database)
    assert (found.charge_id, found.paid_until) == ("ch0", FIRST + 3 * PERIOD)
    assert await pots(database) == (3 * STARS, 3 * BONUS)


@same_or_new
async def test_a_refund_of_a_renewal_takes_what_is_left_of_it(
    database: Database, ids: str
) -> None:
    invoice = await offered(database)
    for number in range(2):
        await hears(database, month(invoice, number, ids))
    async with database.transaction() as tx:
        payments = await tx.payments.of_wallet((await only_subscription(tx)).wallet_id)
        renewal, first = payments
        frozen = await PURCHASES.freeze(tx, renewal.charge_id, "wish", "admin 1")
        assert frozen.telegram_id == month(invoice, 1, ids).charge_id
    assert await pots(database) == (STARS, BONUS)
    refund = Charge(frozen.telegram_id, USER, STARS, invoice.id, now())
    async with database.transaction() as tx:
        assert await PURCHASES.refunded(tx, refund) is RefundedBy.ADMIN
        assert await PURCHASES.refunded(tx, refund) is None
        kept = await tx.payments.get(first.charge_id)
        assert kept is not None
        assert kept.state is PaymentState.PAID
    if ids == "same":
        # Telegram gives an id back once.
        with pytest.raises(StaleButton):
            async with database.transaction() as tx:
                await PURCHASES.freeze(tx, first.charge_id, "wish", "admin 1")
    assert await pots(database) == (STARS, BONUS)


async def test_telegrams_word_of_a_refund_ends_the_one_that_was_begun(
    database: Database,
) -> None:
    invoice = await offered(database)
    for number in range(2):
        await hears(database, month(invoice, number, "same"))
    async with database.transaction() as tx:
        _, first = await tx.payments.of_wallet((await only_subscription(tx)).wallet_id)
        await PURCHASES.freeze(tx, first.charge_id, "wish", "admin 1")
        refund = Charge(first.telegram_id, USER, STARS, invoice.id, now())
        assert await PURCHASES.refunded(tx, refund) is RefundedBy.ADMIN
        renewal, first = await tx.payments.of_wallet(first.wallet_id)
    assert [renewal.state, first.state] == [PaymentState.PAID, PaymentState.REFUNDED]
    assert await pots(database) == (STARS, BONUS)


async def test_a_month_at_another_price_than_was_offered_brings_no_bonus(
    database: Database,
) -> None:
    invoice = await offered(database)
    assert await hears(database, replace(month(invoice, 0), stars=STARS - 1))
    found = await the_subscription(database)
    assert (found.stars, found.bonus, found.credits) == (STARS - 1, 0, STARS - 1)
    assert await pots(database) == (STARS - 1, 0)


async def test_the_next_month_may_be_asked_about_and_a_second_subscription_may_not(
    database: Database,
) -> None:
    invoice, second = await offered(database), await offered(database)
    async with database.transaction() as tx:
        assert await PURCHASES.check_out(tx, USER, invoice.id, STARS) is None
    await hears(database, month(invoice, 0))
    async with database.transaction() as tx:
        for one, refusal in (
            (invoice, CheckoutRefusal.OVER),
            (second, CheckoutRefusal.SUBSCRIBED),
        ):
            assert await PURCHASES.check_out(tx, USER, one.id, STARS) is refusal
        await tx.subscriptions.change(
            _paid_until(await only_subscription(tx), now() + timedelta(hours=1))
        )
        assert await PURCHASES.is_renewal(tx, invoice.id)
        assert await PURCHASES.check_out(tx, USER, invoice.id, STARS) is None
        assert (
            await PURCHASES.check_out(tx, STRANGER, invoice.id, STARS) is CheckoutRefusal.NOT_YOURS
        )
        await SUBSCRIPTIONS.cancel(tx, (await only_subscription(tx)).id)
        assert await PURCHASES.check_out(tx, USER, invoice.id, STARS) is CheckoutRefusal.OVER
        assert await PURCHASES.check_out(tx, USER, second.id, STARS) is None
        await tx.subscriptions.change(_paid_until(await only_subscription(tx), FIRST + PERIOD))


def _paid_until(one: Subscription, until: datetime) -> Subscription:
    values = {name: getattr(one, name) for name in Subscription.__dataclass_fields__}
    return Subscription(**{**values, "paid_until": until})


@pytest.mark.parametrize("is_paid_before", [True, False])
async def test_a_payment_since_the_cancelling_shows_that_it_goes_on(
    database: Database, *, is_paid_before: bool
) -> None:
    invoice = await offered(database)
    await hears(database, month(invoice, 0))
    async with database.transaction() as tx:
        wallet_id = (await only_subscription(tx)).wallet_id
        await SUBSCRIPTIONS.learn(tx, wallet_id, invoice.id, SubscriptionState.CANCELLED)
        assert not (await only_subscription(tx)).renews
    if is_paid_before:
        charge = Charge("old", USER, STARS, invoice.id, FIRST, FIRST + PERIOD * 2, is_first=False)
    else:
        charge = month(invoice, 1)
    assert await hears(database, charge)
    found = await the_subscription(database)
    expected = SubscriptionState.CANCELLED if is_paid_before else SubscriptionState.ACTIVE
    assert found.state is expected


async def test_a_payment_takes_up_again_what_we_have_cancelled(database: Database) -> None:
    invoice = await offered(database)
    await hears(database, month(invoice, 0))
    async with database.transaction() as tx:
        asked = await SUBSCRIPTIONS.cancel(tx, (await only_subscription(tx)).id)
        assert asked is not None
        await SUBSCRIPTIONS.settle(tx, asked, is_done=True)
    assert await hears(database, month(invoice, 1))
    found = await the_subscription(database)
    assert (found.state, found.is_ours) == (SubscriptionState.ACTIVE, False)
    assert found.changed_at == month(invoice, 1).paid_at


async def test_who_has_no_stars_for_it_is_told_once(database: Database) -> None:
    invoice = await offered(database)
    await hears(database, month(invoice, 0))
    async with database.transaction() as tx:
        wallet_id = (await only_subscription(tx)).wallet_id
        for _ in range(2):
            await SUBSCRIPTIONS.learn(tx, wallet_id, invoice.id, SubscriptionState.FAILED)
        assert not (await only_subscription(tx)).renews
        assert await SUBSCRIPTIONS.cancel_all(tx, wallet_id)
    *_, note = await waiting_notes(database)
    assert (note.kind, note.words) == (NoteKind.NOT_RENEWED, {"stars": STARS})


async def test_what_is_found_after_the_data_was_deleted_is_cancelled(database: Database) -> None:
    invoice = await offered(database)
    async with database.transaction() as tx:
        await tx.users.remove(USER)
    assert await hears(database, line(invoice, 0), FoundIn.STATEMENT)
    found = await the_subscription(database)
    assert (found.state, found.wish) == (SubscriptionState.CANCELLED, Wish.CANCEL)


async def test_a_payment_that_is_heard_of_last_and_is_for_longest_counts(
    database: Database,
) -> None:
    invoice, until = await offered(database), FIRST + 4 * PERIOD
    assert await hears(database, month(invoice, 1))
    assert await hears(database, replace(month(invoice, 0), paid_until=until))
    async with database.transaction() as tx:
        (found,) = await tx.subscriptions.of_invoice(invoice.id, invoice.wallet_id)
    assert (found.charge_id, found.paid_until) == ("ch0", until)
