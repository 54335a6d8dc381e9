"""A deletion and a submit at the same moment, on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from db.database import Database, Transaction
from db.tables import Generation, Training
from services.domain.clock import now
from services.domain.states import GenerationState, TrainingState
from services.domain.values import Model, Place
from services.models.service import ModelService
from services.users.privacy import PrivacyService
from tests.conftest import empty
from tests.locks import until_somebody_waits_for_a_lock
from tests.services.kit import USER, keep_model, keep_result, start_training, wide_ledger

pytestmark = pytest.mark.postgres

HERE = Place(USER)


@pytest.fixture
async def database(migrated_postgres_url: str) -> AsyncIterator[Database]:
    database = Database(migrated_postgres_url)
    yield database
    await empty(database)
    await database.close()


async def delete(database: Database, model: Model | None) -> str:
    """Delete a model, or else everything; return the deletion."""
    ordered: list[str] = []
    if model is not None:
        await ModelService(database, wide_ledger(), ordered.append).delete(USER, model.id, HERE)
    else:
        await PrivacyService(database, wide_ledger(), ordered.append).forget(USER, HERE, None)
    return ordered[0]


async def row_of(tx: Transaction, row_id: str) -> Generation | Training:
    row = await tx.trainings.lock(row_id) or await tx.generations.lock(row_id)
    assert row is not None
    return row


@pytest.mark.parametrize("what", ["model", "training", "generation"])
async def test_a_job_that_is_just_submitted_is_deleted_as_one_that_fal_may_have(
    database: Database, what: str
) -> None:
    model = await keep_model(database, "https://lora")
    if what == "training":
        row_id = (await start_training(database, state=TrainingState.UPLOADING)).id
    else:
        made = await keep_result(database, model, state=GenerationState.ACCEPTED)
        row_id = made.id
    is_claimed = asyncio.Event()

    async def submit() -> None:
        async with database.transaction() as tx:
            row = await row_of(tx, row_id)
            is_training = isinstance(row, Training)
            row.state = TrainingState.SUBMITTING if is_training else GenerationState.SUBMITTING
            row.submit_started_at = now()
            await tx.flush()
            is_claimed.set()
            await until_somebody_waits_for_a_lock(database)

    async def forget() -> str:
        await is_claimed.wait()
        return await delete(database, model if what == "model" else None)

    deletion_id, _ = await asyncio.gather(forget(), submit())
    async with database.transaction() as tx:
        jobs = await tx.deletions.open_jobs(deletion_id)
        charge = await tx.charges.get(row_id)
    assert [job.id for job in jobs] == [row_id]
    assert charge is None or charge.released_at is None
