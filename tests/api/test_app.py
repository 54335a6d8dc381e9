"""The HTTP application over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest

from api.app import Served, build_app
from api.door import PATH, NoRoom, UpdateDoor
from api.telegram import MAX_BYTES, SECRET_HEADER
from bot.listener import listening
from bot.web import serving
from services.domain.trouble import DatabaseUnavailable

SECRET = "s" * 64
RIGHT = {SECRET_HEADER: SECRET}


class Taken:
    """Takes updates, or fails as it is told."""

    def __init__(self, error: Exception | None = None) -> None:
        self.bodies: list[bytes] = []
        self._error = error

    async def take(self, body: bytes) -> None:
        if self._error is not None:
            raise self._error
        self.bodies.append(body)


@asynccontextmanager
async def served(
    take: Callable[[bytes], Awaitable[None]] | None = None,
    troubles: list[str] | None = None,
    path: str = "",
) -> AsyncIterator[aiohttp.ClientSession]:
    async def lines() -> list[str]:
        return troubles or []

    door = UpdateDoor(SECRET, take) if take else None
    with listening("127.0.0.1", 0) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = build_app(Served(lines, door, path))
        async with serving(app, listener), aiohttp.ClientSession(base) as http:
            yield http


async def test_an_update_is_taken_as_it_came() -> None:
    taken = Taken()
    async with served(taken.take) as http, http.post(PATH, data=b"{}", headers=RIGHT) as answer:
        assert answer.status == 200
    assert taken.bodies == [b"{}"]


@pytest.mark.parametrize("secret", [None, "", "s", SECRET + "s", "ключ"])
async def test_who_does_not_know_the_secret_is_refused_before_a_byte_is_read(
    secret: str | None,
) -> None:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    never = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"{"
        await never.wait()

    taken = Taken()
    async with served(taken.take) as http, http.post(PATH, data=endless(), headers=headers) as got:
        assert got.status == 403
    assert taken.bodies == []


@pytest.mark.parametrize("error", [NoRoom(), DatabaseUnavailable("locked")])
async def test_what_is_not_kept_is_asked_for_again_later(error: Exception) -> None:
    async with (
        served(Taken(error).take) as http,
        http.post(PATH, data=b"{}", headers=RIGHT) as answer,
    ):
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) > 0


async def test_a_body_without_end_is_refused_at_the_limit() -> None:
    taken = Taken()
    async with served(taken.take) as http:
        async with http.post(PATH, data=b" " * MAX_BYTES, headers=RIGHT) as answer:
            assert answer.status == 200
        async with http.post(PATH, data=b" " * (MAX_BYTES + 1), headers=RIGHT) as answer:
            assert answer.status == 413
    assert [len(body) for body in taken.bodies] == [MAX_BYTES]


async def test_where_updates_are_polled_nothing_can_be_pushed() -> None:
    async with served() as http, http.post(PATH, data=b"{}", headers=RIGHT) as answer:
        assert answer.status == 404


async def test_who_asks_whether_it_is_ready_learns_what_is_wrong() -> None:
    async with served(troubles=["the database does not answer", "and more"]) as http:
        async with http.get("/readyz") as answer:
            assert answer.status == 503
            assert await answer.text() == "the database does not answer\nand more\n"
        async with http.get("/healthz") as answer:
            assert answer.status == 200


@pytest.mark.parametrize("asked", ["/healthz", "/np/healthz"])
async def test_a_proxy_may_take_off_the_path_of_the_public_address_or_not(asked: str) -> None:
    async with served(path="/np") as http, http.get(asked) as answer:
        assert answer.status == 200


async def test_nothing_is_told_of_the_server_and_its_routes() -> None:
    async with served() as http:
        for path in ("/", "/docs", "/openapi.json"):
            async with http.get(path) as answer:
                assert answer.status == 404
                assert "Server" not in answer.headers


async def test_requests_under_way_end_before_the_server_does() -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_body: bytes) -> None:
        arrived.set()
        await go_on.wait()

    async def push(http: aiohttp.ClientSession) -> int:
        async with http.post(PATH, data=b"{}", headers=RIGHT) as answer:
            return answer.status

    async with asyncio.TaskGroup() as group:
        async with served(slow) as http:
            # The client's session closes with the block, so the request has one of its own.
            own = aiohttp.ClientSession(http._base_url)
            pushing = group.create_task(push(own))
            await arrived.wait()
            asyncio.get_running_loop().call_later(0.05, go_on.set)
        assert await pushing == 200
        await own.close()
