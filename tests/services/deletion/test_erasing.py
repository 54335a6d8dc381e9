"""What fal keeps of deleted rows is deleted there, too, where the key for it is known."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from db import tables
from db.database import Database
from sandbox.server import RunningSandbox
from services.deletion.erasing import AT_ONCE, PayloadApi
from services.deletion.steps import DeletionSteps
from services.domain.clock import now
from services.domain.deletion import DeletedPayload, Receipt
from services.domain.states import GenerationState
from services.domain.values import Model
from services.errors import DeliveryFailed
from services.fal.client import FalClient
from services.fal.gateway import Job
from services.models.service import ModelService
from services.rules import TrainingRules
from services.users.privacy import PrivacyService
from tests.services.deletion.test_deletion import HERE, LATE, RECEIPT_ID, Setup
from tests.services.fal.local_fal import LocalFal
from tests.services.kit import STRANGER, USER, keep_model, wide_ledger

DELETE = "/payloads"
TRAINING = 1
"""Each model comes from a training, which fal does not know here: what is gone is gone."""


class AdminSetup(Setup):
    """Both ways of deleting, with a key of scope ADMIN."""

    def __init__(self, database: Database, fal: FalClient, payloads: PayloadApi | None) -> None:
        super().__init__(database, fal)
        self.payloads = payloads
        ledger = wide_ledger()
        self.privacy = PrivacyService(database, ledger, self.ordered.append, erases=True)
        self.models = ModelService(database, ledger, self.ordered.append, erases=True)

    async def step(self, rules: TrainingRules | None = None) -> float | None:
        rules = rules or TrainingRules()
        steps = DeletionSteps(self.database, rules, self.fal, self.told, self.payloads)
        return await steps.step(self.ordered[-1])

    async def finished(self, model: Model, local_fal: LocalFal, count: int = 1) -> list[Job]:
        """Have fal make pictures of a model, and keep their rows."""
        jobs = []
        for _ in range(count):
            job = await self.submitted(model)
            jobs.append(job)
            await self.generation(model, state=GenerationState.MADE, request_id=job.request_id)
        await local_fal.until(lambda: all(one.outcome is not None for one in local_fal.jobs))
        return jobs


@pytest.fixture
async def admin_fal(sandbox: RunningSandbox) -> AsyncIterator[FalClient]:
    async with FalClient(sandbox.state.fal.admin_key, sandbox.fal_url) as client:
        yield client


@pytest.fixture
def setup(database: Database, fal: FalClient, admin_fal: FalClient) -> AdminSetup:
    return AdminSetup(database, fal, admin_fal)


def kept_at_fal(local_fal: LocalFal) -> set[str]:
    return {job.request_id for job in local_fal.jobs if not job.payload_deleted}


async def test_forgetting_a_user_deletes_their_requests_at_fal_and_nobody_elses(
    setup: AdminSetup, local_fal: LocalFal
) -> None:
    model = await keep_model(setup.database, "https://lora")
    theirs = await keep_model(setup.database, "https://lora", STRANGER)
    await setup.finished(model, local_fal, 3)
    (other,) = await setup.finished(theirs, local_fal)
    deletion, receipt = await setup.privacy.forget(USER, HERE, RECEIPT_ID)
    assert receipt == Receipt(erasing=3 + TRAINING)
    assert (deletion.requests, deletion.erases) == (3 + TRAINING, True)
    await setup.finish()
    assert kept_at_fal(local_fal) == {other.request_id}
    assert setup.told.receipts == [Receipt(erased=3 + TRAINING)]
    assert await setup.unfinished() == []


async def test_more_than_fits_into_a_step_is_deleted_in_several(
    setup: AdminSetup, local_fal: LocalFal
) -> None:
    model = await keep_model(setup.database, "https://lora")
    for number in range(AT_ONCE):
        await setup.generation(model, state=GenerationState.MADE, request_id=f"unknown-{number}")
    await setup.privacy.forget(USER, HERE, RECEIPT_ID)
    assert await setup.step() == 0.0
    assert setup.told.receipts == []
    await setup.finish()
    # What fal does not know is gone.
    assert setup.told.receipts == [Receipt(erased=AT_ONCE + TRAINING)]
    assert local_fal.jobs == []


async def test_deleting_a_model_deletes_its_requests_at_fal_without_a_word(
    setup: AdminSetup, local_fal: LocalFal
) -> None:
    kept = await keep_model(setup.database, "https://lora", active=False)
    model = await keep_model(setup.database, "https://lora")
    (stays,) = await setup.finished(kept, local_fal)
    await setup.finished(model, local_fal, 2)
    await setup.models.delete(USER, model.id, HERE)
    await setup.finish()
    assert kept_at_fal(local_fal) == {stays.request_id}
    assert setup.told.receipts == []


async def test_what_of_one_model_stays_at_fal_is_told_once(
    setup: AdminSetup, local_fal: LocalFal
) -> None:
    model = await keep_model(setup.database, "https://lora")
    await setup.finished(model, local_fal, 2)
    local_fal.fault(DELETE, kind="status", status=403, times=1)
    await setup.models.delete(USER, model.id, HERE)
    setup.told.troubles = [DeliveryFailed("flood")]
    for _ in range(9):
        try:
            if await setup.step() is None:
                break
        except DeliveryFailed:
            continue
    assert [receipt.left for receipt in setup.told.receipts] == [1]


async def test_fal_that_does_not_answer_is_asked_again_after_longer_and_longer_pauses(
    setup: AdminSetup, local_fal: LocalFal
) -> None:
    model = await keep_model(setup.database, "https://lora")
    await setup.finished(model, local_fal, 2)
    local_fal.fault(DELETE, kind="status", status=503, times=0)
    deletion, _ = await setup.privacy.forget(USER, HERE, RECEIPT_ID)
    pauses = []
    for minutes in (0, 5, 60):
        began = now() - timedelta(minutes=minutes)
        async with setup.database.engine.begin() as connection:
            await connection.execute(update(tables.Deletion).values(created_at=began))
        pauses.append(await setup.step())
    assert pauses == pytest.approx([5, 15, 60], abs=1)
    async with setup.database.transaction() as tx:
        open_ones = await tx.deletions.open_payloads(deletion.id, AT_ONCE)
    # What was tried least comes first, so that one that never works holds up no other.
    assert [payload.tries for payload in open_ones] == [1, 1, 1]
    assert setup.told.receipts == []
    # Each step is another process's: what a kill leaves goes on.
    local_fal.sandbox.state.wire.faults.remove()
    await setup.finish()
    assert kept_at_fal(local_fal) == set()
    assert setup.told.receipts == [Receipt(erased=2 + TRAINING)]


async def test_what_fal_does_not_delete_in_all_the_time_is_told_as_left(
    setup: AdminSetup, local_fal: LocalFal
) -> None:
    model = await keep_model(setup.database, "https://lora")
    await setup.finished(model, local_fal, 2)
    local_fal.fault(DELETE, kind="status", status=503, times=0)
    await setup.privacy.forget(USER, HERE, RECEIPT_ID)
    await setup.finish(LATE)
    assert len(kept_at_fal(local_fal)) == 2
    assert setup.told.receipts == [Receipt(left=2 + TRAINING)]


@pytest.mark.parametrize("status", [400, 401, 403, 422])
async def test_a_refusal_is_told_as_left_and_not_repeated(
    setup: AdminSetup, local_fal: LocalFal, status: int
) -> None:
    model = await keep_model(setup.database, "https://lora")
    await setup.finished(model, local_fal, 2)
    local_fal.fault(DELETE, kind="status", status=status, times=1)
    await setup.privacy.forget(USER, HERE, RECEIPT_ID)
    await setup.finish()
    assert setup.told.receipts == [Receipt(erased=1 + TRAINING, left=1)]
    assert len(kept_at_fal(local_fal)) == 1


async def test_a_key_that_is_gone_meanwhile_leaves_the_rest(
    setup: AdminSetup, local_fal: LocalFal
) -> None:
    model = await keep_model(setup.database, "https://lora")
    await setup.finished(model, local_fal, 2)
    await setup.privacy.forget(USER, HERE, RECEIPT_ID)
    setup.payloads = None
    await setup.finish()
    assert setup.told.receipts == [Receipt(left=2 + TRAINING)]


async def test_a_job_that_was_stopped_is_deleted_when_it_has_ended(
    setup: AdminSetup, local_fal: LocalFal
) -> None:
    local_fal.takes(polls=10_000)
    local_fal.goes_wrong(queue_ahead=18, cancel_mode="ignore")
    model = await keep_model(setup.database, "https://lora")
    job = await setup.running(model)
    _, receipt = await setup.privacy.forget(USER, HERE, RECEIPT_ID)
    assert receipt == Receipt(under_way=1, erasing=TRAINING)
    assert await setup.step() == 5.0
    assert setup.told.receipts == [Receipt(erasing=1 + TRAINING)]
    assert kept_at_fal(local_fal) == {job.request_id}
    local_fal.takes(polls=0)
    local_fal.goes_wrong()
    await local_fal.until(lambda: local_fal.jobs[0].outcome is not None)
    await setup.finish()
    assert kept_at_fal(local_fal) == set()
    assert setup.told.receipts == [
        Receipt(erasing=1 + TRAINING),
        Receipt(erased=1 + TRAINING),
    ]


async def test_without_the_key_nothing_is_kept_for_it(
    setup: AdminSetup, local_fal: LocalFal
) -> None:
    model = await keep_model(setup.database, "https://lora")
    await setup.finished(model, local_fal)
    privacy = PrivacyService(setup.database, wide_ledger(), setup.ordered.append)
    deletion, receipt = await privacy.forget(USER, HERE, RECEIPT_ID)
    assert receipt == Receipt()
    assert not deletion.erases
    await setup.finish()
    assert len(kept_at_fal(local_fal)) == 1
    assert setup.told.receipts == []


async def test_the_first_receipt_is_shown_before_anything_goes_on(setup: AdminSetup) -> None:
    await keep_model(setup.database, "https://lora")

    async def tell(*_: object) -> None:
        assert setup.ordered == []
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await setup.privacy.forget(USER, HERE, RECEIPT_ID, tell)
    assert len(setup.ordered) == 1


async def test_a_payload_is_kept_once(database: Database, setup: AdminSetup) -> None:
    await keep_model(setup.database, "https://lora")
    deletion, _ = await setup.privacy.forget(USER, HERE, RECEIPT_ID)
    async with database.transaction() as tx:
        for status_url in (None, "https://status"):
            payload = DeletedPayload(request_id="one", status_url=status_url)
            await tx.deletions.add_payload(deletion.id, payload)
    async with database.transaction() as tx:
        kept = await tx.deletions.open_payloads(deletion.id, AT_ONCE)
    assert kept == [DeletedPayload(request_id="one"), DeletedPayload(request_id="r")]
