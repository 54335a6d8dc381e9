"""The balance and the real charges, read from the sandbox's platform API with an admin key."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from db.database import Database
from db.tables import Charge
from sandbox.server import RunningSandbox
from services.domain import values
from services.domain.clock import now
from services.domain.vocabulary import ChargeKind
from services.errors import DailyTrainingsReached, FalUnavailable
from services.fal.client import FalClient
from services.identifiers import new_id
from services.money.fal_account import (
    CHARGES_A_LOOK,
    CHARGES_AT_ONCE,
    LOOK_EVERY_S,
    AccountApi,
    AccountProbe,
    AccountWatch,
)
from services.money.limits import DAY, Ledger, SpendingLimits
from services.operator import Operator
from services.photos.worker import PhotoWorker
from services.rules import TrainingRules
from services.training.packing import Packing
from tests.services.fal.local_fal import LocalFal
from tests.services.fal.raw_server import http, raw_server
from tests.services.kit import (
    USER,
    Notes,
    Told,
    begin_draft,
    carried,
    full_album,
    meet,
    paid_context,
    start_training,
    training_jobs,
)

LOW = Decimal(5)
LIMITS = SpendingLimits(daily_budget_usd=Decimal(25))


@pytest.fixture
async def admin_fal(sandbox: RunningSandbox) -> AsyncIterator[FalClient]:
    """fal with the key of an admin."""
    async with FalClient(sandbox.state.fal.admin_key, sandbox.fal_url) as client:
        yield client


def a_watch(database: Database, api: AccountApi | None) -> tuple[AccountWatch, Told]:
    told = Told()
    return AccountWatch(database, Operator(database, told), LIMITS, api, LOW), told


async def train(database: Database, fal: FalClient, worker: PhotoWorker) -> str:
    """Carry a charged training to its end; return its id."""
    training = await start_training(database)
    context = paid_context(database, fal, TrainingRules(poll_interval_s=0.01))
    steps = training_jobs(context, Packing(full_album(), worker), Notes())
    await carried(steps.step, training.id)
    return training.id


async def charges(database: Database) -> dict[str, Charge]:
    async with database.transaction() as tx:
        return {row.id: row for row in await tx._session.scalars(select(Charge))}


async def test_the_balance_is_what_fal_says(admin_fal: FalClient, local_fal: LocalFal) -> None:
    local_fal.goes_wrong(balance_usd=12.345678)
    assert await admin_fal.balance_usd() == Decimal("12.345678")


async def test_an_ordinary_key_sees_neither_balance_nor_charges(
    fal: FalClient, sandbox: RunningSandbox
) -> None:
    with pytest.raises(FalUnavailable, match="403"):
        await fal.balance_usd()
    with pytest.raises(FalUnavailable, match="403"):
        await fal.charged_usd(["r"], now() - timedelta(days=1))
    statuses = [call.status for call in sandbox.state.wire.journal.after(0, None)]
    assert statuses == [403, 403]


@pytest.mark.parametrize(
    "body", [b"<html>", b"{}", b'{"credits": {"current_balance": "much"}}', b"[]"]
)
async def test_an_answer_of_unknown_form_is_no_answer(body: bytes) -> None:
    async with raw_server(http(200, body)) as server, FalClient("id:secret", server.url) as fal:
        with pytest.raises(FalUnavailable, match="unknown form"):
            await fal.balance_usd()
        with pytest.raises(FalUnavailable, match="unknown form"):
            await fal.charged_usd(["r"], now())


async def test_the_real_charge_is_stored_beside_the_estimate(
    database: Database,
    fal: FalClient,
    admin_fal: FalClient,
    local_fal: LocalFal,
    worker: PhotoWorker,
) -> None:
    trained = await train(database, fal, worker)
    (job,) = local_fal.jobs
    watch, _ = a_watch(database, admin_fal)
    assert await watch.look() == LOOK_EVERY_S
    charge = (await charges(database))[trained]
    assert job.charged_usd > 0
    assert charge.real_usd == Decimal(str(job.charged_usd))
    assert (charge.usd, charge.request_id) == (Decimal(1), job.request_id)


async def test_requests_that_were_not_charged_do_not_crowd_out_those_that_were(
    database: Database, fal: FalClient, admin_fal: FalClient, worker: PhotoWorker
) -> None:
    trained = await train(database, fal, worker)
    async with database.transaction() as tx:
        for number in range(2 * CHARGES_AT_ONCE):
            await tx.charges.add(
                values.Charge(
                    id=f"free-{number}",
                    user_id=USER,
                    kind=ChargeKind.IMAGE,
                    amount=1,
                    usd=Decimal(1),
                    request_id=f"request-{number}",
                    created_at=now() + timedelta(minutes=number % 2 * 10 - 5),
                )
            )
    watch, _ = a_watch(database, admin_fal)
    await watch.look()
    rows = await charges(database)
    assert rows.pop(trained).real_usd is not None
    assert {row.real_usd for row in rows.values()} == {None}


class Prices:
    """Answers what fal's accounts are asked, and writes down the questions."""

    def __init__(self) -> None:
        self.questions: list[list[str]] = []

    async def balance_usd(self) -> Decimal:
        return Decimal(100)

    async def charged_usd(self, request_ids: Sequence[str], since: datetime) -> dict[str, Decimal]:
        assert since < now() - DAY
        self.questions.append(list(request_ids))
        return dict.fromkeys(request_ids, Decimal("0.5"))


async def submitted(database: Database, count: int) -> None:
    """Keep charges that fal may have billed, each a minute older than the one before."""
    async with database.transaction() as tx:
        for number in range(count):
            await tx.charges.add(
                values.Charge(
                    id=f"charge-{number}",
                    user_id=USER,
                    kind=ChargeKind.IMAGE,
                    amount=1,
                    usd=Decimal(1),
                    request_id=f"request-{number}",
                    created_at=now() - timedelta(minutes=number),
                )
            )


async def test_fal_is_asked_about_each_request_once_and_about_a_few_at_a_time(
    database: Database,
) -> None:
    count = 2 * CHARGES_AT_ONCE + 20
    await submitted(database, count)
    prices = Prices()
    watch, _ = a_watch(database, prices)
    for _ in range(2):
        await watch.look()
    assert [len(asked) for asked in prices.questions] == [CHARGES_AT_ONCE, CHARGES_AT_ONCE, 20]
    assert len({one for asked in prices.questions for one in asked}) == count
    assert {row.real_usd for row in (await charges(database)).values()} == {Decimal("0.5")}


async def test_a_look_asks_about_the_newest_only_and_the_next_about_the_others(
    database: Database,
) -> None:
    await submitted(database, CHARGES_A_LOOK + 1)
    prices = Prices()
    watch, _ = a_watch(database, prices)
    await watch.look()
    assert sum(len(asked) for asked in prices.questions) == CHARGES_A_LOOK
    prices.questions.clear()
    await watch.look()
    assert prices.questions == [[f"request-{CHARGES_A_LOOK}"]]


async def test_a_low_balance_is_told_once_until_it_is_above_again(
    database: Database, admin_fal: FalClient, local_fal: LocalFal
) -> None:
    watch, told = a_watch(database, admin_fal)
    for balance in (5.0, 4.5, 4.0, 100.0, 1.25):
        local_fal.goes_wrong(balance_usd=balance)
        await watch.look()
    assert told.sentences == [
        ("admin-low-balance", {"balance": "$4.50"}),
        ("admin-low-balance", {"balance": "$1.25"}),
    ]


async def test_without_an_admin_key_fal_is_not_asked(
    database: Database, sandbox: RunningSandbox
) -> None:
    watch, told = a_watch(database, None)
    assert await watch.look() == LOOK_EVERY_S
    report = await watch.report()
    assert report.balance_usd is None
    assert told.keys == []
    assert sandbox.state.wire.journal.after(0, None) == []


async def test_a_silent_fal_ends_nothing(
    database: Database, admin_fal: FalClient, local_fal: LocalFal
) -> None:
    local_fal.fault("/account/billing", kind="html", times=0)
    watch, told = a_watch(database, admin_fal)
    assert await watch.look() == LOOK_EVERY_S
    assert (await watch.report()).balance_usd is None
    assert told.keys == []


async def test_the_report_shows_the_last_24_hours(
    database: Database, admin_fal: FalClient, local_fal: LocalFal
) -> None:
    local_fal.goes_wrong(balance_usd=77)
    watch, _ = a_watch(database, admin_fal)
    await start_training(database, photos=0)
    await begin_draft(database, photos=0)
    report = await watch.report()
    assert (report.spent_usd, report.budget_usd) == (Decimal(1), Decimal(25))
    assert (report.trainings_under_way, report.is_paused) == (1, False)
    assert report.balance_usd == Decimal(77)
    await Operator(database, Told()).account_refused("no")
    assert (await watch.report()).is_paused


async def test_a_pause_ends_once_fal_takes_orders_again(
    database: Database, fal: FalClient, local_fal: LocalFal
) -> None:
    told = Told()
    operator = Operator(database, told)
    probe = AccountProbe(database, operator, fal, every_s=7.0)
    watch, _ = a_watch(database, None)
    assert await probe.look() == 7.0
    assert local_fal.sandbox.state.wire.journal.after(0, None) == []
    await operator.account_refused("no")
    for trouble in ({"locked": True}, {"bad_key": True}):
        local_fal.goes_wrong(**trouble)
        assert await probe.look() == 7.0
        assert (await watch.report()).is_paused
    local_fal.goes_wrong()
    local_fal.fault("/storage/", kind="html")
    await probe.look()
    assert (await watch.report()).is_paused
    await probe.look()
    assert not (await watch.report()).is_paused
    assert told.keys == ["admin-account-refused", "admin-account-accepted"]
    assert local_fal.jobs == []


async def test_a_look_takes_users_from_charges_that_count_for_nothing(database: Database) -> None:
    async with database.transaction() as tx:
        for charge_id, days in (("old", 3), ("new", 1)):
            await tx.charges.add(
                values.Charge(
                    id=charge_id,
                    user_id=USER,
                    kind=ChargeKind.TRAINING,
                    amount=1,
                    usd=Decimal(1),
                    created_at=now() - timedelta(days=days),
                )
            )
    watch, _ = a_watch(database, None)
    await watch.look()
    users = {row.id: row.user_id for row in (await charges(database)).values()}
    assert users == {"old": None, "new": USER}


async def test_a_training_that_fal_refuses_is_not_charged_and_pauses_orders(
    database: Database, fal: FalClient, local_fal: LocalFal, worker: PhotoWorker
) -> None:
    local_fal.goes_wrong(locked=True)
    refused = await train(database, fal, worker)
    assert (await charges(database))[refused].released_at is not None
    watch, _ = a_watch(database, None)
    report = await watch.report()
    assert (report.spent_usd, report.is_paused) == (Decimal(0), True)


async def test_charges_of_a_clock_that_was_ahead_count_as_made_now(database: Database) -> None:
    ledger = Ledger(SpendingLimits(daily_trainings=1))
    await meet(database, USER)

    async def order() -> None:
        async with database.transaction() as tx:
            await ledger.charge_training(tx, new_id(), USER, Decimal(1))

    async def let_pass(time: timedelta) -> None:
        async with database.engine.begin() as connection:
            rows = (await connection.execute(select(Charge.id, Charge.created_at))).all()
            for row in rows:
                earlier = update(Charge).where(Charge.id == row.id)
                await connection.execute(earlier.values(created_at=row.created_at - time))

    await order()
    await let_pass(timedelta(days=-8))
    watch, _ = a_watch(database, None)
    await watch.look()
    with pytest.raises(DailyTrainingsReached) as refused:
        await order()
    assert refused.value.params == {"max": 1, "hours": 24}
    await let_pass(DAY)
    await order()
