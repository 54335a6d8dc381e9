"""Calls in fal's name over real HTTP: the true ones are taken, the others refused and counted."""

import asyncio
import io
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import httpx
import pytest

from api.app import Served, build_app
from api.door import FAL_PATH
from api.fal import MAX_BYTES
from bot.fal_address import fal_word
from bot.fal_calls import FalCalls
from bot.listener import listening
from bot.web import serving
from sandbox.fal.signing import Signer
from services.domain.trouble import DatabaseUnavailable
from services.fal.webhook import FalKeys

WORD = fal_word("id:secret")
PATH = f"{FAL_PATH}/{WORD}"
BODY = b'{"request_id": "r-1", "gateway_request_id": "r-2", "status": "OK", "payload": null}'
Headers = dict[str, str]


@dataclass
class Ended:
    """Notes which requests have ended, or fails as it is told."""

    looked: list[Sequence[str]] = field(default_factory=list)
    error: Exception | None = None

    async def look(self, request_ids: Sequence[str]) -> None:
        if self.error is not None:
            raise self.error
        self.looked.append(request_ids)


@dataclass
class Called:
    calls: FalCalls
    ended: Ended
    signer: Signer
    http: aiohttp.ClientSession
    key_status: int = 200

    async def ask(self, _url: str) -> httpx.Response:
        return httpx.Response(self.key_status, json=self.signer.key_set())

    def signed(self, body: bytes = BODY, age_s: int = 0) -> Headers:
        return dict(self.signer.headers("r-1", body, int(time.time()) - age_s))

    async def post(self, body: object, headers: Headers | None = None, path: str = PATH) -> int:
        async with self.http.post(path, data=body, headers=headers) as answer:
            return answer.status


@pytest.fixture
async def called() -> AsyncIterator[Called]:
    async with running() as called:
        yield called


@asynccontextmanager
async def running() -> AsyncIterator[Called]:
    async def untroubled() -> list[str]:
        return []

    signer, ended = Signer(), Ended()
    with listening("127.0.0.1", 0) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with aiohttp.ClientSession(base) as http:
            called = Called(None, ended, signer, http)  # type: ignore[arg-type]
            called.calls = FalCalls(WORD, FalKeys(called.ask), ended)  # type: ignore[arg-type]
            async with serving(build_app(Served(untroubled, fal=called.calls)), listener):
                yield called


async def test_a_true_call_has_its_job_looked_at(called: Called) -> None:
    assert await called.post(BODY, called.signed()) == 200
    assert called.ended.looked == [("r-1", "r-2")]
    assert not called.calls.refused


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"[]", b'{"request_id": 7}', b'{"request_id": "/"}']
)
async def test_the_signed_header_names_the_request_whatever_the_body_says(
    called: Called, body: bytes
) -> None:
    assert await called.post(body, called.signed(body)) == 200
    assert called.ended.looked == [("r-1",)]


async def test_a_doubled_call_is_normal(called: Called) -> None:
    headers = called.signed()
    assert [await called.post(BODY, headers) for _ in range(2)] == [200, 200]


@pytest.mark.parametrize(
    ("reason", "body", "path"),
    [
        ("unsigned", BODY, PATH),
        ("stale", BODY, PATH),
        ("forged", BODY + b" ", PATH),
        ("foreign", BODY, f"{FAL_PATH}/{fal_word('other:secret')}"),
        ("foreign", BODY, f"{FAL_PATH}/ключ"),
    ],
)
async def test_others_are_refused_and_counted(
    called: Called, reason: str, body: bytes, path: str
) -> None:
    headers = called.signed(age_s=301 if reason == "stale" else 0)
    for _ in range(2):
        sent = None if reason == "unsigned" else headers
        assert await called.post(body, sent, path) == 403
    assert called.calls.refused == {reason: 2}
    assert called.ended.looked == []


async def test_a_stranger_is_refused_before_a_byte_is_read(called: Called) -> None:
    never = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"{"
        await never.wait()

    assert await called.post(endless()) == 403
    assert await called.post(endless(), called.signed(age_s=400)) == 403
    assert await called.post(endless(), called.signed(), f"{FAL_PATH}/word") == 403


async def test_a_body_without_end_is_refused_at_the_limit(called: Called) -> None:
    body = b" " * (MAX_BYTES + 1)
    assert await called.post(io.BytesIO(body), called.signed(body)) == 413
    assert called.ended.looked == []


async def test_what_cannot_be_looked_at_or_checked_now_is_asked_for_again(
    called: Called,
) -> None:
    called.key_status = 500
    assert await called.post(BODY, called.signed()) == 503
    async with running() as well:
        well.ended.error = DatabaseUnavailable("locked")
        assert await well.post(BODY, well.signed()) == 503


async def test_where_fal_was_given_no_address_there_is_none() -> None:
    async def untroubled() -> list[str]:
        return []

    with listening("127.0.0.1", 0) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with (
            serving(build_app(Served(untroubled)), listener),
            aiohttp.ClientSession(base) as http,
            http.post(PATH, data=BODY) as answer,
        ):
            assert answer.status == 404
