"""Lids on spending, on both databases: none can be passed, not even by many presses at once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.exc import TimeoutError as PoolTimeout

from db.database import Database, DatabaseBusy, Transaction
from db.tables import Charge, Notice, Table
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.vocabulary import ChargeKind
from services.errors import (
    BudgetSpent,
    DailyImagesReached,
    DailyTrainingsReached,
    DomainError,
    ServicePaused,
    TooManyRunning,
)
from services.identifiers import new_id
from services.money.limits import ACCOUNT_TROUBLE, DAY, PROBE_AFTER, Lids, Till
from tests.conftest import migrated, run_apart
from tests.services.kit import STRANGER, USER, meet, start_training

LIDS = Lids(daily_trainings=2, daily_images=5, running_trainings=1, daily_budget_usd=Decimal(10))
PRESSES = 300
TRAINING_USD, IMAGE_USD = Decimal(2), Decimal("0.035")
KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(scope="module")
def books_url(postgres_databases: Callable[[], str]) -> str:
    url = postgres_databases()
    run_apart(lambda: migrated(url))
    return url


@pytest.fixture(params=KINDS)
async def books(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """An empty migrated database of each kind."""
    kind = "sqlite_url" if request.param == "sqlite" else "books_url"
    database = Database(request.getfixturevalue(kind))
    yield database
    if request.param == "postgresql":
        async with database.engine.begin() as connection:
            for table in reversed(Table.metadata.sorted_tables):
                await connection.execute(table.delete())
    await database.close()


async def train(
    books: Database, lids: Lids = LIDS, user_id: int = USER, usd: Decimal = TRAINING_USD
) -> str:
    charge_id = new_id()
    async with books.transaction() as tx:
        await Till(lids).charge_training(tx, charge_id, user_id, usd)
    return charge_id


async def paint(
    books: Database, count: int = 1, lids: Lids = LIDS, user_id: int = USER, usd: str = "0.035"
) -> str:
    charge_id = new_id()
    async with books.transaction() as tx:
        await Till(lids).charge_images(tx, charge_id, user_id, count, Decimal(usd))
    return charge_id


async def release(books: Database, charge_id: str) -> None:
    async with books.transaction() as tx:
        await Till(LIDS).release(tx, charge_id)


async def age(books: Database, by: timedelta) -> None:
    """Let everything in the books have happened earlier."""
    async with books.engine.begin() as connection:
        await connection.execute(update(Charge).values(created_at=now() - by))


async def read(books: Database, charge_id: str) -> Charge:
    async with books.transaction() as tx:
        charge = await tx.charges.get(charge_id)
    assert charge is not None
    return charge


async def spent(books: Database) -> Decimal:
    async with books.transaction() as tx:
        return await tx.charges.spent_usd(now() - DAY)


async def test_the_next_training_of_a_day_is_refused_with_the_hours_until_it_may(
    books: Database,
) -> None:
    await train(books)
    await train(books)
    await age(books, timedelta(hours=20, minutes=30))
    with pytest.raises(DailyTrainingsReached) as refused:
        await train(books)
    assert refused.value.params == {"max": 2, "hours": 4}
    await train(books, user_id=STRANGER)


async def test_pictures_are_counted_each_and_not_each_request(books: Database) -> None:
    await paint(books, 3)
    with pytest.raises(DailyImagesReached) as refused:
        await paint(books, 3)
    assert refused.value.params == {"max": 5, "hours": 24}
    await paint(books, 2)
    await paint(books, 5, user_id=STRANGER)


async def test_trainings_and_pictures_have_lids_of_their_own(books: Database) -> None:
    await train(books)
    await train(books)
    await paint(books, 5)


async def test_one_training_at_a_time_until_it_ends(books: Database) -> None:
    training = await start_training(books, photos=0)
    with pytest.raises(TooManyRunning) as refused:
        await train(books)
    assert refused.value.params == {"max": 1}
    await train(books, user_id=STRANGER)
    async with books.transaction() as tx:
        row = await tx.trainings.lock(training.id)
        assert row is not None
        row.state, row.finished_at = TrainingState.CANCELLED, now()
    await train(books)


async def test_the_budget_counts_everybody_and_everything(books: Database) -> None:
    await train(books, usd=Decimal(6))
    await paint(books, user_id=STRANGER, usd="3.99")
    with pytest.raises(BudgetSpent) as refused:
        await paint(books, user_id=3003, usd="0.02")
    assert refused.value.params == {"hours": 24}
    await paint(books, user_id=3003, usd="0.01")
    assert await spent(books) == Decimal(10)


async def test_lids_of_nothing_refuse_the_first_order(books: Database) -> None:
    none = Lids(daily_trainings=0, daily_images=0)
    with pytest.raises(DailyTrainingsReached) as trainings:
        await train(books, none)
    with pytest.raises(DailyImagesReached) as images:
        await paint(books, lids=none)
    assert trainings.value.params == images.value.params == {"max": 0, "hours": 24}


async def test_a_refused_order_leaves_nothing_in_the_books(books: Database) -> None:
    with pytest.raises(BudgetSpent):
        await train(books, usd=Decimal(11))
    assert await spent(books) == 0
    await train(books)


async def test_a_released_charge_frees_its_room_once(books: Database) -> None:
    first = await train(books, usd=Decimal(5))
    await train(books, usd=Decimal(5))
    with pytest.raises(DailyTrainingsReached):
        await train(books)
    await release(books, first)
    released_at = (await read(books, first)).released_at
    await release(books, first)
    assert (await read(books, first)).released_at == released_at
    assert await spent(books) == Decimal(5)
    await train(books, usd=Decimal(5))
    with pytest.raises(DailyTrainingsReached):
        await train(books)


async def test_releasing_what_was_never_charged_is_no_error(books: Database) -> None:
    await release(books, "unknown")


async def test_a_charge_counts_for_24_hours(books: Database) -> None:
    for _ in range(2):
        await train(books, usd=Decimal(5))
    await age(books, DAY - timedelta(seconds=30))
    with pytest.raises(DailyTrainingsReached) as refused:
        await train(books)
    assert refused.value.params["hours"] == 1
    await age(books, DAY + timedelta(seconds=1))
    await train(books, usd=Decimal(10))


async def test_forgetting_a_user_keeps_the_budget_and_their_lids(books: Database) -> None:
    await meet(books, USER)
    charge_id = await train(books, usd=Decimal(9))
    await train(books, usd=Decimal(1))
    async with books.transaction() as tx:
        await tx.users.remove(USER)
        await tx.charges.forget_users_before(now() - 2 * DAY)
    assert (await read(books, charge_id)).user_id == USER
    with pytest.raises(DailyTrainingsReached):
        await train(books)
    with pytest.raises(BudgetSpent):
        await paint(books, user_id=STRANGER)


async def test_a_charge_that_counts_for_nothing_any_more_loses_its_user(books: Database) -> None:
    charge_id = await train(books)
    await age(books, timedelta(days=3))
    async with books.transaction() as tx:
        await tx.charges.forget_users_before(now() - 2 * DAY)
    charge = await read(books, charge_id)
    assert (charge.user_id, charge.kind, charge.usd) == (None, ChargeKind.TRAINING, TRAINING_USD)


async def test_a_charge_remembers_the_request_it_became(books: Database) -> None:
    charge_id = await paint(books)
    async with books.transaction() as tx:
        await Till(LIDS).submitted(tx, charge_id, "request-1")
        await Till(LIDS).submitted(tx, "unknown", "request-2")
    assert (await read(books, charge_id)).request_id == "request-1"


# The pause


async def pause(books: Database, for_so_long: timedelta = timedelta()) -> None:
    async with books.transaction() as tx:
        await tx.notices.raise_(ACCOUNT_TROUBLE)
    async with books.engine.begin() as connection:
        await connection.execute(update(Notice).values(since=now() - for_so_long))


async def test_nothing_is_ordered_while_fal_refuses_the_account(books: Database) -> None:
    await pause(books)
    with pytest.raises(ServicePaused):
        await train(books)
    with pytest.raises(ServicePaused):
        await paint(books)
    assert await spent(books) == 0


async def test_after_ten_minutes_one_order_tries_and_the_others_wait_for_it(
    books: Database,
) -> None:
    await pause(books, PROBE_AFTER - timedelta(seconds=20))
    with pytest.raises(ServicePaused):
        await paint(books)
    await pause(books, PROBE_AFTER)
    await paint(books)
    with pytest.raises(ServicePaused):
        await paint(books)
    async with books.transaction() as tx:
        await tx.notices.lower(ACCOUNT_TROUBLE)
    await paint(books)


async def test_an_order_that_a_lid_refuses_is_no_try(books: Database) -> None:
    await paint(books, 5)
    await pause(books, PROBE_AFTER)
    with pytest.raises(DailyImagesReached):
        await paint(books)
    await paint(books, user_id=STRANGER)


# Many at once


async def pressed(
    books: Database,
    press: Callable[[Transaction, int], Awaitable[None]],
    presses: int = PRESSES,
) -> Counter[str]:
    """Press many times at once; give how often what came of it.

    On a slow machine the last in the line give up waiting for the books; these are left out.
    """

    async def one(number: int) -> str:
        try:
            async with books.transaction() as tx:
                await press(tx, number)
        except DomainError as error:
            return error.code
        except (DatabaseBusy, PoolTimeout):
            return "busy"
        return "taken"

    results = Counter(await asyncio.gather(*(one(number) for number in range(presses))))
    del results["busy"]
    return results


async def test_many_presses_of_one_user_pass_no_lid_on_pictures(books: Database) -> None:
    till = Till(replace(LIDS, daily_images=50, daily_budget_usd=Decimal(1000)))

    async def press(tx: Transaction, _number: int) -> None:
        await till.charge_images(tx, new_id(), USER, 1, IMAGE_USD)

    results = await pressed(books, press)
    assert (results.pop("taken"), set(results)) == (50, {"daily-images-reached"})
    assert await spent(books) == 50 * IMAGE_USD


async def test_a_thousand_presses_at_once_pass_no_budget(books: Database) -> None:
    till = Till(LIDS)

    async def press(tx: Transaction, number: int) -> None:
        if number % 2:
            await till.charge_images(tx, new_id(), number, 1, Decimal(1))
        else:
            await till.charge_training(tx, new_id(), number, Decimal(1))

    results = await pressed(books, press, 1000)
    assert (results.pop("taken"), set(results)) == (10, {"budget-spent"})
    assert await spent(books) == LIDS.daily_budget_usd


async def test_many_presses_of_one_user_start_no_more_trainings_than_a_day_has(
    books: Database,
) -> None:
    till = Till(replace(LIDS, running_trainings=PRESSES))

    async def press(tx: Transaction, _number: int) -> None:
        await till.charge_training(tx, new_id(), USER, TRAINING_USD)

    results = await pressed(books, press)
    assert (results.pop("taken"), set(results)) == (2, {"daily-trainings-reached"})


async def test_many_presses_after_a_pause_are_one_try(books: Database) -> None:
    till = Till(replace(LIDS, daily_budget_usd=Decimal(1000)))
    await pause(books, PROBE_AFTER)

    async def press(tx: Transaction, number: int) -> None:
        await till.charge_images(tx, new_id(), number, 1, IMAGE_USD)

    results = await pressed(books, press)
    assert (results.pop("taken"), set(results)) == (1, {"service-paused"})
