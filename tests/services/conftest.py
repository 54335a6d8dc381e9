"""The real fal gateway before a running sandbox whose jobs end at once, and a sound ledger."""

from collections.abc import AsyncIterator

import pytest

from db.database import Database
from sandbox.server import RunningSandbox, SandboxConfig, running_sandbox
from services.fal.client import FalClient
from services.photos.worker import PhotoWorker
from tests.services.fal.local_fal import LocalFal
from tests.services.money.ledger_alone import broken


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


@pytest.fixture
async def worker() -> AsyncIterator[PhotoWorker]:
    async with PhotoWorker() as running:
        yield running


@pytest.fixture
async def sound_ledger(each_database: Database) -> AsyncIterator[Database]:
    """A migrated database of each kind, whose ledger is in order at the end of every test."""
    yield each_database
    async with each_database.transaction() as tx:
        found = await broken(tx)
    assert found == {}
