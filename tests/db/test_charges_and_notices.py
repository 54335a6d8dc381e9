"""The charges and the notices of admins, on both databases."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from db.database import Database
from services.domain.clock import now
from services.domain.values import Charge
from services.domain.vocabulary import ChargeKind

USER = 1001
DAY = timedelta(days=1)


def charge(charge_id: str, **changes: object) -> Charge:
    values: dict[str, Any] = {
        "id": charge_id,
        "user_id": USER,
        "kind": ChargeKind.IMAGE,
        "amount": 1,
        "usd": Decimal("0.035"),
    }
    return Charge(**values | changes)


async def keep(database: Database, *rows: Charge) -> None:
    async with database.transaction() as tx:
        for row in rows:
            await tx.charges.add(row)


async def test_sums_of_money_are_exact(database: Database) -> None:
    await keep(database, *(charge(f"c{number}", usd=Decimal("0.1")) for number in range(30)))
    await keep(database, charge("small", usd=Decimal("0.000001")))
    async with database.transaction() as tx:
        assert await tx.charges.spent_usd(now() - DAY) == Decimal("3.000001")


async def test_nothing_kept_is_nothing_spent(database: Database) -> None:
    async with database.transaction() as tx:
        assert await tx.charges.spent_usd(now() - DAY) == 0
        assert await tx.charges.amount_of(USER, ChargeKind.IMAGE, now() - DAY) == 0
        assert await tx.charges.oldest_since(now() - DAY) is None


@pytest.mark.parametrize(
    "wrong", [{"amount": 0}, {"amount": -1}, {"usd": Decimal("-0.01")}, {"kind": None}]
)
async def test_the_charges_refuse_nonsense(database: Database, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        await keep(database, charge("wrong", **wrong))


async def test_one_order_is_charged_once(database: Database) -> None:
    await keep(database, charge("one"))
    with pytest.raises(IntegrityError):
        await keep(database, charge("one"))


async def test_real_prices_are_missing_of_what_was_sent_newest_first(database: Database) -> None:
    await keep(
        database,
        charge("not sent"),
        charge("known", request_id="r1", real_usd=Decimal(0)),
        charge("older", request_id="r2", created_at=now() - DAY),
        charge("newer", request_id="r3"),
        charge("too old", request_id="r4", created_at=now() - 3 * DAY),
    )
    async with database.transaction() as tx:
        rows = await tx.charges.without_real_price(now() - 2 * DAY, 10)
        (first,) = await tx.charges.without_real_price(now() - 2 * DAY, 1)
    assert [row.id for row in rows] == ["newer", "older"]
    assert first.id == "newer"


async def test_a_charge_that_is_released_counts_again_when_it_is_kept(database: Database) -> None:
    await keep(database, charge("one"))
    async with database.transaction() as tx:
        await tx.charges.release("one")
        first = await tx.charges.get("one")
        assert await tx.charges.spent_usd(now() - DAY) == 0
        await tx.charges.release("one")
        again = await tx.charges.get("one")
        await tx.charges.keep("one")
        assert await tx.charges.spent_usd(now() - DAY) == Decimal("0.035")
    assert first is not None
    assert first.released_at is not None
    assert again == first


async def test_what_is_noted_of_no_charge_is_no_error(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.charges.note_request("none", "r")
        await tx.charges.note_real_price("none", Decimal(1))
        await tx.charges.release("none")
        await tx.charges.keep("none")
        assert await tx.charges.get("none") is None


async def test_what_is_exactly_as_old_as_a_day_counts_no_more(database: Database) -> None:
    moment = now() - DAY
    await keep(database, charge("exact", created_at=moment, request_id="r1"))
    async with database.transaction() as tx:
        assert await tx.charges.without_real_price(moment, 10) == []
        assert await tx.charges.oldest_since(moment) is None
        assert await tx.charges.spent_usd(moment) == 0
        await tx.charges.forget_users_before(moment)
        kept = await tx.charges.get("exact")
    assert kept is not None
    assert kept.user_id == USER


async def test_the_oldest_charge_is_the_users_of_that_kind_and_not_given_back(
    database: Database,
) -> None:
    at = {
        name: now() - timedelta(hours=hours)
        for name, hours in {
            "old": 30,
            "back": 9,
            "other": 8,
            "training": 7,
            "first": 6,
            "second": 5,
        }.items()
    }
    await keep(
        database,
        charge("old", created_at=at["old"]),
        charge("back", created_at=at["back"], released_at=now()),
        charge("other", created_at=at["other"], user_id=2002),
        charge("training", created_at=at["training"], kind=ChargeKind.TRAINING),
        charge("first", created_at=at["first"]),
        charge("second", created_at=at["second"]),
    )
    async with database.transaction() as tx:
        since = now() - DAY
        assert await tx.charges.oldest_since(since) == at["other"]
        assert await tx.charges.oldest_since(since, USER) == at["training"]
        assert await tx.charges.oldest_since(since, USER, ChargeKind.IMAGE) == at["first"]


async def test_of_many_at_once_one_raises_a_notice_and_one_lowers_it(database: Database) -> None:
    async def raised() -> bool:
        async with database.transaction() as tx:
            return await tx.notices.raise_("trouble")

    async def lowered() -> bool:
        async with database.transaction() as tx:
            return await tx.notices.lower("trouble")

    assert sum(await asyncio.gather(*(raised() for _ in range(10)))) == 1
    assert sum(await asyncio.gather(*(lowered() for _ in range(10)))) == 1
    async with database.transaction() as tx:
        assert await tx.notices.since("trouble") is None


async def test_raising_a_notice_again_makes_it_count_again(database: Database) -> None:
    moments = []
    for _ in range(2):
        async with database.transaction() as tx:
            await tx.notices.raise_("trouble")
        async with database.transaction() as tx:
            moments.append(await tx.notices.since("trouble"))
    first, second = moments
    assert first is not None
    assert second is not None
    assert first < second
