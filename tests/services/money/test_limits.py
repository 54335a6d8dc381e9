"""Spending limits, on both databases: none can be passed, not even by many presses at once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update
from sqlalchemy.exc import TimeoutError as PoolTimeout

from db.database import Database, DatabaseBusy, Transaction
from db.tables import Charge, Notice
from services.domain import values
from services.domain.api_keys import ApiKey, KeyScope
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.vocabulary import ChargeKind
from services.errors import (
    BudgetSpent,
    DailyImagesReached,
    DailyTrainingsReached,
    DomainError,
    KeyLimitReached,
    ServicePaused,
    TooManyRunning,
)
from services.identifiers import new_id
from services.money.limits import DAY, PROBE_AFTER, Ledger, SpendingLimits
from services.operator import ACCOUNT_TROUBLE
from tests.services.kit import STRANGER, USER, meet, start_training

LIMITS = SpendingLimits(
    daily_trainings=2, daily_images=5, running_trainings=1, daily_budget_usd=Decimal(10)
)
PRESSES = 300
TRAINING_USD, IMAGE_USD = Decimal(2), Decimal("0.035")


@pytest.fixture
async def database(each_database: Database) -> Database:
    return each_database


async def train(
    database: Database,
    limits: SpendingLimits = LIMITS,
    user_id: int = USER,
    usd: Decimal = TRAINING_USD,
) -> str:
    charge_id = new_id()
    async with database.transaction() as tx:
        await Ledger(limits).charge_training(tx, charge_id, user_id, usd)
    return charge_id


async def paint(
    database: Database,
    count: int = 1,
    limits: SpendingLimits = LIMITS,
    user_id: int = USER,
    usd: str = "0.035",
) -> str:
    charge_id = new_id()
    async with database.transaction() as tx:
        await Ledger(limits).charge_images(tx, charge_id, user_id, count, Decimal(usd))
    return charge_id


async def release(database: Database, charge_id: str) -> None:
    async with database.transaction() as tx:
        await Ledger(LIMITS).release(tx, charge_id)


async def age(database: Database, by: timedelta) -> None:
    """Let everything in the database have happened earlier."""
    async with database.engine.begin() as connection:
        await connection.execute(update(Charge).values(created_at=now() - by))


async def read(database: Database, charge_id: str) -> values.Charge:
    async with database.transaction() as tx:
        charge = await tx.charges.get(charge_id)
    assert charge is not None
    return charge


async def spent(database: Database) -> Decimal:
    async with database.transaction() as tx:
        return await tx.charges.spent_usd(now() - DAY)


async def test_the_next_training_of_a_day_is_refused_with_the_hours_until_it_may(
    database: Database,
) -> None:
    await train(database)
    await train(database)
    await age(database, timedelta(hours=20, minutes=30))
    with pytest.raises(DailyTrainingsReached) as refused:
        await train(database)
    assert refused.value.params == {"max": 2, "hours": 4}
    await train(database, user_id=STRANGER)


async def test_the_hours_until_room_are_those_of_the_user_and_of_what_they_order(
    database: Database,
) -> None:
    await paint(database)
    await train(database, user_id=STRANGER)
    await age(database, timedelta(hours=20, minutes=30))
    await train(database)
    await train(database)
    await paint(database, 5, user_id=STRANGER)
    with pytest.raises(DailyTrainingsReached) as trainings:
        await train(database)
    with pytest.raises(DailyImagesReached) as images:
        await paint(database, user_id=STRANGER)
    assert (trainings.value.params["hours"], images.value.params["hours"]) == (24, 24)
    with pytest.raises(BudgetSpent) as budget:
        await paint(database, user_id=3003, usd="10")
    assert budget.value.params["hours"] == 4


async def test_hours_that_have_begun_are_told_whole(database: Database) -> None:
    await paint(database, 5)
    await age(database, timedelta(minutes=59, seconds=50))
    with pytest.raises(DailyImagesReached) as refused:
        await paint(database)
    assert refused.value.params["hours"] == 24


async def test_pictures_are_counted_each_and_not_each_request(database: Database) -> None:
    await paint(database, 3)
    with pytest.raises(DailyImagesReached) as refused:
        await paint(database, 3)
    assert refused.value.params == {"max": 5, "hours": 24}
    await paint(database, 2)
    await paint(database, 5, user_id=STRANGER)


async def test_trainings_and_pictures_have_limits_of_their_own(database: Database) -> None:
    await train(database)
    await train(database)
    await paint(database, 5)


async def test_the_only_training_that_may_run_is_to_be_waited_for(database: Database) -> None:
    several = Ledger(replace(LIMITS, running_trainings=2))
    async with database.transaction() as tx:
        assert await Ledger(LIMITS).to_wait_for(tx, USER) is None
    training = await start_training(database, photos=0)
    async with database.transaction() as tx:
        found = await Ledger(LIMITS).to_wait_for(tx, USER)
        assert found is not None
        assert found.id == training.id
        assert await Ledger(LIMITS).to_wait_for(tx, STRANGER) is None
        assert await several.to_wait_for(tx, USER) is None


async def test_one_training_at_a_time_until_it_ends(database: Database) -> None:
    training = await start_training(database, photos=0)
    with pytest.raises(TooManyRunning) as refused:
        await train(database)
    assert refused.value.params == {"max": 1}
    await train(database, user_id=STRANGER)
    async with database.transaction() as tx:
        row = await tx.trainings.lock(training.id)
        assert row is not None
        row.state, row.finished_at = TrainingState.CANCELLED, now()
    await train(database)


async def test_the_budget_counts_everybody_and_everything(database: Database) -> None:
    await train(database, usd=Decimal(6))
    await paint(database, user_id=STRANGER, usd="3.99")
    with pytest.raises(BudgetSpent) as refused:
        await paint(database, user_id=3003, usd="0.02")
    assert refused.value.params == {"hours": 24}
    await paint(database, user_id=3003, usd="0.01")
    assert await spent(database) == Decimal(10)


async def test_limits_of_nothing_refuse_the_first_order(database: Database) -> None:
    none = SpendingLimits(daily_trainings=0, daily_images=0)
    with pytest.raises(DailyTrainingsReached) as trainings:
        await train(database, none)
    with pytest.raises(DailyImagesReached) as images:
        await paint(database, limits=none)
    assert trainings.value.params == images.value.params == {"max": 0, "hours": 24}


async def test_a_refused_order_leaves_nothing_in_the_ledger(database: Database) -> None:
    with pytest.raises(BudgetSpent):
        await train(database, usd=Decimal(11))
    assert await spent(database) == 0
    await train(database)


async def test_a_released_charge_frees_its_room_once(database: Database) -> None:
    first = await train(database, usd=Decimal(5))
    await train(database, usd=Decimal(5))
    with pytest.raises(DailyTrainingsReached):
        await train(database)
    await release(database, first)
    released_at = (await read(database, first)).released_at
    await release(database, first)
    assert (await read(database, first)).released_at == released_at
    assert await spent(database) == Decimal(5)
    await train(database, usd=Decimal(5))
    with pytest.raises(DailyTrainingsReached):
        await train(database)


async def test_releasing_what_was_never_charged_is_no_error(database: Database) -> None:
    await release(database, "unknown")


async def test_a_charge_counts_for_24_hours(database: Database) -> None:
    for _ in range(2):
        await train(database, usd=Decimal(5))
    await age(database, DAY - timedelta(seconds=30))
    with pytest.raises(DailyTrainingsReached) as refused:
        await train(database)
    assert refused.value.params["hours"] == 1
    await age(database, DAY + timedelta(seconds=1))
    await train(database, usd=Decimal(10))


async def test_forgetting_a_user_keeps_the_budget_and_their_limits(database: Database) -> None:
    await meet(database, USER)
    charge_id = await train(database, usd=Decimal(9))
    await train(database, usd=Decimal(1))
    async with database.transaction() as tx:
        await tx.users.remove(USER)
        await tx.charges.forget_users_before(now() - 2 * DAY)
    assert (await read(database, charge_id)).user_id == USER
    with pytest.raises(DailyTrainingsReached):
        await train(database)
    with pytest.raises(BudgetSpent):
        await paint(database, user_id=STRANGER)


async def test_a_charge_that_counts_for_nothing_any_more_loses_its_user(
    database: Database,
) -> None:
    charge_id = await train(database)
    await age(database, timedelta(days=3))
    async with database.transaction() as tx:
        await tx.charges.forget_users_before(now() - 2 * DAY)
    charge = await read(database, charge_id)
    assert (charge.user_id, charge.kind, charge.usd) == (None, ChargeKind.TRAINING, TRAINING_USD)


async def test_a_charge_remembers_the_request_it_became(database: Database) -> None:
    charge_id = await paint(database)
    async with database.transaction() as tx:
        await Ledger(LIMITS).submitted(tx, charge_id, "request-1")
        await Ledger(LIMITS).submitted(tx, "unknown", "request-2")
    assert (await read(database, charge_id)).request_id == "request-1"


# The pause


async def pause(database: Database, for_so_long: timedelta = timedelta()) -> None:
    async with database.transaction() as tx:
        await tx.notices.raise_(ACCOUNT_TROUBLE)
    async with database.engine.begin() as connection:
        await connection.execute(update(Notice).values(since=now() - for_so_long))


async def test_nothing_is_ordered_while_fal_refuses_the_account(database: Database) -> None:
    await pause(database)
    with pytest.raises(ServicePaused):
        await train(database)
    with pytest.raises(ServicePaused):
        await paint(database)
    assert await spent(database) == 0


async def test_after_ten_minutes_one_order_tries_and_the_others_wait_for_it(
    database: Database,
) -> None:
    await pause(database, PROBE_AFTER - timedelta(seconds=20))
    with pytest.raises(ServicePaused):
        await paint(database)
    await pause(database, PROBE_AFTER)
    await paint(database)
    with pytest.raises(ServicePaused):
        await paint(database)
    async with database.transaction() as tx:
        await tx.notices.lower(ACCOUNT_TROUBLE)
    await paint(database)


async def test_an_order_that_a_limit_refuses_is_no_try(database: Database) -> None:
    await paint(database, 5)
    await pause(database, PROBE_AFTER)
    with pytest.raises(DailyImagesReached):
        await paint(database)
    await paint(database, user_id=STRANGER)


# Many at once


async def pressed(
    database: Database,
    press: Callable[[Transaction, int], Awaitable[None]],
    presses: int = PRESSES,
) -> Counter[str]:
    """Press many times at once; give how often what came of it.

    On a slow machine the last in the line give up waiting for the database; these are left out.
    """

    async def one(number: int) -> str:
        try:
            async with database.transaction() as tx:
                await press(tx, number)
        except DomainError as error:
            return error.code
        except (DatabaseBusy, PoolTimeout):
            return "busy"
        return "taken"

    results = Counter(await asyncio.gather(*(one(number) for number in range(presses))))
    del results["busy"]
    return results


async def test_many_presses_of_one_user_pass_no_limit_on_pictures(database: Database) -> None:
    ledger = Ledger(replace(LIMITS, daily_images=50, daily_budget_usd=Decimal(1000)))

    async def press(tx: Transaction, _number: int) -> None:
        await ledger.charge_images(tx, new_id(), USER, 1, IMAGE_USD)

    results = await pressed(database, press)
    assert (results.pop("taken"), set(results)) == (50, {"daily-images-reached"})
    assert await spent(database) == 50 * IMAGE_USD


async def test_a_thousand_presses_at_once_pass_no_budget(database: Database) -> None:
    ledger = Ledger(LIMITS)

    async def press(tx: Transaction, number: int) -> None:
        if number % 2:
            await ledger.charge_images(tx, new_id(), number, 1, Decimal(1))
        else:
            await ledger.charge_training(tx, new_id(), number, Decimal(1))

    results = await pressed(database, press, 1000)
    assert (results.pop("taken"), set(results)) == (10, {"budget-spent"})
    assert await spent(database) == LIMITS.daily_budget_usd


async def test_many_presses_of_one_user_start_no_more_trainings_than_a_day_has(
    database: Database,
) -> None:
    ledger = Ledger(replace(LIMITS, running_trainings=PRESSES))

    async def press(tx: Transaction, _number: int) -> None:
        await ledger.charge_training(tx, new_id(), USER, TRAINING_USD)

    results = await pressed(database, press)
    assert (results.pop("taken"), set(results)) == (2, {"daily-trainings-reached"})


async def test_many_presses_after_a_pause_are_one_try(database: Database) -> None:
    ledger = Ledger(replace(LIMITS, daily_budget_usd=Decimal(1000)))
    await pause(database, PROBE_AFTER)

    async def press(tx: Transaction, number: int) -> None:
        await ledger.charge_images(tx, new_id(), number, 1, IMAGE_USD)

    results = await pressed(database, press)
    assert (results.pop("taken"), set(results)) == (1, {"service-paused"})


async def test_a_pause_of_a_clock_that_was_ahead_does_not_last_for_days(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await tx.notices.raise_(ACCOUNT_TROUBLE)
    async with database.engine.begin() as connection:
        await connection.execute(update(Notice).values(since=now() + timedelta(days=8)))
    await train(database)


async def test_a_charge_that_was_given_back_can_be_kept_after_all(
    database: Database,
) -> None:
    charge_id = await train(database)
    await release(database, charge_id)
    assert await spent(database) == 0
    async with database.transaction() as tx:
        await Ledger(LIMITS).keep(tx, charge_id)
        await Ledger(LIMITS).keep(tx, "no such charge")
    assert await spent(database) == TRAINING_USD


async def order_by_key(database: Database, key: ApiKey, count: int = 1) -> None:
    async with database.transaction() as tx:
        ledger, charge_id = Ledger(LIMITS), new_id()
        await ledger.charge_images(tx, charge_id, key.user_id, count, IMAGE_USD)
        await ledger.charge_key(tx, charge_id, key)


def key(pictures: int, key_id: str = "key", user_id: int = USER) -> ApiKey:
    return ApiKey(
        id=key_id,
        user_id=user_id,
        scope=KeyScope.TRAIN,
        daily_pictures=pictures,
        daily_trainings=1,
    )


async def test_a_key_may_order_as_much_as_it_says_and_no_more(database: Database) -> None:
    await order_by_key(database, key(2), 2)
    with pytest.raises(KeyLimitReached) as refused:
        await order_by_key(database, key(2))
    assert refused.value.params == {"max": 2, "hours": 24}
    # What it was refused is not counted, and its owner may order elsewhere.
    await order_by_key(database, key(3))
    await paint(database)


async def test_other_keys_and_what_was_ordered_without_one_leave_a_key_its_room(
    database: Database,
) -> None:
    await order_by_key(database, key(1))
    await order_by_key(database, key(1, key_id="older"))
    await order_by_key(database, key(1, user_id=STRANGER))
    await paint(database)
    with pytest.raises(KeyLimitReached):
        await order_by_key(database, key(1))


async def test_what_was_given_back_or_is_a_day_old_leaves_a_key_its_room(
    database: Database,
) -> None:
    await order_by_key(database, key(1))
    await age(database, DAY)
    await order_by_key(database, key(1))
    async with database.engine.begin() as connection:
        await connection.execute(update(Charge).values(released_at=now()))
    await order_by_key(database, key(1))


async def test_the_hours_of_a_key_are_those_of_its_own_orders(database: Database) -> None:
    await paint(database)
    await age(database, timedelta(hours=20, minutes=30))
    await order_by_key(database, key(1))
    with pytest.raises(KeyLimitReached) as refused:
        await order_by_key(database, key(1))
    assert refused.value.params == {"max": 1, "hours": 24}


async def test_a_key_has_room_again_a_day_after_its_order(database: Database) -> None:
    await order_by_key(database, key(1))
    await age(database, timedelta(hours=20, minutes=30))
    with pytest.raises(KeyLimitReached) as refused:
        await order_by_key(database, key(1))
    assert refused.value.params == {"max": 1, "hours": 4}


async def test_a_key_has_its_trainings_too(database: Database) -> None:
    async def order() -> None:
        async with database.transaction() as tx:
            ledger, charge_id = Ledger(LIMITS), new_id()
            await ledger.charge_training(tx, charge_id, USER, TRAINING_USD)
            await ledger.charge_key(tx, charge_id, key(0))

    await order()
    with pytest.raises(KeyLimitReached) as refused:
        await order()
    assert refused.value.params == {"max": 1, "hours": 24}
