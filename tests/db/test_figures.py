"""What is watched of the database is counted right, on both kinds of it."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

from db import inbox
from db.database import Database
from db.inbox import Received
from db.tables import InboxRow
from services.domain.clock import now
from services.domain.states import GenerationState, TrainingState
from services.domain.values import Charge
from services.domain.vocabulary import ChargeKind, PhotoState
from tests.db import rows
from tests.db.conftest import USER


async def test_an_empty_database_has_nothing_under_way(database: Database) -> None:
    async with database.transaction() as tx:
        figures = await tx.figures.read()
    assert (figures.updates_waiting, figures.oldest_update) == (0, None)
    assert (figures.photos_waiting, figures.deletions) == (0, 0)
    assert (figures.spent_usd, figures.replicas) == (Decimal(0), 0)
    # A state that nobody is in has its zero: a line that ends looks like a bot that is down.
    assert set(figures.trainings) == {state for state in TrainingState if not state.is_final}
    assert set(figures.generations) == {state for state in GenerationState if not state.is_final}
    assert not any([*figures.trainings.values(), *figures.generations.values()])


async def test_what_is_under_way_is_counted_and_what_has_ended_is_not(database: Database) -> None:
    async with database.transaction() as tx:
        await rows.add(
            tx,
            rows.training("t1"),
            rows.training("t2"),
            rows.training("t3", state=TrainingState.TRAINING),
            rows.training("t4", state=TrainingState.CANCELLED, finished_at=now()),
        )
        for number in (1, 2):
            await tx.photos.record(rows.photo("t1", number))
        await tx.photos.record(rows.photo("t1", 3, state=PhotoState.ACCEPTED, sha256=rows.SHA))
        figures = await tx.figures.read()
    assert {state: count for state, count in figures.trainings.items() if count} == {
        TrainingState.PREPARING: 2,
        TrainingState.TRAINING: 1,
    }
    assert figures.photos_waiting == 2


async def test_only_updates_that_wait_are_counted_and_the_oldest_is_named(
    database: Database,
) -> None:
    received = [Received(number, USER, is_urgent=False, payload="{}") for number in (1, 2, 3)]
    await database.at_once(partial(inbox.put, received=received))
    async with database.transaction() as tx:
        for number in (1, 2):
            row = await tx._session.get(InboxRow, number)
            assert row is not None
            row.received_at = now() - timedelta(minutes=10 * number)
    await database.at_once(partial(inbox.mark_handled, update_ids=[2]))
    async with database.transaction() as tx:
        figures = await tx.figures.read()
    assert figures.updates_waiting == 2
    assert figures.oldest_update is not None
    age = now() - figures.oldest_update
    assert timedelta(minutes=10) <= age < timedelta(minutes=15)


async def test_what_was_ordered_within_a_day_is_summed(database: Database) -> None:
    old = now() - timedelta(hours=25)
    made_when = (("2.00", now()), ("0.035", now()), ("7.00", old))
    async with database.transaction() as tx:
        for number, (usd, made) in enumerate(made_when):
            await tx.charges.add(
                Charge(
                    id=f"c{number}",
                    user_id=USER,
                    kind=ChargeKind.IMAGE,
                    amount=1,
                    usd=Decimal(usd),
                    created_at=made,
                )
            )
        figures = await tx.figures.read()
    assert figures.spent_usd == Decimal("2.035")
