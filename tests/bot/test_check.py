"""`python -m bot check` names what is wrong, and prints no secret."""

import asyncio
import os
import re
import secrets
import socket
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import make_url

from bot.check import check
from bot.settings import Settings
from sandbox.fal.emulator import DEFAULT_ADMIN_KEY
from sandbox.server import RunningSandbox
from sandbox.telegram.stars.statement import add_line
from tests.conftest import on_postgres, sqlite_template
from tests.forks import Fork
from tests.s3_server import s3_server
from tests.services.fal.raw_server import http, raw_server

ROOT = Path(__file__).parents[2]
ENDS_WITHIN_S = 60.0
SECRET_PASSWORD = "pa55word-of-the-database"


@pytest.fixture
def closed() -> str:
    """An address where nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{unused.getsockname()[1]}"


async def checked(settings: Settings, **changes: object) -> tuple[bool, list[str]]:
    lines: list[str] = []
    settings = settings.model_copy(update=changes)
    is_well = await check(settings, lines.append)
    for secret in settings.secrets:
        for part in filter(None, (secret, secret.partition(":")[2])):
            assert part not in "\n".join(lines)
    return is_well, lines


def make_database(url: str) -> None:
    path = Path(str(make_url(url).database))
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(sqlite_template())


def failures(lines: list[str]) -> list[str]:
    return [line for line in lines if line.startswith("FAIL")]


async def test_all_is_well(settings: Settings) -> None:
    is_well, lines = await checked(settings)
    assert is_well
    assert [line.split(":")[0] for line in lines] == [
        "ok    settings",
        "warn  access",
        "warn  ADMINS",
        "ok    limits",
        "warn  trainers",
        "ok    prompts",
        "ok    photo coach",
        "ok    database",
        "ok    Telegram",
        "ok    fal",
    ]
    assert "migrations will run" in lines[7]
    assert "@neurophoto_sandbox_bot" in lines[8]


async def test_a_migrated_database_is_up_to_date_and_a_new_one_is_not_touched(
    settings: Settings,
) -> None:
    await checked(settings)
    _, lines = await checked(settings)
    assert "migrations will run" in lines[7]
    make_database(settings.database_url)
    _, lines = await checked(settings)
    assert lines[7] == "ok    database: reachable, schema up to date"


async def test_each_price_in_stars_is_named_with_what_it_brings(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "prices.toml"
    path.write_text('[pictures."fal-ai/flux-lora"]\nhd = 1\n')
    is_well, lines = await checked(settings, prices_file=str(path))
    assert is_well
    training, _, picture, larger, hd, _, change, _ = [line for line in lines if " price: " in line]
    assert training.startswith("ok    price: training fast, economy: 120 Stars (computed)")
    assert "costs $1.035 at fal, brings $1.357, 1.31 times the cost" in training
    assert picture.startswith("ok    price: picture flux-lora, standard")
    assert larger.startswith("ok    price: enlarging flux-lora, standard, 1:1: 1 Stars (computed)")
    assert hd.startswith("warn  price: picture flux-lora, hd")
    assert "1 Stars (PRICES_FILE)" in hd
    assert change.startswith("ok    price: change flux-2/edit, standard: 3 Stars (computed)")


async def test_the_stars_at_telegram_stand_beside_those_of_the_ledger(
    settings: Settings, sandbox: RunningSandbox
) -> None:
    add_line(sandbox.state.telegram, "old", 40, {"type": "other"}, 0)
    _, lines = await checked(settings, payments="stars")
    assert "ok    Stars: 40 at Telegram" in lines
    make_database(settings.database_url)
    _, lines = await checked(settings, payments="stars")
    (line,) = [line for line in lines if "Stars: 40 at Telegram" in line]
    assert "0 by the ledger; the rest was withdrawn" in line


async def test_a_ledger_that_does_not_add_up_is_named(settings: Settings) -> None:
    await checked(settings)
    make_database(settings.database_url)
    path = settings.database_url.partition("///")[2]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO wallets (paid, bonus, held, seq, created_at)"
            " VALUES (5, 0, 0, 0, '2026-11-01 00:00:00')"
        )
    is_well, lines = await checked(settings)
    assert not is_well
    (failure,) = failures(lines)
    assert "a wallet is the sum of its movements" in failure
    assert "backup" in failure


async def test_prompts_that_go_as_they_are_are_worth_a_thought(settings: Settings) -> None:
    is_well, lines = await checked(settings, prompt_model="")
    assert is_well
    assert lines[5].startswith("warn  prompts: go as they are")


async def test_the_coach_says_when_it_is_off_and_why(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, lines = await checked(settings, coach="off")
    assert "ok    photo coach: off (COACH=off)" in lines
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    is_well, lines = await checked(settings)
    assert is_well
    assert any(line.startswith("warn  photo coach: off, as the package") for line in lines)


async def test_telegram_is_down(settings: Settings, closed: str) -> None:
    is_well, lines = await checked(settings, telegram_api_url=closed)
    (failure,) = failures(lines)
    assert not is_well
    assert "TELEGRAM_API_URL" in failure
    assert lines[-1].startswith("ok    fal")


async def test_telegram_does_not_know_the_token(settings: Settings) -> None:
    token = SecretStr("7000000002:AAHanother-token-of-nobody-0000001")
    is_well, lines = await checked(settings, bot_token=token)
    (failure,) = failures(lines)
    assert not is_well
    assert "BOT_TOKEN: @BotFather gave another token" in failure
    assert "Unauthorized" in failure


async def test_inline_mode_is_to_be_switched_on_at_botfather_too(
    settings: Settings, sandbox: RunningSandbox
) -> None:
    is_well, lines = await checked(settings, inline="on")
    assert not is_well
    assert "/setinline" in failures(lines)[0]
    telegram = sandbox.state.telegram
    telegram.scenario = telegram.scenario.model_copy(update={"inline": True})
    assert (await checked(settings, inline="on"))[0]


async def test_groups_are_to_be_allowed_at_botfather_too(
    settings: Settings, sandbox: RunningSandbox
) -> None:
    assert (await checked(settings, groups="on"))[0]
    telegram = sandbox.state.telegram
    telegram.scenario = telegram.scenario.model_copy(update={"joins_groups": False})
    is_well, lines = await checked(settings, groups="on")
    assert not is_well
    assert "/setjoingroups" in failures(lines)[0]
    assert (await checked(settings))[0]


async def test_a_page_instead_of_telegram_is_named_without_the_address(
    settings: Settings,
) -> None:
    async with raw_server(http(200, b"<html>Log in to the hotel</html>", "text/html")) as page:
        is_well, lines = await checked(settings, telegram_api_url=page.url)
    assert not is_well
    assert "TELEGRAM_API_URL" in failures(lines)[0]
    # A redirect to itself makes the HTTP library show the whole address, token and all.
    location = f"Location: /bot{settings.bot_token.get_secret_value()}/getMe\r\n"
    async with raw_server(http(307, b"", extra=location)) as ring:
        is_well, lines = await checked(settings, telegram_api_url=ring.url)
    assert not is_well
    assert "TELEGRAM_API_URL" in failures(lines)[0]


async def test_fal_does_not_know_the_key(settings: Settings) -> None:
    is_well, lines = await checked(settings, fal_key=SecretStr("wrong-id:wrong-secret"))
    (failure,) = failures(lines)
    assert not is_well
    assert "FAL_KEY: make a key of scope API at fal.ai/dashboard/keys" in failure
    assert "401" in failure


async def test_an_admin_key_is_looked_at_where_there_is_one(settings: Settings) -> None:
    is_well, lines = await checked(settings, fal_admin_key=SecretStr(DEFAULT_ADMIN_KEY))
    assert is_well
    assert re.fullmatch(r"ok    fal admin key: accepted, the balance is \$\d+\.\d\d", lines[-1])
    for key, status in ((settings.fal_key, "403"), (SecretStr("wrong-id:wrong-secret"), "401")):
        is_well, lines = await checked(settings, fal_admin_key=key)
        (failure,) = failures(lines)
        assert not is_well
        assert "FAL_ADMIN_KEY: make a key of scope ADMIN" in failure
        assert status in failure


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, "warn  access: everyone who finds the bot, for up to $25 a day"),
        ({"access": None}, "ok    access: everyone, as Telegram and fal are emulated"),
        ({"access": "allowlist"}, "ok    access: the admin alone, who opens the ADMIN LINK"),
        (
            {"access": "allowlist", "admins": frozenset({2}), "allowed_users": frozenset({1})},
            "ok    access: 1, 2, and who became the admin by the link",
        ),
    ],
)
async def test_it_says_who_is_let_in_and_every_limit(
    settings: Settings, changes: dict[str, object], wanted: str
) -> None:
    is_well, lines = await checked(settings, **changes)
    assert is_well
    assert lines[1].startswith(wanted)
    assert (
        "ok    limits: 3 trainings and 100 pictures a user in 24 hours, 1 at once;"
        " $25 in 24 hours for the whole bot"
    ) in lines


async def test_an_empty_balance_is_told_with_where_to_add_to_it(
    settings: Settings, sandbox: RunningSandbox
) -> None:
    fal = sandbox.state.fal
    fal.scenario = fal.scenario.model_copy(update={"balance_usd": 0})
    is_well, lines = await checked(settings, fal_admin_key=SecretStr(DEFAULT_ADMIN_KEY))
    (failure,) = failures(lines)
    assert not is_well
    assert "add balance at fal.ai/dashboard/billing" in failure


async def test_a_store_is_written_to_where_there_is_one(
    settings: Settings, tmp_path: Path
) -> None:
    with s3_server(tmp_path / "s3") as s3:
        given = {
            "s3_endpoint": s3.endpoint,
            "s3_bucket": s3.bucket,
            "s3_access_key_id": s3.access_key_id,
            "s3_secret_access_key": SecretStr(s3.secret_access_key),
        }
        is_well, lines = await checked(settings, **given)
        assert is_well
        assert lines[-1].startswith("ok    store: ")
        is_well, lines = await checked(settings, **given | {"s3_bucket": "other"})
        assert not is_well
        assert "look at the endpoint, the bucket and both keys" in failures(lines)[0]


async def test_fal_is_down(settings: Settings, closed: str) -> None:
    is_well, lines = await checked(settings, fal_api_url=f"{closed}/fal")
    (failure,) = failures(lines)
    assert not is_well
    assert "FAL_API_URL" in failure


UNREACHABLE = {
    "sqlite+aiosqlite:///{folder}/file/folder/bot.db": "let this user write to the folder",
    "sqlite+aiosqlite:///{folder}": "let this user write to the folder",
    "sqlite+aiosqlite:///{folder}/file": "python -m bot restore FILE --force",
    "postgresql+asyncpg://bot:{password}@{closed}/bot": "start PostgreSQL",
}


@pytest.fixture(params=UNREACHABLE)
def unreachable(request: pytest.FixtureRequest, closed: str, tmp_path: Path) -> tuple[str, str]:
    """An address of a database that cannot be opened, and what to do about it."""
    (tmp_path / "file").write_text("no database")
    address = closed.removeprefix("http://")
    url: str = request.param
    url = url.format(folder=tmp_path, password=SECRET_PASSWORD, closed=address)
    return url, UNREACHABLE[request.param]


async def test_the_database_cannot_be_reached(
    settings: Settings, unreachable: tuple[str, str]
) -> None:
    url, advice = unreachable
    is_well, lines = await checked(settings, database_url=url)
    (failure,) = failures(lines)
    assert not is_well
    assert failure.startswith("FAIL  database (DATABASE_URL): ")
    assert advice in failure
    assert SECRET_PASSWORD not in failure


async def printed_by_a_start(settings: Settings, url: str, folder: Path) -> str:
    environment = {
        "BOT_TOKEN": settings.bot_token.get_secret_value(),
        "FAL_KEY": settings.fal_key.get_secret_value(),
        "DATABASE_URL": url,
    }
    code, printed = await run_bot(environment, folder)
    assert code == 2
    return printed


async def test_a_start_without_a_database_is_one_line(
    settings: Settings, unreachable: tuple[str, str], tmp_path: Path
) -> None:
    url, advice = unreachable
    printed = await printed_by_a_start(settings, url, tmp_path)
    assert printed.startswith("DATABASE_URL: ")
    assert advice in printed
    assert printed.count("\n") == 1
    assert SECRET_PASSWORD not in printed


async def test_a_start_while_another_program_holds_the_database_is_one_line(
    settings: Settings, sqlite_url: str, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(make_url(sqlite_url).database or "")) as other:
        other.execute("BEGIN IMMEDIATE")
        printed = await printed_by_a_start(settings, sqlite_url, tmp_path)
    assert printed == (
        "DATABASE_URL: OperationalError; another program holds it: stop that, then start again\n"
    )


@pytest.mark.postgres
async def test_a_start_that_is_given_no_connection_is_one_line(
    settings: Settings, postgres_databases: Callable[[], str], tmp_path: Path
) -> None:
    url = make_url(postgres_databases()).set(username=f"np_{secrets.token_hex(6)}")
    await on_postgres(f"CREATE ROLE {url.username} LOGIN CONNECTION LIMIT 0")
    try:
        printed = await printed_by_a_start(settings, url.render_as_string(), tmp_path)
    finally:
        await on_postgres(f"DROP ROLE {url.username}")
    assert printed.startswith("DATABASE_URL: ")
    assert printed.endswith("raise max_connections, or stop what holds them\n")
    assert printed.count("\n") == 1


async def run_bot(
    environment: dict[str, str], folder: Path, *words: str
) -> tuple[int | None, str]:
    """Run `python -m bot WORDS` to its end; return its exit code and all that it printed."""
    log = folder / "printed.log"
    log.write_bytes(b"")
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment}
    process = Fork(["bot", *words], variables, folder, log)
    return await asyncio.to_thread(process.wait, ENDS_WITHIN_S), log.read_text()


async def test_the_command_exits_with_0_when_all_is_well_and_with_1_when_not(
    sandbox: RunningSandbox, tmp_path: Path, closed: str
) -> None:
    environment = sandbox.bot_environment(tmp_path / "bot.db")
    code, printed = await run_bot(environment, tmp_path, "check")
    assert (code, printed.count("ok "), "FAIL" in printed) == (0, 7, False)
    broken = {**environment, "TELEGRAM_API_URL": closed, "FAL_KEY": "wrong-id:wrong-secret"}
    code, printed = await run_bot(broken, tmp_path, "check")
    assert (code, printed.count("FAIL")) == (1, 2)
    for secret in (environment["BOT_TOKEN"].partition(":")[2], "wrong-secret", "Traceback"):
        assert secret not in printed


async def test_a_database_that_does_not_fit_is_refused_with_what_to_do(
    sandbox: RunningSandbox, tmp_path: Path
) -> None:
    environment = sandbox.bot_environment(tmp_path / "bot.db")
    make_database(environment["DATABASE_URL"])
    with closing(sqlite3.connect(tmp_path / "bot.db")) as database:
        database.execute("DROP TABLE searches")
    code, printed = await run_bot(environment, tmp_path, "check")
    assert (code, printed.count("FAIL")) == (1, 1)
    code, started = await run_bot(environment, tmp_path)
    assert code == 2
    for line in (*failures(printed.splitlines()), started.splitlines()[-1]):
        assert "DATABASE_URL" in line
        assert "searches missing" in line
        assert "restore a backup or set DATABASE_URL to a new database" in line
    assert "Traceback" not in started


async def test_the_trainers_are_the_operators_choice_or_it_is_said_that_nobody_chose(
    settings: Settings,
) -> None:
    _, lines = await checked(settings)
    (line,) = (line for line in lines if "trainers:" in line)
    assert line.startswith("warn  trainers: fal-ai/flux-lora-fast-training, as none is chosen")
    _, lines = await checked(settings, trainers=("fal-ai/flux-2-trainer-v2",))
    assert "ok    trainers: fal-ai/flux-2-trainer-v2 (TRAINERS)" in lines
