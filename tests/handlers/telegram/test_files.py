"""Photos come from Telegram, and no failure carries the bot token."""

import asyncio
import json
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web
from aiohttp.test_utils import TestServer

from handlers.telegram.files import MAX_BYTES, TROUBLED_FOR_GOOD_S, TelegramFiles
from services.errors import PhotoGone, PhotoUnavailable
from services.photos.refusal import PhotoRefused, RefusalReason
from tests.hang_up import hang_up

TOKEN = "123456789:AAHsecretsecretsecretsecretsecret12"
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Telegram:
    """A server that answers as it is told."""

    def __init__(self) -> None:
        self.size: int | None = None
        self.get_file: Answer = self.known_file
        self.download: Answer = self.whole_file

    async def known_file(self, _: web.Request) -> web.StreamResponse:
        result: dict[str, object] = {
            "file_id": "f",
            "file_unique_id": "u",
            "file_path": "photos/1.jpg",
        }
        result |= {} if self.size is None else {"file_size": self.size}
        return web.json_response({"ok": True, "result": result})

    async def whole_file(self, _: web.Request) -> web.StreamResponse:
        return web.Response(body=b"photo")

    async def answer(self, request: web.Request) -> web.StreamResponse:
        is_download = request.path.startswith("/file/")
        return await (self.download if is_download else self.get_file)(request)


@pytest.fixture
async def telegram() -> Telegram:
    return Telegram()


@pytest.fixture
async def files(telegram: Telegram) -> AsyncIterator[TelegramFiles]:
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", telegram.answer)
    server = TestServer(app)
    await server.start_server()
    api = TelegramAPIServer.from_base(str(server.make_url("")).rstrip("/"))
    session = AiohttpSession(api=api, timeout=0.5)
    yield TelegramFiles(Bot(TOKEN, session=session))
    await hang_up(session)
    await server.close()


def refusing(status: int, words: str) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        body = {"ok": False, "error_code": status, "description": words}
        return web.json_response(body, status=status)

    return answer


def raw(status: int, body: bytes) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, body=body)

    return answer


async def hang(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(5)
    return web.Response()


async def cut_off(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"half")
    assert request.transport is not None
    request.transport.abort()
    return response


async def break_off(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


def everything_said(error: BaseException) -> str:
    """The error with all that a log would print of it."""
    return "".join(traceback.format_exception(error)) + repr(error.__cause__)


async def test_a_photo_is_fetched(files: TelegramFiles) -> None:
    assert await files.fetch("f") == b"photo"


GET_FILE_FAILS: dict[str, tuple[Answer, type[Exception]]] = {
    "invalid_id": (refusing(400, "Bad Request: invalid file_id"), PhotoGone),
    "wrong_id": (refusing(400, "Bad Request: wrong remote file identifier specified"), PhotoGone),
    "busy": (
        refusing(400, "Bad Request: wrong file_id or the file is temporarily unavailable"),
        PhotoUnavailable,
    ),
    "odd": (refusing(400, "Bad Request: something else"), PhotoUnavailable),
    "not_found": (refusing(404, "Not Found"), PhotoUnavailable),
    "unauthorized": (refusing(401, "Unauthorized"), PhotoUnavailable),
    "server_error": (refusing(500, "Internal Server Error"), PhotoUnavailable),
    "flood": (refusing(429, "Too Many Requests: retry after 5"), PhotoUnavailable),
    "html": (raw(502, b"<html>nginx</html>"), PhotoUnavailable),
    "garbage": (raw(200, b"\x00\x01"), PhotoUnavailable),
    "empty": (raw(200, b""), PhotoUnavailable),
    "break_off": (break_off, PhotoUnavailable),
    "hang": (hang, PhotoUnavailable),
}


@pytest.mark.parametrize("case", GET_FILE_FAILS)
async def test_a_file_that_is_not_named_hides_the_token(
    files: TelegramFiles, telegram: Telegram, case: str
) -> None:
    telegram.get_file, wanted = GET_FILE_FAILS[case]
    with pytest.raises(wanted) as raised:
        await files.fetch("f")
    assert TOKEN not in everything_said(raised.value)


async def test_a_refusal_that_may_pass_is_believed_once_it_has_lasted(
    telegram: Telegram, files: TelegramFiles
) -> None:
    clock = [0.0]
    patient = TelegramFiles(files._bot, lambda: clock[0])
    words = "Bad Request: wrong file_id or the file is temporarily unavailable"
    telegram.get_file = refusing(400, words)
    for clock[0] in (0.0, 60.0, TROUBLED_FOR_GOOD_S):
        with pytest.raises(PhotoUnavailable):
            await patient.fetch("f")
    telegram.get_file = telegram.known_file
    assert await patient.fetch("f") == b"photo"
    telegram.get_file = refusing(400, words)
    clock[0] += 1000
    with pytest.raises(PhotoUnavailable):
        await patient.fetch("f")
    clock[0] += TROUBLED_FOR_GOOD_S + 1
    with pytest.raises(PhotoGone):
        await patient.fetch("f")


async def cut_off_without_a_length(request: web.Request) -> web.StreamResponse:
    """As through a proxy that has lost its connection: the answer ends, and looks complete."""
    response = web.StreamResponse(headers={"Connection": "close"})
    response.force_close()
    await response.prepare(request)
    await response.write(b"pho")
    await response.write_eof()
    return response


@pytest.mark.parametrize("answer", [cut_off_without_a_length, raw(200, b"")])
async def test_a_file_that_comes_short_is_asked_for_again_for_a_while(
    telegram: Telegram, files: TelegramFiles, answer: Answer
) -> None:
    clock = [0.0]
    patient = TelegramFiles(files._bot, lambda: clock[0])
    telegram.size, telegram.download = 5, answer
    for clock[0] in (0.0, TROUBLED_FOR_GOOD_S):
        with pytest.raises(PhotoUnavailable, match="cut short"):
            await patient.fetch("f")
    telegram.download = telegram.whole_file
    assert await patient.fetch("f") == b"photo"
    # A size that is wrong for good loses no photo.
    telegram.size = 6
    with pytest.raises(PhotoUnavailable):
        await patient.fetch("f")
    clock[0] += TROUBLED_FOR_GOOD_S + 1
    assert await patient.fetch("f") == b"photo"


DOWNLOAD_FAILS: dict[str, Answer] = {
    "not_found": raw(404, b"Not Found"),
    "forbidden": raw(403, b""),
    "server_error": raw(500, b""),
    "html": raw(502, b"<html>nginx</html>"),
    "cut_off": cut_off,
    "break_off": break_off,
}


@pytest.mark.parametrize("case", DOWNLOAD_FAILS)
async def test_a_download_that_fails_hides_the_token_and_may_be_tried_again(
    files: TelegramFiles, telegram: Telegram, case: str
) -> None:
    telegram.download = DOWNLOAD_FAILS[case]
    with pytest.raises(PhotoUnavailable) as raised:
        await files.fetch("f")
    assert TOKEN not in everything_said(raised.value)


@pytest.mark.parametrize(
    "answer",
    [
        refusing(400, "Bad Request: file is too big"),
        raw(
            200,
            json.dumps(
                {
                    "ok": True,
                    "result": {
                        "file_id": "f",
                        "file_unique_id": "u",
                        "file_size": MAX_BYTES + 1,
                        "file_path": "x",
                    },
                }
            ).encode(),
        ),
    ],
)
async def test_a_file_over_the_limit_is_refused(
    files: TelegramFiles, telegram: Telegram, answer: Answer
) -> None:
    telegram.get_file = answer
    with pytest.raises(PhotoRefused) as refused:
        await files.fetch("f")
    assert refused.value.reason is RefusalReason.TOO_BIG
    assert refused.value.params == {"max_megabytes": 20}


async def test_a_file_without_a_path_may_be_asked_for_again(
    files: TelegramFiles, telegram: Telegram
) -> None:
    telegram.get_file = raw(
        200, b'{"ok": true, "result": {"file_id": "f", "file_unique_id": "u"}}'
    )
    with pytest.raises(PhotoUnavailable):
        await files.fetch("f")
