"""Everything in a SQLite database is in PostgreSQL afterwards, however often it was cut off."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from db.database import Database
from db.migrate import migrate, pending_migrations
from db.moving import target
from db.moving.move import MoveFailed, move
from db.moving.target import TABLES, MoveRefused, hold
from db.refused import SchemaRefused
from db.schema import differences
from db.tables import Table
from services.domain.vocabulary import Language
from tests.conftest import run_apart, with_compiled
from tests.db.full import make_full
from tests.db.history import tables

pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("compiled")]


class Cut(Exception):
    pass


def silent(_line: str) -> None:
    pass


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source with rows in every table: copying the file is faster than making it."""
    path = tmp_path_factory.mktemp("full") / "bot.db"

    async def make() -> None:
        source = Database(f"sqlite+aiosqlite:///{path}")
        await make_full(source)
        await source.close()

    run_apart(make)
    return path


@pytest.fixture
def source_url(full: Path, tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{shutil.copy(full, tmp_path / 'source.db')}"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the many copies compile their thousands of statements once."""
    monkeypatch.setattr("db.moving.move.Database", lambda url: with_compiled(Database(url)))


async def assert_same(source_url: str, target: Database) -> None:
    source = with_compiled(Database(source_url))
    old, new = await tables(source), await tables(target)
    await source.close()
    assert set(new) == set(Table.metadata.tables)
    for name, rows in old.items():
        assert rows, f"no row of {name} was to be copied"
        assert sorted(map(repr, new[name])) == sorted(map(repr, rows))
    assert await pending_migrations(target) == 0
    async with target.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


@pytest.fixture(scope="module")
def aim_url(postgres_copies: Callable[[], str]) -> str:
    return postgres_copies()


@pytest.fixture
async def aim(aim_url: str) -> AsyncIterator[Database]:
    """An empty target with its tables, which takes far less time than a bare one."""
    aim = with_compiled(Database(aim_url))
    yield aim
    async with aim.engine.connect() as connection:
        is_half_done = await target.is_half_done(connection)
        await target.empty(connection)
        if is_half_done:
            await target.complete(connection)
    await aim.close()


async def test_every_row_of_every_table_is_copied(
    source_url: str, bare_postgres: Database
) -> None:
    lines: list[str] = []
    await move(source_url, bare_postgres.url, lines.append, page=3)
    await assert_same(source_url, bare_postgres)
    assert all(any(f"same  {table.name}: " in line for line in lines) for table in TABLES)
    assert not any(":0" in line for line in lines)


async def test_it_goes_on_from_wherever_it_was_cut_off(source_url: str, aim: Database) -> None:
    for cut_at in (1, len(TABLES) // 2, len(TABLES) + 3, len(TABLES) * 2):
        heard: list[str] = []

        def hear(line: str, heard: list[str] = heard, cut_at: int = cut_at) -> None:
            heard.append(line)
            if len(heard) == cut_at:
                raise Cut

        with pytest.raises(Cut):
            await move(source_url, aim.url, hear, page=2)
        with pytest.raises(SchemaRefused, match="run it again"):
            await migrate(aim)
    assert heard[0].startswith("go on")
    await move(source_url, aim.url, silent)
    await assert_same(source_url, aim)


async def test_a_source_that_changed_meanwhile_is_copied_anew(
    source_url: str, aim: Database
) -> None:
    def cut(line: str) -> None:
        if line.endswith("users"):
            raise Cut

    with pytest.raises(Cut):
        await move(source_url, aim.url, cut)
    source = Database(source_url)
    users = Table.metadata.tables["users"]
    async with source.engine.begin() as connection:
        await connection.execute(update(users).values(language=Language.RU))
    await source.close()
    heard: list[str] = []
    await move(source_url, aim.url, heard.append)
    assert heard[0].startswith("start     over")
    await assert_same(source_url, aim)


async def test_ids_go_on_beyond_those_that_were_copied(source_url: str, aim: Database) -> None:
    await move(source_url, aim.url, silent)
    photos = Table.metadata.tables["photos"]
    async with aim.engine.begin() as connection:
        highest = await connection.scalar(select(func.max(photos.c.id)))
        row = dict((await connection.execute(select(photos).limit(1))).mappings().one())
        del row["id"]
        row |= {"number": 99, "file_unique_id": "new"}
        added = await connection.execute(photos.insert().values(row).returning(photos.c.id))
        assert added.scalar_one() == highest + 1


async def test_a_target_with_rows_is_refused_untouched(source_url: str, aim: Database) -> None:
    await move(source_url, aim.url, silent)
    before = await tables(aim)
    with pytest.raises(MoveRefused, match="not empty"):
        await move(source_url, aim.url, silent)
    assert await tables(aim) == before


async def test_an_older_source_is_refused_until_it_may_be_migrated(
    tmp_path: Path, aim: Database
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/old.db"
    source = Database(url)
    await migrate(source, "0001")
    await source.close()
    with pytest.raises(MoveRefused, match="--migrate"):
        await move(url, aim.url, silent)
    assert await pending_migrations(source) > 0
    await source.close()
    await move(url, aim.url, silent, migrates=True)
    assert await pending_migrations(aim) == 0


async def test_a_source_in_use_is_refused(source_url: str, aim: Database) -> None:
    running = Database(source_url)
    await running.ping()
    with pytest.raises(MoveRefused, match="stop the bot first"):
        await move(source_url, aim.url, silent)
    await running.close()


async def test_a_second_copy_to_the_same_target_is_refused(source_url: str, aim: Database) -> None:
    async with aim.engine.connect() as connection:
        await hold(connection)
        with pytest.raises(MoveRefused, match="another migrate-database"):
            await move(source_url, aim.url, silent)


async def test_the_source_is_not_written_to_meanwhile(source_url: str, aim: Database) -> None:
    tried: list[str] = []

    def write(_line: str) -> None:
        with closing(sqlite3.connect(source_url.partition("///")[2], timeout=0)) as other:
            try:
                other.execute("DELETE FROM notices")
            except sqlite3.OperationalError as error:
                tried.append(str(error))

    await move(source_url, aim.url, write)
    assert set(tried) == {"database is locked"}


async def test_what_postgresql_does_not_take_is_named(source_url: str, aim: Database) -> None:
    source = Database(source_url)
    async with source.engine.begin() as connection:
        await connection.execute(text("UPDATE searches SET words = 'a' || char(0) || 'b'"))
    await source.close()
    with pytest.raises(MoveFailed, match=r"searches, rows .*0x00") as failed:
        await move(source_url, aim.url, silent)
    assert "\n" not in str(failed.value)
    with pytest.raises(SchemaRefused, match="run it again"):
        await migrate(aim)


CHANGES = {
    "a lost row": ("notices", "RETURN NULL"),
    "a microsecond": ("users", "NEW.created_at := NEW.created_at + interval '1 microsecond'"),
    "a yes for a no": ("users", "NEW.wants_preview := NOT NEW.wants_preview"),
    "a millionth of a dollar": ("charges", "NEW.usd := NEW.usd + 1"),
    "the last digit": ("generations", "NEW.lora_scale := NEW.lora_scale + 3e-16"),
    "JSON's null for nothing": ("generations", "NEW.title := coalesce(NEW.title, 'null')"),
    "another choice": ("users", "NEW.language := 'ru'"),
    "a letter": ("models", "NEW.name := NEW.name || '.'"),
}


async def test_a_copy_that_differs_is_not_complete(source_url: str, aim: Database) -> None:
    for table, words in CHANGES.values():
        async with aim.engine.begin() as connection:
            for statement in (
                # What is there already is not copied again.
                f"DELETE FROM {table}",  # noqa: S608  # one of ours
                "CREATE OR REPLACE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
                f" $$ BEGIN {words}; RETURN NEW; END $$",
                f"CREATE TRIGGER spoil BEFORE INSERT ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION spoil()",
            ):
                await connection.execute(text(statement))
        with pytest.raises(MoveFailed, match=rf"^{table}: .* not complete$"):
            await move(source_url, aim.url, silent)
        with pytest.raises(SchemaRefused, match="run it again"):
            await migrate(aim)
        async with aim.engine.begin() as connection:
            await connection.execute(text(f"DROP TRIGGER spoil ON {table}"))
    await move(source_url, aim.url, silent)
    await assert_same(source_url, aim)


async def test_a_target_out_of_reach_is_named_without_its_password(source_url: str) -> None:
    with pytest.raises(MoveRefused, match="cannot be reached") as refused:
        await move(source_url, "postgresql+asyncpg://postgres:pa55@127.0.0.1:1/none", silent)
    assert "pa55" not in str(refused.value)
