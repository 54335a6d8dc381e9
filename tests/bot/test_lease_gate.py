"""What a replica sends that stood still while it waited for a connection."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web
from sqlalchemy import text

from bot.lease_gate import GatedSession
from db.database import Database
from db.fence import fenced
from services.domain.trouble import LeaseLost
from services.jobs.replica import Replica
from tests.hang_up import hang_up

pytestmark = pytest.mark.postgres

TOKEN = "42:TEST"
LONG_S = 600.0
REQUEST_S = 0.2


class Server:
    """Telegram, which lets requests wait until the gate is open."""

    def __init__(self) -> None:
        self.api = TelegramAPIServer.from_base("http://unset")
        self.came: list[str] = []
        self.has_one = asyncio.Event()
        self.gate = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        self.came.append(str((await request.post())["text"]))
        self.has_one.set()
        await self.gate.wait()
        message = {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}
        return web.json_response({"ok": True, "result": message})

    async def give(self, _: web.Request) -> web.Response:
        return web.Response(body=b"a file")


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    app = web.Application()
    app.router.add_post("/{tail:.*}", made.take)
    app.router.add_get("/{tail:.*}", made.give)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.api = TelegramAPIServer.from_base(f"http://127.0.0.1:{runner.addresses[0][1]}")
    yield made
    await runner.cleanup()


@pytest.fixture(scope="module")
def url(postgres_copies: Callable[[], str]) -> str:
    return postgres_copies()


class Stopped:
    """A replica that stands still between two steps of its work."""

    def __init__(self, url: str) -> None:
        self.now_s = 0.0
        self.database = Database(url)
        self.replica = Replica(self.database, LONG_S, lambda: self.now_s)

    async def is_buried(self) -> None:
        async with self.database.transaction() as tx:
            await tx.replicas.leave(self.replica.id)

    def wakes(self) -> None:
        self.now_s += 2 * LONG_S


@pytest.fixture
async def stopped(url: str) -> AsyncIterator[Stopped]:
    made = Stopped(url)
    async with made.replica:
        yield made
    await made.database.close()


@pytest.fixture
async def bot(server: Server, stopped: Stopped) -> AsyncIterator[Bot]:
    # One connection, for which the second request waits.
    bot = Bot(TOKEN, session=GatedSession(stopped.replica, api=server.api, limit=1))
    yield bot
    await hang_up(bot.session)


async def send(bot: Bot, words: str, owner: int) -> None:
    with fenced(owner):
        await bot.send_message(1, words)


def both(bot: Bot, owner: int) -> asyncio.Future[list[BaseException | None]]:
    """Send two messages at once; the second waits for the connection of the first."""
    sending = [send(bot, words, owner) for words in ("first", "second")]
    return asyncio.gather(*sending, return_exceptions=True)


async def test_what_waits_for_a_connection_is_not_sent_when_the_lease_was_lost(
    bot: Bot, server: Server, stopped: Stopped
) -> None:
    sent = both(bot, stopped.replica.id)
    await server.has_one.wait()
    await stopped.is_buried()
    stopped.wakes()
    server.gate.set()
    first, second = await sent
    assert first is None
    assert isinstance(second, LeaseLost)
    assert server.came == ["first"]


async def test_it_is_sent_once_when_nobody_has_noticed(
    bot: Bot, server: Server, stopped: Stopped
) -> None:
    sent = both(bot, stopped.replica.id)
    await server.has_one.wait()
    stopped.wakes()
    server.gate.set()
    assert await sent == [None, None]
    assert server.came == ["first", "second"]


async def test_a_wait_for_the_lease_is_none_for_telegram(
    bot: Bot, server: Server, stopped: Stopped
) -> None:
    bot.session.timeout = REQUEST_S
    server.gate.set()
    stopped.wakes()
    async with asyncio.TaskGroup() as tasks, stopped.database.engine.begin() as connection:
        # No beat is made meanwhile.
        await connection.execute(text("LOCK TABLE replicas"))
        sending = tasks.create_task(send(bot, "late", stopped.replica.id))
        await asyncio.sleep(5 * REQUEST_S)
        assert not sending.done()
        assert server.came == []
    assert server.came == ["late"]


async def test_a_file_is_fetched_whoever_has_the_lease(
    bot: Bot, server: Server, stopped: Stopped
) -> None:
    assert server.came == []
    stopped.wakes()
    with fenced(stopped.replica.id):
        fetched = await bot.download_file("photos/1.jpg")
    assert fetched is not None
    assert fetched.read() == b"a file"


async def test_what_is_nobodys_work_is_sent(bot: Bot, server: Server, stopped: Stopped) -> None:
    server.gate.set()
    stopped.wakes()
    await bot.send_message(1, "free")
    assert server.came == ["free"]
