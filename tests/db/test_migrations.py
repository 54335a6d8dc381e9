"""Migrations go up, down and up again, and end where the models are."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Connection, inspect

from db.database import Database
from db.migrate import alembic_config, migrate
from db.tables import Table


async def tables_of(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    return set(names) - {"alembic_version"}


async def downgrade(database: Database, revision: str) -> None:
    async with database.engine.connect() as connection:
        await connection.run_sync(lambda sync: command.downgrade(alembic_config(sync), revision))
        await connection.commit()


def differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "compare_server_default": True}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, Table.metadata))


async def test_migrations_go_up_down_and_up_again(empty_database: Database) -> None:
    wanted = set(Table.metadata.tables)
    await migrate(empty_database)
    assert await tables_of(empty_database) == wanted
    await downgrade(empty_database, "base")
    assert await tables_of(empty_database) == set()
    await migrate(empty_database)
    assert await tables_of(empty_database) == wanted


async def test_each_migration_can_be_taken_back_alone(empty_database: Database) -> None:
    await migrate(empty_database)
    async with empty_database.engine.connect() as connection:
        config: Config = await connection.run_sync(alembic_config)
    revisions = [
        script.revision for script in ScriptDirectory.from_config(config).walk_revisions()
    ]
    for _ in revisions:
        await downgrade(empty_database, "-1")
    assert await tables_of(empty_database) == set()


async def test_migrating_twice_changes_nothing(empty_database: Database) -> None:
    await migrate(empty_database)
    await migrate(empty_database)
    assert await tables_of(empty_database) == set(Table.metadata.tables)


async def test_the_migrated_schema_is_the_models(empty_database: Database) -> None:
    await migrate(empty_database)
    async with empty_database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_the_migrated_constraints_are_the_models(empty_database: Database) -> None:
    # Alembic does not compare check constraints, so they are compared by name here.
    await migrate(empty_database)

    def checks(connection: Connection) -> set[str]:
        found = inspect(connection)
        return {
            str(check["name"])
            for table in Table.metadata.tables
            for check in found.get_check_constraints(table)
        }

    wanted = {
        str(constraint.name)
        for table in Table.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    async with empty_database.engine.connect() as connection:
        assert await connection.run_sync(checks) == wanted
