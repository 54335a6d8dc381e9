"""Migrations are history: they never change, lose no row, and end where the models are."""

import ast
import asyncio
import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, text

from db.database import Database
from db.migrate import MIGRATIONS, migrate, pending_migrations
from db.refused import SchemaRefused
from db.schema import differences
from db.tables import Table
from tests.db.history import tables

VERSIONS = sorted((MIGRATIONS / "versions").glob("[0-9]*.py"))
RELEASED = Path(__file__).parent / "released" / "migrations.sha256"


async def test_an_empty_database_becomes_what_the_models_say(empty_database: Database) -> None:
    assert await pending_migrations(empty_database) == len(VERSIONS)
    await migrate(empty_database)
    assert await pending_migrations(empty_database) == 0
    assert set(await tables(empty_database)) == set(Table.metadata.tables)
    async with empty_database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrating_again_changes_nothing(migrated_database: Database) -> None:
    await migrate(migrated_database)
    assert set(await tables(migrated_database)) == set(Table.metadata.tables)


async def test_replicas_that_start_together_migrate_once(bare_postgres: Database) -> None:
    replicas = [Database(bare_postgres.url) for _ in range(3)]
    await asyncio.gather(*(migrate(replica) for replica in replicas))
    assert await pending_migrations(bare_postgres) == 0
    for replica in replicas:
        await replica.close()


def test_a_released_migration_is_never_edited() -> None:
    """A new migration gets its line with `sha256sum`, in the folder of the migrations."""
    listed = [line.split("  ") for line in RELEASED.read_text("utf-8").splitlines()]
    found = [[hashlib.sha256(path.read_bytes()).hexdigest(), path.name] for path in VERSIONS]
    assert listed == found


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_stands_alone_and_goes_one_way(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    modules = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    assert not modules & {"bot", "handlers", "services", "db", "texts", "sandbox"}
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert "upgrade" in functions
    assert "downgrade" not in functions


def test_migrations_are_a_line() -> None:
    for number, path in enumerate(VERSIONS, start=1):
        source = path.read_text("utf-8")
        before = f'"{number - 1:04}"' if number > 1 else "None"
        assert path.name.startswith(f"{number:04}_")
        assert re.search(rf'^revision = "{number:04}"$', source, re.MULTILINE)
        assert re.search(rf"^down_revision = {before}$", source, re.MULTILINE)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("DROP TABLE searches", "searches missing"),
        ("ALTER TABLE photos DROP COLUMN repeats", "photos.repeats missing"),
        ("ALTER TABLE users ADD COLUMN mood INTEGER", "users.mood unexpected"),
    ],
)
async def test_a_database_made_before_the_first_release_is_refused_untouched(
    empty_database: Database, change: str, named: str
) -> None:
    await migrate(empty_database, "0001")
    async with empty_database.engine.begin() as connection:
        await connection.execute(text(change))
    before = await tables(empty_database)
    for look in (pending_migrations, migrate):
        with pytest.raises(SchemaRefused, match=re.escape(named)) as refused:
            await look(empty_database)
        assert "set DATABASE_URL to a new database" in str(refused.value)
        assert "\n" not in str(refused.value)
    assert await tables(empty_database) == before


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("DROP TABLE searches", "searches missing"),
        ("DROP INDEX ix_charges_created_at", "ix_charges_created_at missing"),
        ("ALTER TABLE photos DROP COLUMN repeats", "photos.repeats missing"),
        ("ALTER TABLE users ADD COLUMN mood INTEGER", "users.mood unexpected"),
    ],
)
async def test_a_schema_changed_by_hand_is_refused(
    migrated_database: Database, change: str, named: str
) -> None:
    async with migrated_database.engine.begin() as connection:
        await connection.execute(text(change))
    for look in (pending_migrations, migrate):
        with pytest.raises(SchemaRefused, match=re.escape(named)):
            await look(migrated_database)


@pytest.mark.postgres
@pytest.mark.parametrize("change", ["DROP", "ADD"])
async def test_a_check_that_allows_other_states_is_refused(
    postgres_copies: Callable[[], str], change: str
) -> None:
    database = Database(postgres_copies())
    name = "ck_generations_state"
    verdict = "missing"
    async with database.engine.begin() as connection:
        await connection.execute(text(f"ALTER TABLE generations DROP CONSTRAINT {name}"))
        if change == "ADD":
            verdict = "different"
            check = f"CONSTRAINT {name} CHECK (state IN ('accepted', 'made'))"
            await connection.execute(text(f"ALTER TABLE generations ADD {check}"))
    with pytest.raises(SchemaRefused, match=f"{name} {verdict}"):
        await migrate(database)
    await database.close()


async def test_a_database_of_a_newer_version_is_refused(migrated_database: Database) -> None:
    async with migrated_database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for look in (pending_migrations, migrate):
        with pytest.raises(SchemaRefused, match="9999, which this version does not know: update"):
            await look(migrated_database)


async def test_tables_of_another_program_are_left_alone(empty_database: Database) -> None:
    async with empty_database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE others (id INTEGER)"))
    await migrate(empty_database)
    await migrate(empty_database)
    assert "others" in await tables(empty_database)


async def test_a_foreign_table_with_a_name_of_ours_is_refused(empty_database: Database) -> None:
    async with empty_database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE users (id INTEGER)"))
    with pytest.raises(SchemaRefused, match="users unexpected"):
        await migrate(empty_database)


async def test_foreign_keys_are_enforced_after_migrating(empty_database: Database) -> None:
    await migrate(empty_database)
    async with empty_database.engine.begin() as connection:
        await connection.execute(delete(Table.metadata.tables["users"]))
        if empty_database.engine.dialect.name == "sqlite":
            assert await connection.scalar(text("PRAGMA foreign_keys")) == 1
