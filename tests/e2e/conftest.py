"""One sandbox and one bot for all tests, as both take seconds to start; a new person for each.

With `E2E_REPLICAS=2` in the environment that one bot is two replicas on PostgreSQL, to which
Telegram and fal push through a balancer. Tests that start bots of their own do so all the same,
and those that are about one process or its polls, or look into its SQLite file, are marked
`one_bot`.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import aiohttp
import pytest

from services.domain.vocabulary import Language
from tests.e2e.driver import Person, Sandbox
from tests.e2e.processes import Process, bot_process, complaints_in, sandbox_process, start_bot
from tests.e2e.replicas import REPLICAS, Balancer, Replicas, replica_process
from tests.made_once import first_to_ask
from tests.ports import free_port

HERE = "tests/e2e/"
SHARED_CHAT_MESSAGES = 25
"""Of the bot. A test adds ten or fewer, and edits count as well."""

LONGEST_S = 400
"""A test waits up to a minute for each of many things, the first of a file for processes too."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is an e2e test, and has time for it."""
    for item in items:
        if item.nodeid.startswith(HERE):
            item.add_marker(pytest.mark.e2e)
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(LONGEST_S))
            if REPLICAS > 1 and item.get_closest_marker("one_bot"):
                item.add_marker(pytest.mark.skip(reason="about one process alone"))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a sandbox process."""
    process = sandbox_process(tmp_path_factory.mktemp("sandbox"))
    process.start()
    try:
        yield process.printed_match(r"TELEGRAM_API_URL=(\S+)")
        assert process.stop() == 0
        assert not complaints_in(process.printed()), process.printed()
    finally:
        process.kill()


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a sandbox process for a bot of a module's own.

    Such a module overrides `server` with it: of two bots at one server, Telegram refuses one.
    """
    process = sandbox_process(tmp_path_factory.mktemp("sandbox"))
    process.start()
    try:
        yield process.printed_match(r"TELEGRAM_API_URL=(\S+)")
        assert process.stop() == 0
    finally:
        process.kill()


@pytest.fixture(scope="module")
def port() -> int:
    """A free port, for a bot of a module's own."""
    return free_port()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where a bot of a test's own runs."""
    folder = tmp_path / "bot"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def bot_of_session(
    server: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Process]:
    """The bot's process; at the end it must stop in time, in order and without a complaint."""
    folder = tmp_path_factory.mktemp("bot")
    with ExitStack() as stack:
        process = bot_process(server, folder)
        if first_to_ask("migration by a bot"):
            # This one makes its database itself, as the first start of all.
            (folder / "bot.db").unlink()
        if REPLICAS > 1:
            balancer = Balancer(REPLICAS)
            stack.enter_context(balancer.running())
            databases: Callable[[], str] = request.getfixturevalue("postgres_databases")
            url = databases()
            process = Replicas(
                [replica_process(server, folder, url, balancer, port) for port in balancer.ports]
            )
        stack.callback(process.kill)
        start_bot(process)
        yield process
        assert process.stop() == 0, process.printed()
        assert not complaints_in(process.printed()), process.printed()


@pytest.fixture
def bot(bot_of_session: Process) -> Iterator[Process]:
    """The bot's process; what it prints during the test must hold no secret and no complaint."""
    before = bot_of_session.printed_bytes
    start_bot(bot_of_session)
    yield bot_of_session
    printed = bot_of_session.printed(before)
    assert not complaints_in(printed), printed


@pytest.fixture
async def sandbox(server: str, bot: Process) -> AsyncIterator[Sandbox]:
    """The sandbox, where everything works and jobs end at once until the test says otherwise."""
    assert bot is not None
    async with aiohttp.ClientSession() as http:
        sandbox = Sandbox(http, server)
        await sandbox.calm()
        yield sandbox
        await sandbox.calm()


@pytest.fixture
async def person(sandbox: Sandbox) -> Person:
    """A person who speaks English and has never met the bot."""
    return await sandbox.newcomer()


@pytest.fixture(scope="session")
def owners() -> dict[str, str]:
    """Name by id of the people whose models were trained for several tests."""
    return {}


@pytest.fixture
async def owner(sandbox: Sandbox, owners: dict[str, str]) -> Person:
    """A person with one ready model, shared by the tests that only make pictures with it.

    Telegram slows down a chat that has had 60 messages, so its next one takes 3 s: before that
    there is another person.
    """
    if owners:
        user_id, name = list(owners.items())[-1]
        person = Person(sandbox, int(user_id), Language.EN, name)
        if len(await person.from_bot()) < SHARED_CHAT_MESSAGES:
            return person
    person = await sandbox.newcomer()
    await person.own_model()
    owners[str(person.id)] = person.name
    return person
