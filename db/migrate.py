"""Brings a database to the newest schema; called at every start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from db.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config(connection: Connection) -> Config:
    """Give Alembic's configuration bound to an open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


async def migrate(database: Database, revision: str = "head") -> None:
    """Upgrade the schema to `revision`, keeping all rows."""
    async with database.engine.connect() as connection:
        await connection.run_sync(
            lambda sync_connection: command.upgrade(alembic_config(sync_connection), revision)
        )
        await connection.commit()


async def pending_migrations(database: Database) -> int:
    """Count the migrations that the next start would run; changes nothing."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(_count_pending)


def _count_pending(connection: Connection) -> int:
    script = ScriptDirectory.from_config(alembic_config(connection))
    current = MigrationContext.configure(connection).get_current_revision()
    return sum(1 for _ in script.iterate_revisions("head", current or "base"))
