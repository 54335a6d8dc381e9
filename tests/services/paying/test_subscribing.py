"""A subscription is begun, cancelled and allowed again; Telegram is asked until it answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from db.database import Database
from services.console.maintenance import MaintenanceMode
from services.domain.clock import now
from services.domain.credits import FoundIn, InvoiceKind, NoteKind
from services.domain.subscriptions import PERIOD, Subscription, SubscriptionState, Wish
from services.errors import AlreadySubscribed, StaleButton, UnderMaintenance
from services.money.charges import Charge
from services.money.purchases import Purchases
from services.money.retention import Retention
from services.paying.packs import Pack
from services.paying.subscribing import LOOK_EVERY_S, Subscribing
from tests.services.kit import STRANGER, USER
from tests.services.stars import Telegram, waiting_notes

MONTHLY = Pack(250, 50)
ACTIVE, CANCELLED = SubscriptionState.ACTIVE, SubscriptionState.CANCELLED


@pytest.fixture
def subscribing(database: Database, telegram: Telegram) -> Subscribing:
    return Subscribing(database, telegram, MONTHLY, is_on=True)


async def subscribed(
    database: Database,
    subscribing: Subscribing,
    *months_ago: float,
    name: Callable[[int], str] = "ch{}".format,
) -> Subscription:
    """Have a user subscribe, and pay so long ago each time."""
    invoice = await subscribing.begin(USER)
    for number, months in enumerate(months_ago or [0.5]):
        at = now() - months * PERIOD
        paid = Charge(name(number), USER, 250, invoice.id, at, at + PERIOD, is_first=number == 0)
        async with database.transaction() as tx:
            assert await Purchases().credit(tx, paid, FoundIn.MESSAGE)
    async with database.transaction() as tx:
        (one,) = await tx.subscriptions.of_wallet(invoice.wallet_id)
    return one


async def read(database: Database, one: Subscription) -> Subscription:
    async with database.transaction() as tx:
        found = await tx.subscriptions.lock(one.id)
    assert found is not None
    return found


async def test_the_first_months_invoice_is_what_is_offered(subscribing: Subscribing) -> None:
    invoice = await subscribing.begin(USER)
    assert (invoice.kind, invoice.stars, invoice.bonus) == (InvoiceKind.SUBSCRIPTION, 250, 50)
    assert await subscribing.of(USER) == []


async def test_nothing_begins_where_nothing_is_offered_or_in_maintenance(
    database: Database, telegram: Telegram, subscribing: Subscribing
) -> None:
    with pytest.raises(StaleButton):
        await Subscribing(database, telegram, None, is_on=True).begin(USER)
    await MaintenanceMode(database).switch(1, on=True)
    with pytest.raises(UnderMaintenance):
        await subscribing.begin(USER)


async def test_who_has_one_that_is_renewed_begins_no_second(
    database: Database, subscribing: Subscribing
) -> None:
    one = await subscribed(database, subscribing)
    with pytest.raises(AlreadySubscribed):
        await subscribing.begin(USER)
    await subscribing.begin(STRANGER)
    await subscribing.cancel(USER, one.id)
    await subscribing.begin(USER)


@pytest.mark.parametrize(("months_ago", "is_shown"), [(0.5, True), (1.05, True), (1.2, False)])
async def test_a_subscription_is_shown_until_no_renewal_can_come_any_more(
    database: Database, subscribing: Subscribing, *, months_ago: float, is_shown: bool
) -> None:
    one = await subscribed(database, subscribing, months_ago)
    assert [found.id for found in await subscribing.of(USER)] == [one.id] * is_shown
    assert await subscribing.of(STRANGER) == []


async def test_telegram_is_asked_by_the_first_payment_and_by_the_latest(
    database: Database, telegram: Telegram, subscribing: Subscribing
) -> None:
    one = await subscribed(database, subscribing, 4.5, 2.5, 1.5, 0.5)
    cancelled = await subscribing.cancel(USER, one.id)
    assert telegram.edited == [(USER, "ch0", True), (USER, "ch2", True), (USER, "ch3", True)]
    assert (cancelled.state, cancelled.wish, cancelled.is_ours) == (CANCELLED, None, True)


async def test_what_telegram_calls_by_one_name_is_asked_for_once(
    database: Database, telegram: Telegram, subscribing: Subscribing
) -> None:
    one = await subscribed(database, subscribing, 2.5, 1.5, 0.5, name="ch".format)
    await subscribing.cancel(USER, one.id)
    assert telegram.edited == [(USER, "ch", True)]


async def test_it_is_enough_that_telegram_knows_one_of_the_payments(
    database: Database, telegram: Telegram, subscribing: Subscribing
) -> None:
    one = await subscribed(database, subscribing, 1.5, 0.5)
    telegram.unknown = {"ch0"}
    cancelled = await subscribing.cancel(USER, one.id)
    assert (cancelled.wish, cancelled.is_ours) == (None, True)


async def test_what_telegram_knows_by_no_payment_was_not_cancelled_here(
    database: Database, telegram: Telegram, subscribing: Subscribing
) -> None:
    one = await subscribed(database, subscribing)
    telegram.unknown = {"ch0"}
    cancelled = await subscribing.cancel(USER, one.id)
    assert (cancelled.state, cancelled.wish, cancelled.is_ours) == (CANCELLED, None, False)
    with pytest.raises(StaleButton):
        await subscribing.allow(USER, one.id)


async def test_without_an_answer_the_wish_stays_and_is_asked_for_again(
    database: Database, telegram: Telegram, subscribing: Subscribing
) -> None:
    one = await subscribed(database, subscribing)
    telegram.is_down = True
    cancelled = await subscribing.cancel(USER, one.id)
    assert (cancelled.state, cancelled.wish, cancelled.is_ours) == (CANCELLED, Wish.CANCEL, True)
    telegram.is_down = False
    assert await subscribing.look() == LOOK_EVERY_S
    assert (await read(database, one)).wish is None
    await subscribing.look()
    assert telegram.edited == [(USER, "ch0", True)] * 2


async def test_what_was_cancelled_here_can_be_allowed_again_once(
    database: Database, telegram: Telegram, subscribing: Subscribing
) -> None:
    one = await subscribed(database, subscribing)
    with pytest.raises(StaleButton):
        await subscribing.allow(USER, one.id)
    await subscribing.cancel(USER, one.id)
    with pytest.raises(StaleButton):
        await subscribing.cancel(USER, one.id)
    allowed = await subscribing.allow(USER, one.id)
    # Only its user can take it up again, in Telegram.
    assert (allowed.state, allowed.wish, allowed.is_ours) == (CANCELLED, None, False)
    assert telegram.edited == [(USER, "ch0", True), (USER, "ch0", False)]
    with pytest.raises(StaleButton):
        await subscribing.allow(USER, one.id)


async def test_of_a_strangers_subscription_nothing_is_asked(
    database: Database, telegram: Telegram, subscribing: Subscribing
) -> None:
    one = await subscribed(database, subscribing)
    with pytest.raises(StaleButton):
        await subscribing.cancel(STRANGER, one.id)
    await subscribing.cancel(USER, one.id)
    with pytest.raises(StaleButton):
        await subscribing.allow(STRANGER, one.id)
    assert telegram.edited == [(USER, "ch0", True)]


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("canceled", CANCELLED),
        ("failed", SubscriptionState.FAILED),
        ("active", ACTIVE),
        ("a word of next year", ACTIVE),
    ],
)
async def test_what_telegram_says_is_noted_and_an_unknown_word_says_nothing(
    database: Database, subscribing: Subscribing, word: str, state: SubscriptionState
) -> None:
    one = await subscribed(database, subscribing)
    await subscribing.learn(USER, one.invoice_id, word)
    assert (await read(database, one)).state is state


async def test_of_who_has_no_wallet_nothing_is_noted(
    database: Database, subscribing: Subscribing
) -> None:
    one = await subscribed(database, subscribing)
    await subscribing.learn(STRANGER, one.invoice_id, "canceled")
    assert await read(database, one) == one


async def test_what_its_user_has_taken_up_again_is_not_cancelled_here_any_more(
    database: Database, subscribing: Subscribing
) -> None:
    one = await subscribed(database, subscribing)
    await subscribing.cancel(USER, one.id)
    await subscribing.learn(USER, one.invoice_id, "active")
    found = await read(database, one)
    assert (found.state, found.is_ours) == (ACTIVE, False)
    with pytest.raises(StaleButton):
        await subscribing.allow(USER, one.id)


async def test_what_was_cancelled_here_stays_so_where_stars_were_missing(
    database: Database, subscribing: Subscribing
) -> None:
    one = await subscribed(database, subscribing)
    await subscribing.cancel(USER, one.id)
    for _ in range(2):
        await subscribing.learn(USER, one.invoice_id, "failed")
    assert (await read(database, one)).is_ours
    kinds = [note.kind for note in await waiting_notes(database)]
    assert kinds.count(NoteKind.NOT_RENEWED) == 1
    assert not (await subscribing.allow(USER, one.id)).is_ours


async def test_where_users_do_not_pay_any_more_telegram_takes_nothing(
    database: Database, telegram: Telegram, subscribing: Subscribing
) -> None:
    one = await subscribed(database, subscribing)
    await subscribing.look()
    assert (await read(database, one)).renews
    await Subscribing(database, telegram, None, is_on=False).look()
    assert not (await read(database, one)).renews
    assert telegram.edited == [(USER, "ch0", True)]


async def test_a_wish_for_who_is_forgotten_is_dropped(
    database: Database, telegram: Telegram, subscribing: Subscribing
) -> None:
    one = await subscribed(database, subscribing)
    await subscribing.cancel(USER, one.id)
    async with database.transaction() as tx:
        await tx.users.remove(USER)
        await tx.wallets.note_deleted(one.wallet_id, now() - timedelta(days=2))
    await Retention(database, 1).look()
    async with database.transaction() as tx:
        found = await tx.subscriptions.lock(one.id)
        assert found is not None
        await tx.subscriptions.change(replace(found, wish=Wish.CANCEL))
    telegram.edited.clear()
    await subscribing.ask()
    assert telegram.edited == []
    assert (await read(database, one)).wish is None
