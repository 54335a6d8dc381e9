"""Every call ends: in time, with a bounded answer, after a bounded number of redirects."""

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from services.domain.clock import now
from services.domain.vocabulary import Subject
from services.errors import (
    FalError,
    FalFileRefused,
    FalOutcomeUnknown,
    FalResultUnreadable,
    FalUnavailable,
)
from services.fal.answers import MAX_ANSWER_BYTES
from services.fal.client import FalClient, Times
from services.fal.files import MAX_REDIRECTS
from services.fal.gateway import Ended, GenerationOrder, Job, TrainingOrder
from tests.services.fal.raw_server import Answer, http, raw_server
from tests.services.kit import FAST, FLUX

KEY = "key-id:key-secret"
BASE = "https://queue.fal.run/fal-ai/flux-lora/requests/r"
JOB = Job("r", f"{BASE}/status", BASE, f"{BASE}/cancel")
FILE = "https://v3.fal.media/files/a.jpg"
SHORT = Times(read_s=0.2, submit_s=0.2, upload_s=0.2, download_s=0.2)
TRAINING = TrainingOrder("https://zip", "ANNA_A3F2", Subject.WOMAN, 500, 8, 1, 1e-4)
PICTURE = GenerationOrder("ANNA_A3F2, a king", "https://lora", seed=1)
COMPLETED = http(200, b'{"status": "COMPLETED"}')

Call = Callable[[FalClient, Path], Awaitable[object]]

READS: dict[str, Call] = {
    "status": lambda fal, _: fal.status(JOB),
    "lora": lambda fal, _: fal.trained_lora(JOB),
    "images": lambda fal, _: fal.made_images(JOB),
    "prices": lambda fal, _: fal.unit_prices([FAST]),
    "history": lambda fal, _: fal.find_submissions(FAST, ["ANNA"], now()),
    "balance": lambda fal, _: fal.balance_usd(),
    "charges": lambda fal, _: fal.charged_usd(["r"], now()),
}
OTHERS: dict[str, Call] = {
    "payload": lambda fal, _: fal.delete_payload("r"),
    "cancel": lambda fal, _: fal.cancel(JOB),
    "check": lambda fal, _: fal.check_account(),
    "upload": lambda fal, path: fal.upload_archive(path),
    "download": lambda fal, _: fal.download(FILE, MAX_ANSWER_BYTES),
    "training": lambda fal, _: fal.submit_training(FAST, TRAINING),
    "generation": lambda fal, _: fal.submit_generation(FLUX, PICTURE),
}
SUBMITS = {"training", "generation"}
CALLS = READS | OTHERS


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "photos.zip"
    path.write_bytes(b"PK")
    return path


async def drip(writer: asyncio.StreamWriter) -> None:
    """Never end an answer, and never be silent."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("name", CALLS)
async def test_a_drip_of_bytes_ends(archive: Path, name: str) -> None:
    async with raw_server(drip) as server, FalClient(KEY, server.url, SHORT) as fal:
        with pytest.raises(FalError) as ended:
            await CALLS[name](fal, archive)
    wanted = FalOutcomeUnknown if name in SUBMITS else FalUnavailable
    assert type(ended.value) is wanted
    assert ended.value.is_outage


def endless(sent: list[int]) -> Answer:
    """Send one JSON text without an end until the other side leaves."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n{"x": "')
        sent.append(0)
        for _ in range(200_000_000 // 65536):
            writer.write(b"x" * 65536)
            await writer.drain()
            sent[-1] += 65536

    return answer


@pytest.mark.parametrize("name", sorted(CALLS.keys() - {"cancel", "check"}))
async def test_no_more_is_read_than_an_answer_may_have(archive: Path, name: str) -> None:
    sent: list[int] = []
    times = Times(read_s=60, submit_s=60, upload_s=60, download_s=60)
    async with raw_server(endless(sent)) as server, FalClient(KEY, server.url, times) as fal:
        with pytest.raises(FalError) as ended:
            await CALLS[name](fal, archive)
    kinds = {
        "lora": FalResultUnreadable,
        "images": FalResultUnreadable,
        "download": FalFileRefused,
    }
    wanted = FalOutcomeUnknown if name in SUBMITS else kinds.get(name, FalUnavailable)
    assert type(ended.value) is wanted
    # What lies in the buffers of both sides comes on top.
    assert all(count <= 2 * MAX_ANSWER_BYTES for count in sent)


@pytest.mark.parametrize("name", ["status", "lora", "download", "training"])
async def test_a_packed_answer_is_bounded_by_its_size_unpacked(archive: Path, name: str) -> None:
    bomb = gzip.compress(b" " * (20 * MAX_ANSWER_BYTES), 1)
    answer = http(200, bomb, extra="Content-Encoding: gzip\r\n")
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        with pytest.raises(FalError):
            await CALLS[name](fal, archive)


async def test_an_answer_that_is_packed_is_read() -> None:
    answer = http(
        200, gzip.compress(b'{"status": "COMPLETED"}'), extra="Content-Encoding: gzip\r\n"
    )
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        assert await fal.status(JOB) == Ended(None)


BROKEN = {
    "nested": http(200, b"[" * 200_000),
    "nested objects": http(200, b'{"a":' * 200_000),
    "a long number": http(200, b'{"status": ' + b"9" * 10_000 + b"}"),
    "not a number": http(200, b"NaN"),
    "broken utf-8": http(200, b'{"status": "\xff"}'),
    "a lone surrogate": http(200, b'"\\ud800"'),
    "badly packed": http(200, b"{}", extra="Content-Encoding: gzip\r\n"),
    "a bad redirect": http(307, b"", extra="Location: https://[\r\n"),
    "a redirect to nothing": http(302, b"", extra="Location: \r\n"),
    "a redirect to a file": http(301, b"", extra="Location: file:///etc/passwd\r\n"),
    "a redirect to data": http(301, b"", extra="Location: data:application/json,{}\r\n"),
    "a redirect without a place": http(303, b""),
    "a number as a name": http(307, b"", extra="Location: https://\xff\xfe/\r\n"),
    "no content": http(204, b""),
    "half a status line": http(99, b""),
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("name", CALLS)
async def test_whatever_cannot_be_read_is_an_answer(archive: Path, name: str, case: str) -> None:
    times = Times(upload_s=0.5)
    async with raw_server(BROKEN[case]) as server, FalClient(KEY, server.url, times) as fal:
        try:
            await CALLS[name](fal, archive)
        except FalError as error:
            assert isinstance(error, FalError)  # noqa: PT017  # anything else is a bug


@pytest.mark.parametrize(
    "url", ["", "nowhere", "https://[", "https://\x00", "x" * 100_000, "data:,x"]
)
async def test_an_address_of_a_job_that_is_none_is_an_answer(url: str) -> None:
    job = Job("r", url, url, url)
    async with FalClient(KEY, "http://127.0.0.1:1") as fal:
        for ask in (fal.status, fal.trained_lora, fal.made_images, fal.cancel):
            with pytest.raises(FalUnavailable):
                await ask(job)


class Hops:
    """A server that redirects a number of times before it answers."""

    def __init__(self, status: int, hops: int, target: str = "") -> None:
        self.status = status
        self.left = hops
        self.target = target

    async def __call__(self, writer: asyncio.StreamWriter) -> None:
        if self.left == 0:
            await COMPLETED(writer)
            return
        self.left -= 1
        place = self.target or f"/hop/{self.left}"
        await http(self.status, b"", extra=f"Location: {place}\r\n")(writer)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("hops", [1, MAX_REDIRECTS])
async def test_a_read_follows_redirects_and_keeps_its_key_at_home(status: int, hops: int) -> None:
    async with raw_server(Hops(status, hops)) as server, FalClient(KEY, server.url) as fal:
        assert await fal.status(JOB) == Ended(None)
        assert server.requests[1:] == [f"GET /hop/{left}" for left in reversed(range(hops))]
        assert all(headers["authorization"] == f"Key {KEY}" for headers in server.headers)


async def test_a_redirect_to_a_host_of_fals_goes_where_fal_is() -> None:
    place = "https://queue.falrun.com/elsewhere"
    async with raw_server(Hops(307, 1, place)) as server, FalClient(KEY, server.url) as fal:
        assert await fal.status(JOB) == Ended(None)
        assert server.requests[1] == "GET /queue/elsewhere"


async def test_redirects_without_an_end_are_left() -> None:
    async with raw_server(Hops(307, 10**6, "/again")) as server, FalClient(KEY, server.url) as fal:
        with pytest.raises(FalUnavailable):
            await fal.status(JOB)
        assert len(server.requests) == MAX_REDIRECTS + 1
        with pytest.raises(FalUnavailable):
            await fal.download(FILE, 10)
        assert len(server.requests) == 2 * (MAX_REDIRECTS + 1)


@pytest.mark.parametrize("name", READS)
async def test_a_redirect_to_another_host_takes_no_key_and_goes_to_no_private_place(
    archive: Path, name: str
) -> None:
    async with raw_server(COMPLETED) as other:
        port = other.url.rpartition(":")[2]
        for host in ("127.0.0.1", "127.0.0.2", "localhost"):
            hop = Hops(307, 1, f"http://{host}:{port}/stolen")
            async with raw_server(hop) as server, FalClient(KEY, server.url) as fal:
                with pytest.raises(FalUnavailable):
                    await READS[name](fal, archive)
        assert other.requests == []


async def test_a_cancel_is_not_redirected() -> None:
    async with raw_server(Hops(307, 1)) as server, FalClient(KEY, server.url) as fal:
        with pytest.raises(FalUnavailable):
            await fal.cancel(JOB)
        assert len(server.requests) == 1


async def test_a_result_with_a_long_log_beside_it_is_read() -> None:
    result = {"diffusers_lora_file": {"url": "https://x/y"}, "log": "x" * (MAX_ANSWER_BYTES // 2)}
    answer = http(200, json.dumps(result).encode())
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        assert (await fal.trained_lora(JOB)).lora_url == "https://x/y"
