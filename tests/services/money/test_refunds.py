"""A refund of ours is asked for until Telegram has answered, and then it is settled or undone."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from db.database import Database
from services.domain.credits import Entry, EntryKind, FoundIn, PaymentState
from services.errors import NotFound, StaleButton
from services.money.charges import Charge
from services.money.purchases import Purchases
from services.money.refunds import LOOK_EVERY_S, Refunds
from tests.services.jobs.paying import HAS, pay_in
from tests.services.kit import STRANGER, USER
from tests.services.stars import Telegram

ADMIN = 7
CHARGE = f"ch-{USER}"


@pytest.fixture
async def database(sound_ledger: Database) -> Database:
    return sound_ledger


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()


@pytest.fixture
def refunds(database: Database, telegram: Telegram) -> Refunds:
    return Refunds(database, telegram)


async def pots(database: Database) -> tuple[int, int]:
    async with database.transaction() as tx:
        wallet = await tx.wallets.of_user(USER)
    return wallet.paid, wallet.held


async def newest_entry(database: Database) -> Entry:
    async with database.transaction() as tx:
        wallet = await tx.wallets.of_user(USER)
        (entry,) = await tx.wallets.entries(wallet.id, 1, None)
    return entry


async def test_what_an_admin_gives_back_is_given_back_once(
    database: Database, telegram: Telegram, refunds: Refunds
) -> None:
    await pay_in(database)
    await refunds.begin(CHARGE, "asked", ADMIN)
    assert await refunds.look() == LOOK_EVERY_S
    with pytest.raises(StaleButton):
        await refunds.begin(CHARGE, "asked", ADMIN)
    assert telegram.refunded == [(USER, CHARGE)]
    assert await pots(database) == (0, 0)
    (payment,) = await refunds.payments_of(USER)
    assert payment.state is PaymentState.REFUNDED


async def test_the_ledger_says_who_gave_a_payment_back(
    database: Database, telegram: Telegram, refunds: Refunds
) -> None:
    await pay_in(database)
    telegram.is_down = True
    await refunds.begin(CHARGE, "asked", ADMIN)
    begun = await newest_entry(database)
    assert (begun.kind, begun.reason, begun.actor) == (EntryKind.FREEZE, "asked", "admin 7")
    telegram.is_down = False
    await refunds.look()
    ended = await newest_entry(database)
    assert (ended.kind, ended.reason, ended.actor) == (EntryKind.REFUND, "admin", "telegram")
    # Under this key those are kept that were made before.
    assert ended.key == f"refund:{CHARGE}"


async def test_without_an_answer_it_is_kept_and_asked_for_again(
    database: Database, telegram: Telegram, refunds: Refunds
) -> None:
    await pay_in(database)
    telegram.is_down = True
    await refunds.begin(CHARGE, "asked", ADMIN)
    assert await pots(database) == (0, HAS)
    telegram.is_down = False
    await refunds.look()
    assert telegram.refunded == [(USER, CHARGE)] * 2
    assert await pots(database) == (0, 0)


async def test_what_telegram_refuses_can_be_spent_again(
    database: Database,
    telegram: Telegram,
    refunds: Refunds,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await pay_in(database)
    telegram.unknown = {CHARGE}
    with caplog.at_level(logging.ERROR):
        await refunds.begin(CHARGE, "asked", ADMIN)
    assert [one for one in caplog.messages if CHARGE in one and "CHARGE_NOT_FOUND" in one]
    assert await pots(database) == (HAS, 0)
    undone = await newest_entry(database)
    assert (undone.kind, undone.reason, undone.actor) == (EntryKind.THAW, "refused", "system")
    (payment,) = await refunds.payments_of(USER)
    assert payment.state is PaymentState.PAID


async def test_payments_are_listed_newest_first_and_of_one_second_by_id(
    database: Database, refunds: Refunds
) -> None:
    assert await refunds.payments_of(USER) == []
    second = Charge("ch2", USER, 5, "?", datetime(2026, 11, 2, tzinfo=UTC))
    charges = [
        second,
        replace(second, charge_id="ch3"),
        replace(second, charge_id="ch1"),
        replace(second, charge_id="ch4", paid_at=second.paid_at - timedelta(days=1)),
        replace(second, charge_id="ch5", user_id=STRANGER),
    ]
    async with database.transaction() as tx:
        for charge in charges:
            await Purchases().credit(tx, charge, FoundIn.MESSAGE)
    listed = await refunds.payments_of(USER)
    assert [one.charge_id for one in listed] == ["ch3", "ch2", "ch1", "ch4"]


async def test_what_was_never_paid_is_not_given_back(refunds: Refunds, telegram: Telegram) -> None:
    with pytest.raises(NotFound):
        await refunds.begin(CHARGE, "asked", ADMIN)
    assert telegram.refunded == []
