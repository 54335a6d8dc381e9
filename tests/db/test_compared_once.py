"""What spares the tests a comparison sees whatever the comparison itself would see."""

from collections.abc import AsyncIterator, Callable

import pytest

from db.database import Database
from db.schema import differences
from tests.compared_once import _differences_once


@pytest.fixture
async def database(postgres_copies: Callable[[], str]) -> AsyncIterator[Database]:
    database = Database(postgres_copies())
    yield database
    await database.close()


@pytest.mark.postgres
@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE searches",
        "DROP INDEX ix_charges_created_at",
        "DROP INDEX ix_charges_created_at;"
        " CREATE INDEX ix_charges_created_at ON charges (user_id)",
        "DROP INDEX ix_charges_created_at;"
        " CREATE UNIQUE INDEX ix_charges_created_at ON charges (created_at)",
        "ALTER TABLE photos DROP COLUMN repeats",
        "ALTER TABLE users ADD COLUMN mood INTEGER",
        "ALTER TABLE drafts ALTER COLUMN name TYPE VARCHAR(41)",
        "ALTER TABLE drafts ALTER COLUMN trainer DROP NOT NULL",
        "ALTER TABLE drafts ALTER COLUMN steps SET DEFAULT 7",
        "ALTER TABLE drafts DROP CONSTRAINT uq_drafts_trigger_word",
        "ALTER TABLE drafts DROP CONSTRAINT fk_drafts_user_id",
        "ALTER TABLE drafts DROP CONSTRAINT ck_drafts_subject,"
        " ADD CONSTRAINT ck_drafts_subject CHECK (subject IN ('woman'))",
        # What moves from one place of a row to the next, which was empty.
        "ALTER TABLE users ALTER COLUMN wants_prompts DROP DEFAULT;"
        " COMMENT ON COLUMN users.wants_prompts IS 'false'",
    ],
)
async def test_every_change_is_compared_again(database: Database, change: str) -> None:
    async with database.engine.connect() as connection:
        assert await connection.run_sync(_differences_once) == []
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        await raw.execute(change)
        found = await connection.run_sync(differences)
        assert found != []
        assert await connection.run_sync(_differences_once) == found
        # And from then on it is known.
        assert await connection.run_sync(_differences_once) == found
