"""The database itself refuses rows that make no sense."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from db.database import Database
from db.tables import Draft, Generation, Model, Photo, PhotoSet, Table, Training, User
from services.domain.states import GenerationState, TrainingState
from services.domain.vocabulary import FailureReason, PhotoState
from tests.db.conftest import OTHER_USER, USER
from tests.db.full import make_full
from tests.db.rows import draft, generation_row, model_row, photo, photo_set, training

Rows = Callable[[], list[Table]]


async def keep(database: Database, *rows: Table) -> None:
    async with database.transaction() as tx:
        for row in rows:
            if isinstance(row, Draft | Training):
                tx._session.add(photo_set(row))
                await tx.flush()
            tx._session.add(row)
            await tx.flush()


CHOSEN = ("name", "trigger_word", "subject", "trainer", "mode", "steps", "price_usd")


def training_without(chosen: str) -> list[Table]:
    nothing: dict[str, Any] = {chosen: None}
    return [training("one", **nothing)]


FORBIDDEN: dict[str, Rows] = {
    "a_user_has_two_drafts": lambda: [
        draft("one"),
        draft("two"),
    ],
    "two_drafts_share_a_trigger_word": lambda: [
        draft("one", trigger_word="ANNA_ONE"),
        draft("two", OTHER_USER, trigger_word="ANNA_ONE"),
    ],
    "the_steps_of_a_draft_are_negative": lambda: [draft("one", steps=-1)],
    "two_trainings_share_a_trigger_word": lambda: [
        training("one"),
        training("two", trigger_word="ANNA_ONE"),
    ],
    "two_trainings_retry_the_same_one": lambda: [
        training("one"),
        training("two", retry_of="one"),
        training("three", retry_of="one"),
    ],
    "a_file_is_twice_in_a_training": lambda: [
        training("one"),
        Photo(**photo("one", 1)),
        Photo(**photo("one", 2, file_unique_id="unique-1")),
    ],
    "two_photos_with_one_number": lambda: [
        training("one"),
        Photo(**photo("one", 1)),
        Photo(**photo("one", 2) | {"number": 1}),
    ],
    "a_completed_training_has_no_lora": lambda: [
        training("one", state=TrainingState.COMPLETED, request_id="r")
    ],
    "a_completed_training_has_no_request_id": lambda: [
        training("one", state=TrainingState.COMPLETED, lora_url="https://lora")
    ],
    "a_failed_training_has_no_reason": lambda: [training("one", state=TrainingState.FAILED)],
    **{f"a_training_has_no_{chosen}": partial(training_without, chosen) for chosen in CHOSEN},
    "steps_are_negative": lambda: [training("one", steps=-1)],
    "more_than_all_is_done": lambda: [training("one", percent=101)],
    "a_training_belongs_to_nobody": lambda: [training("one", user_id=404)],
    "a_photo_belongs_to_no_training": lambda: [Photo(**photo("none", 1))],
    "a_refused_photo_has_no_reason": lambda: [
        training("one"),
        Photo(**photo("one", 1, state=PhotoState.REFUSED)),
    ],
    "an_accepted_photo_has_no_hash": lambda: [
        training("one"),
        Photo(**photo("one", 1, state=PhotoState.ACCEPTED)),
    ],
    "a_user_has_two_active_models": lambda: [
        training("one"),
        training("two"),
        model_row("first", "one", active=True),
        model_row("second", "two", active=True),
    ],
    "a_training_makes_two_models": lambda: [
        training("one"),
        model_row("first", "one"),
        model_row("second", "one"),
    ],
    "a_failed_generation_has_no_reason": lambda: [
        training("one"),
        model_row("first", "one"),
        generation_row("g", "first", state=GenerationState.FAILED),
    ],
    "an_update_asks_for_two_generations": lambda: [
        training("one"),
        model_row("first", "one"),
        generation_row("g", "first", origin="message:1:1"),
        generation_row("h", "first", origin="message:1:1"),
    ],
}


@pytest.mark.parametrize("case", FORBIDDEN)
async def test_it_is_refused_that(database: Database, case: str) -> None:
    with pytest.raises(IntegrityError):
        await keep(database, *FORBIDDEN[case]())


async def test_a_word_that_is_no_state_is_refused(database: Database) -> None:
    await keep(database, training("one"))
    with pytest.raises(IntegrityError):
        async with database.engine.begin() as connection:
            await connection.execute(text("UPDATE trainings SET state = 'dreaming'"))


async def test_a_naive_time_is_refused(database: Database) -> None:
    naive = datetime(2026, 1, 1, 12, 0)  # noqa: DTZ001  # the point of the test
    with pytest.raises(StatementError, match="a naive time cannot be stored"):
        await keep(database, training("one", finished_at=naive))


async def test_two_users_may_have_a_draft_and_an_active_model_each(database: Database) -> None:
    await keep(
        database,
        draft("one"),
        draft("two", OTHER_USER),
        training("three"),
        training("four", OTHER_USER),
        model_row("first", "three", active=True),
        model_row("second", "four", OTHER_USER, active=True),
    )


async def test_the_same_file_may_be_in_two_trainings(database: Database) -> None:
    await keep(
        database,
        training("one"),
        training("two"),
        Photo(**photo("one", 1)),
        Photo(**photo("two", 1)),
    )


@pytest.mark.parametrize("state", TrainingState)
async def test_a_complete_training_may_be_in_any_state(
    database: Database, state: TrainingState
) -> None:
    values: dict[str, Any] = {"lora_url": "https://lora", "request_id": "r"}
    if state is TrainingState.FAILED:
        values["failure"] = FailureReason.TRAINER_FAILED
    await keep(database, training("one", state=state, **values))


async def test_a_draft_may_be_empty(database: Database) -> None:
    await keep(database, draft("one"))


async def test_removing_a_user_removes_everything_of_theirs(database: Database) -> None:
    await keep(
        database,
        training("one"),
        Photo(**photo("one", 1)),
        model_row("first", "one"),
        generation_row("g", "first"),
        draft("two"),
        Photo(**photo("two", 1)),
    )
    async with database.engine.begin() as connection:
        await connection.execute(delete(User).where(User.id == USER))
        for table in (PhotoSet, Draft, Training, Photo, Model, Generation):
            left = await connection.scalar(select(func.count()).select_from(table))
            assert (table, left) == (table, 0)


@pytest.mark.parametrize("amount", ["0.024", "2.00", "0.000001", "12345.678901"])
async def test_an_amount_of_money_comes_back_exactly(database: Database, amount: str) -> None:
    await keep(database, training("one", price_usd=Decimal(amount)))
    async with database.transaction() as tx:
        kept = await tx.trainings.get("one")
    assert kept is not None
    assert kept.price_usd == Decimal(amount)


NEVER_REMOVED = {"entries", "wallets", "admin_actions"}
"""Tables whose rows stay, which keep their ids without more."""


async def test_the_id_of_a_removed_row_is_given_to_no_other(empty_database: Database) -> None:
    await make_full(empty_database)
    numbered = [
        table
        for table in Table.metadata.sorted_tables
        if table.autoincrement_column is not None and table.name not in NEVER_REMOVED
    ]
    assert {table.name for table in numbered} == {"photos", "replicas"}
    async with empty_database.engine.begin() as connection:
        for table in numbered:
            column = table.autoincrement_column
            assert column is not None
            row = (await connection.execute(select(table))).mappings().first()
            again = {name: value for name, value in dict(row or {}).items() if name != column.name}
            given: list[int] = []
            for _ in range(2):
                await connection.execute(delete(table))
                key = (await connection.execute(table.insert().values(again))).inserted_primary_key
                assert key is not None
                given.append(key[0])
            assert given[1] > given[0]
