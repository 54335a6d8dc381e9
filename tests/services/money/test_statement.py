"""Telegram's statement brings what messages did not, once, and nothing that is not ours."""

from dataclasses import replace
from datetime import timedelta

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.credits import FoundIn, InvoiceKind, PaymentState, StatementLine
from services.domain.subscriptions import PERIOD
from services.money.charges import Charge
from services.money.purchases import Purchases
from services.money.statement import LOOK_EVERY_S, OVERLAP, PAGE, RETRY_S, StatementWatch
from tests.services.kit import USER, meet
from tests.services.stars import Telegram

PURCHASES = Purchases()


@pytest.fixture
async def database(sound_ledger: Database) -> Database:
    await meet(sound_ledger, USER)
    return sound_ledger


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest.fixture
async def watch(database: Database, telegram: Telegram) -> StatementWatch:
    watch = StatementWatch(database, telegram)
    # The first look opens it: what was before is not ours.
    assert await watch.look() == LOOK_EVERY_S
    return watch


def paid(name: str = "ch1", stars: int = 60) -> StatementLine:
    return StatementLine(
        id=name,
        is_incoming=True,
        is_payment=True,
        stars=stars,
        date=now() + timedelta(seconds=1),
        user_id=USER,
        payload="?",
    )


async def pots(database: Database) -> tuple[int, int]:
    async with database.transaction() as tx:
        wallet = await tx.wallets.of_user(USER)
    return wallet.paid, wallet.bonus


async def test_a_payment_whose_message_was_lost_is_found_once(
    database: Database, telegram: Telegram, watch: StatementWatch
) -> None:
    telegram.lines = [paid()]
    for _ in range(2):
        assert await watch.look() == LOOK_EVERY_S
        assert await pots(database) == (60, 0)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"is_payment": False}, id="a withdrawal"),
        pytest.param({"is_payment": False, "user_id": None}, id="a reward"),
        pytest.param({"user_id": None}, id="of nobody"),
        pytest.param({"date": now() - timedelta(days=1)}, id="from before"),
        pytest.param({"is_incoming": False, "is_payment": False}, id="a gift sent"),
    ],
)
async def test_what_is_no_payment_to_us_is_passed_over(
    database: Database, telegram: Telegram, watch: StatementWatch, changes: dict[str, object]
) -> None:
    telegram.lines = [replace(paid(), **changes), paid("ch2", 7)]  # type: ignore[arg-type]
    await watch.look()
    assert await pots(database) == (7, 0)


async def test_a_statement_is_opened_once_and_nothing_of_it_is_read_then(
    database: Database,
) -> None:
    first = now()
    async with database.transaction() as tx:
        assert not await tx.star_statement.is_opened()
        assert await tx.star_statement.opened(first) == (first, 0)
        await tx.star_statement.note_read(12)
        assert await tx.star_statement.opened(first + timedelta(days=1)) == (first, 12)
        assert await tx.star_statement.is_opened()


async def test_of_the_second_in_which_it_was_opened_all_is_ours(
    database: Database, telegram: Telegram, watch: StatementWatch
) -> None:
    async with database.transaction() as tx:
        opened_at, _ = await tx.star_statement.opened(now())
    whole = opened_at.replace(microsecond=0)
    telegram.lines = [
        replace(paid("ch1", 5), date=whole - timedelta(seconds=1)),
        replace(paid("ch2", 7), date=whole),
    ]
    await watch.look()
    assert await pots(database) == (7, 0)


async def test_a_refund_whose_message_was_lost_takes_the_stars_away(
    database: Database, telegram: Telegram, watch: StatementWatch
) -> None:
    telegram.lines = [paid(), replace(paid(), is_incoming=False)]
    for _ in range(2):
        await watch.look()
        assert await pots(database) == (0, 0)
    async with database.transaction() as tx:
        payment = await tx.payments.get("ch1")
    assert payment is not None
    assert payment.state is PaymentState.REFUNDED


async def test_a_long_statement_is_read_page_by_page_and_the_next_look_overlaps(
    database: Database, telegram: Telegram, watch: StatementWatch
) -> None:
    telegram.lines = [paid(f"ch{number}", 1) for number in range(PAGE + 50)]
    telegram.asked.clear()
    await watch.look()
    assert await pots(database) == (PAGE + 50, 0)
    telegram.lines += [paid("late", 1)]
    await watch.look()
    assert telegram.asked == [0, PAGE, PAGE + 50 - OVERLAP, PAGE + 50 - OVERLAP + PAGE]
    assert await pots(database) == (PAGE + 51, 0)


async def test_what_cannot_be_read_now_is_read_soon(
    database: Database, telegram: Telegram, watch: StatementWatch
) -> None:
    telegram.lines, telegram.is_down = [paid()], True
    assert await watch.look() == RETRY_S
    telegram.is_down = False
    assert await watch.look() == LOOK_EVERY_S
    assert await pots(database) == (60, 0)


@pytest.mark.parametrize(("has_affiliate", "credited"), [(True, (100, 10)), (False, (90, 0))])
async def test_what_an_affiliate_has_taken_is_the_users_all_the_same(
    database: Database,
    telegram: Telegram,
    watch: StatementWatch,
    has_affiliate: bool,  # noqa: FBT001
    credited: tuple[int, int],
) -> None:
    async with database.transaction() as tx:
        invoice = await PURCHASES.offer(tx, USER, InvoiceKind.PACK, 100, 10)
    line = replace(paid(stars=90), payload=invoice.id, has_affiliate=has_affiliate)
    telegram.lines = [line]
    await watch.look()
    assert await pots(database) == credited


@pytest.mark.parametrize("lines", [1, 2, 3])
async def test_each_line_of_a_subscription_is_one_month_also_where_its_message_has_come(
    database: Database, telegram: Telegram, watch: StatementWatch, lines: int
) -> None:
    line = paid(stars=250)
    async with database.transaction() as tx:
        invoice = await PURCHASES.offer(tx, USER, InvoiceKind.SUBSCRIPTION, 250, 50)
        told = Charge(line.id, USER, 250, invoice.id, line.date, line.date + PERIOD)
        await PURCHASES.credit(tx, told, FoundIn.MESSAGE)
    telegram.lines = [replace(line, payload=invoice.id)] * lines
    for _ in range(2):
        await watch.look()
        assert await pots(database) == (lines * 250, lines * 50)


async def test_of_an_invoice_that_is_not_known_the_line_counts(
    database: Database, telegram: Telegram, watch: StatementWatch
) -> None:
    telegram.lines = [replace(paid(stars=90), payload="?", has_affiliate=True)]
    await watch.look()
    assert await pots(database) == (90, 0)


async def test_where_users_never_paid_nothing_is_asked(
    database: Database, telegram: Telegram
) -> None:
    assert await StatementWatch(database, telegram, is_on=False).look() == LOOK_EVERY_S
    assert telegram.asked == []


@pytest.mark.usefixtures("watch")
async def test_where_users_do_not_pay_any_more_what_comes_goes_back_whole(
    database: Database, telegram: Telegram
) -> None:
    telegram.lines = [paid()]
    await StatementWatch(database, telegram, is_on=False).look()
    async with database.transaction() as tx:
        payment = await tx.payments.get("ch1")
    assert payment is not None
    assert (payment.state, payment.frozen_paid) == (PaymentState.REFUNDING, 60)
    assert await pots(database) == (0, 0)
