"""The real fal gateway before a running sandbox whose jobs end at once, and a sound ledger."""

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from db.database import Database
from sandbox.server import RunningSandbox, SandboxConfig, running_sandbox
from services.fal.client import FalClient
from services.photos.worker import PhotoWorker
from tests.services.fal.local_fal import LocalFal
from tests.services.money.ledger_alone import broken
from tests.services.shared_worker import SharedWorker, shared_workers


@pytest.fixture
async def sandbox() -> AsyncIterator[RunningSandbox]:
    async with running_sandbox(SandboxConfig(port=0, clock_s=0, sketches=True)) as running:
        yield running


@pytest.fixture
def local_fal(sandbox: RunningSandbox) -> LocalFal:
    return LocalFal(sandbox)


@pytest.fixture
async def fal(sandbox: RunningSandbox) -> AsyncIterator[FalClient]:
    async with FalClient(sandbox.config.fal_key, sandbox.fal_url) as client:
        yield client


@pytest.fixture(scope="session")
def workers() -> Iterator[Callable[[], SharedWorker]]:
    with shared_workers() as make:
        yield make


@pytest.fixture(scope="session")
def coaches() -> Iterator[Callable[[], SharedWorker]]:
    with shared_workers(has_coach=True) as make:
        yield make


@pytest.fixture
async def worker(workers: Callable[[], SharedWorker]) -> AsyncIterator[PhotoWorker]:
    async with workers() as running:
        yield running


@pytest.fixture
async def coach_worker(coaches: Callable[[], SharedWorker]) -> AsyncIterator[PhotoWorker]:
    """A worker that looks at photos, and may remember those that other tests have shown it."""
    async with coaches() as running:
        yield running


@pytest.fixture
async def sound_ledger(each_database: Database) -> AsyncIterator[Database]:
    """A migrated database of each kind, whose ledger is in order at the end of every test."""
    yield each_database
    async with each_database.transaction() as tx:
        found = await broken(tx)
    assert found == {}
