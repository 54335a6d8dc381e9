"""Admins are told of a condition once, and once when it is over."""

import asyncio
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import text

from db.database import Database
from services.domain.clock import now
from services.money.audit import LedgerAudit
from services.operator import ACCOUNT_TROUBLE, LOW_BALANCE, Operator
from tests.services.kit import Told


def operator_of(database: Database) -> tuple[Operator, Told]:
    told = Told()
    return Operator(database, told), told


async def paused(database: Database, operator: Operator) -> bool:
    async with database.transaction() as tx:
        return await operator.is_paused(tx)


async def test_a_refused_account_is_told_once_and_pauses_orders(database: Database) -> None:
    operator, told = operator_of(database)
    for _ in range(3):
        await operator.account_refused("Exhausted balance.")
    assert told.sentences == [("admin-account-refused", {"words": "Exhausted balance."})]
    assert await paused(database, operator)
    for _ in range(3):
        await operator.account_accepted()
    assert told.keys == ["admin-account-refused", "admin-account-accepted"]
    assert not await paused(database, operator)


async def test_many_refusals_at_once_are_told_once(database: Database) -> None:
    operator, told = operator_of(database)
    await asyncio.gather(*(operator.account_refused("no") for _ in range(20)))
    assert told.keys == ["admin-account-refused"]


async def test_a_second_trouble_after_the_first_is_over_is_told_again(database: Database) -> None:
    operator, told = operator_of(database)
    for _ in range(2):
        await operator.account_refused("no")
        await operator.account_accepted()
    assert told.keys == ["admin-account-refused", "admin-account-accepted"] * 2


async def test_a_pause_outlives_a_restart_and_is_not_told_again(database: Database) -> None:
    before, _ = operator_of(database)
    await before.account_refused("no")
    after, told = operator_of(database)
    await after.account_refused("no")
    assert told.keys == []
    assert await paused(database, after)


async def test_a_refusal_makes_the_pause_count_again(database: Database) -> None:
    operator, _ = operator_of(database)
    await operator.account_refused("no")
    async with database.transaction() as tx:
        first = await tx.notices.since(ACCOUNT_TROUBLE)
    await operator.account_refused("no")
    async with database.transaction() as tx:
        second = await tx.notices.since(ACCOUNT_TROUBLE)
    assert first is not None
    assert second is not None
    assert first < second
    assert now() - second < timedelta(minutes=1)


async def test_an_accepted_account_without_trouble_is_no_news(database: Database) -> None:
    operator, told = operator_of(database)
    await operator.account_accepted()
    await operator.watching_accepted()
    assert told.keys == []


async def test_refused_watching_is_told_once_and_pauses_nothing(database: Database) -> None:
    operator, told = operator_of(database)
    for _ in range(3):
        await operator.watching_refused("HTTP 401")
    for _ in range(3):
        await operator.watching_accepted()
    assert told.sentences == [
        ("admin-watching-refused", {"words": "HTTP 401"}),
        ("admin-watching-accepted", {}),
    ]
    assert not await paused(database, operator)


async def test_of_several_processes_one_tells_of_refused_watching_and_one_of_its_end(
    database: Database,
) -> None:
    (first, told), (second, told_too) = operator_of(database), operator_of(database)
    for operator in (first, second, first):
        await operator.watching_refused("HTTP 401")
    for operator in (second, first, second):
        await operator.watching_accepted()
    assert sorted(told.keys + told_too.keys) == [
        "admin-watching-accepted",
        "admin-watching-refused",
    ]


async def test_the_end_of_a_trouble_is_told_for_a_process_that_has_ended(
    database: Database,
) -> None:
    ended, _ = operator_of(database)
    operator, told = operator_of(database)
    await operator.watching_accepted()
    await ended.watching_refused("HTTP 401")
    await operator.watching_accepted()
    assert told.keys == []
    operator.others_changed()
    await operator.watching_accepted()
    assert told.keys == ["admin-watching-accepted"]


async def test_a_low_balance_is_told_once_until_it_is_above_again(database: Database) -> None:
    operator, told = operator_of(database)
    low = Decimal(5)
    for balance in ("5", "4.999", "3", "-1", "5", "4"):
        await operator.balance_seen(Decimal(balance), low)
    assert told.sentences == [
        ("admin-low-balance", {"balance": "$5.00"}),
        ("admin-low-balance", {"balance": "$4.00"}),
    ]
    async with database.transaction() as tx:
        assert await tx.notices.since(LOW_BALANCE) is not None
        assert await tx.notices.since(ACCOUNT_TROUBLE) is None


async def test_each_unknown_outcome_is_told(database: Database) -> None:
    operator, told = operator_of(database)
    await operator.outcome_unknown("training", "abc", "two requests fit")
    await operator.outcome_unknown("generation", "def", "no answer")
    assert [values["id"] for _, values in told.sentences] == ["abc", "def"]
    assert set(told.keys) == {"admin-outcome-unknown"}


async def test_a_ledger_that_does_not_add_up_is_told_once(database: Database) -> None:
    operator, told = operator_of(database)
    audit = LedgerAudit(database, operator)
    await audit.look()
    assert told.keys == []
    async with database.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO wallets (paid, bonus, held, seq, created_at)"
                " VALUES (5, 0, 0, 0, '2026-11-01 00:00:00')"
            )
        )
    for _ in range(2):
        await audit.look()
    assert told.keys == ["admin-ledger-broken"]
    assert "a wallet is the sum of its movements" in str(told.sentences[0][1]["names"])
