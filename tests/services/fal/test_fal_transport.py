"""Requests go where they should, and a submit leaves this machine at most once."""

import json
import socket
import sys
from collections.abc import AsyncIterator

import httpx
import pytest

from services.domain.vocabulary import Subject
from services.errors import (
    FalAccount,
    FalEndpointGone,
    FalError,
    FalOutcomeUnknown,
    FalRejected,
    FalUnavailable,
)
from services.fal.client import FalClient
from services.fal.gateway import GenerationOrder, Job, TrainingOrder
from services.fal.transport import HOST_PREFIXES, FalAddresses, FalTransport
from tests.services.fal.raw_server import (
    Answer,
    half_a_body,
    hang_up,
    http,
    no_http,
    raw_server,
)
from tests.services.kit import FAST, FLUX

KEY = "key-id:key-secret"
NGINX = b"<html><center><h1>502 Bad Gateway</h1></center><hr>nginx/1.18.0</html>"
ORDER = TrainingOrder("https://zip", "ANNA_A3F2", Subject.WOMAN, 500, 8, 1, 1e-4)
PICTURE = GenerationOrder("ANNA_A3F2, a king", "https://lora", seed=1_000_000_007)
ACCEPTED = (
    b'{"status":"IN_QUEUE","request_id":"r","response_url":"http://x/r",'
    b'"status_url":"http://x/r/status","cancel_url":"http://x/r/cancel","queue_position":0}'
)
JOB = Job("r", "https://queue.fal.run/x/y/requests/r/status", "https://r", "https://c")


@pytest.mark.parametrize("host", HOST_PREFIXES)
@pytest.mark.parametrize("base", ["http://127.0.0.1:8081/fal", "http://127.0.0.1:8081"])
def test_every_host_of_fal_has_its_place_on_the_other_server(host: str, base: str) -> None:
    routed = FalAddresses(base).route(httpx.URL(f"https://{host}/a/b%20c?d=e%2Ff"))
    assert str(routed) == f"{base}/{HOST_PREFIXES[host]}/a/b%20c?d=e%2Ff"


def test_a_request_does_not_look_for_modules_on_the_disk() -> None:
    assert "sniffio" in sys.modules


@pytest.mark.parametrize("host", HOST_PREFIXES)
def test_without_another_server_fals_addresses_are_left_alone(host: str) -> None:
    url = httpx.URL(f"https://{host}/a?b=c")
    assert FalAddresses().route(url) == url


@pytest.mark.parametrize(
    "url", ["https://example.org/queue", "http://127.0.0.1:8081/fal/queue/a", "https://fal.ai/x"]
)
def test_other_hosts_are_left_alone(url: str) -> None:
    assert str(FalAddresses("http://127.0.0.1:1/fal").route(httpx.URL(url))) == url


def test_the_table_names_every_host_of_the_specification() -> None:
    wanted = {
        "fal.run": "run",
        "queue.fal.run": "queue",
        "rest.fal.ai": "rest",
        "v3.fal.media": "cdn",
        "api.fal.ai": "api",
    }
    assert wanted.items() <= HOST_PREFIXES.items()


BAD_ANSWERS: dict[str, tuple[Answer, type[FalError]]] = {
    "closes_without_an_answer": (hang_up, FalOutcomeUnknown),
    "breaks_off_in_the_body": (half_a_body, FalOutcomeUnknown),
    "speaks_no_http": (no_http, FalOutcomeUnknown),
    "answers_429": (http(429, b'{"detail":"Too many requests"}'), FalUnavailable),
    "answers_409": (http(409, b'{"detail":"Conflict"}'), FalUnavailable),
    "answers_408": (http(408, b'{"detail":"Timeout"}'), FalOutcomeUnknown),
    "answers_502_from_nginx": (http(502, NGINX, "text/html"), FalOutcomeUnknown),
    "answers_500": (http(500, b'{"detail":"Internal Server Error"}'), FalOutcomeUnknown),
    "answers_503": (http(503, b"", extra="x-fal-request-id: r\r\n"), FalOutcomeUnknown),
    "answers_504": (
        http(504, b"{}", extra="x-fal-request-timeout-type: user\r\n"),
        FalOutcomeUnknown,
    ),
    "answers_200_that_is_no_json": (http(200, b"<html>hello</html>"), FalOutcomeUnknown),
    "answers_200_without_an_id": (http(200, b'{"status":"IN_QUEUE"}'), FalOutcomeUnknown),
    "answers_200_with_a_list": (http(200, b"[]"), FalOutcomeUnknown),
    "answers_200_nested": (http(200, b"[" * 200_000), FalOutcomeUnknown),
    "answers_200_with_a_number": (http(200, b'{"request_id": 5}'), FalOutcomeUnknown),
    "answers_200_with_a_path": (http(200, b'{"request_id": "../x"}'), FalOutcomeUnknown),
    "answers_200_badly_packed": (
        http(200, ACCEPTED, extra="Content-Encoding: gzip\r\n"),
        FalOutcomeUnknown,
    ),
    "answers_307": (http(307, b"", extra="Location: /queue/x\r\n"), FalUnavailable),
    "answers_200_with_nothing": (http(200, b""), FalOutcomeUnknown),
    "answers_401": (http(401, b'{"detail":"Unauthorized"}'), FalAccount),
    "answers_402": (http(402, b'{"detail":"Pay"}'), FalAccount),
    "answers_403": (http(403, b'{"detail":"User is locked"}'), FalAccount),
    "answers_404": (http(404, b'{"detail":"Application not found"}'), FalEndpointGone),
    "answers_422": (http(422, b'{"detail":[{"msg":"no","type":"missing"}]}'), FalRejected),
}


@pytest.mark.parametrize("case", BAD_ANSWERS)
async def test_a_submit_leaves_once_when_fal(case: str) -> None:
    answer, wanted = BAD_ANSWERS[case]
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        with pytest.raises(FalError) as raised:
            await fal.submit_training(FAST, ORDER)
        assert type(raised.value) is wanted
        assert server.requests == [f"POST /queue/{FAST}"]
        with pytest.raises(wanted):
            await fal.submit_generation(FLUX, PICTURE)
        assert server.requests[1:] == [f"POST /queue/{FLUX}"]


@pytest.mark.parametrize("status", [404, 405, 410])
async def test_an_endpoint_that_is_not_there_is_named_in_the_log(
    status: int, caplog: pytest.LogCaptureFixture
) -> None:
    answer = http(status, b'{"detail":"Application not found"}')
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        with pytest.raises(FalEndpointGone):
            await fal.submit_generation(FLUX, PICTURE)
    errors = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
    assert errors == [
        f"fal takes nothing at {FLUX}: HTTP {status}: Application not found",
    ]


async def test_nothing_leaves_when_the_connection_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with FalClient(KEY, f"http://127.0.0.1:{port}") as fal:
        with pytest.raises(FalUnavailable):
            await fal.submit_training(FAST, ORDER)


async def test_a_submit_that_is_redirected_is_not_followed() -> None:
    answer = http(307, b"", extra="Location: /queue/elsewhere\r\n")
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        with pytest.raises(FalError):
            await fal.submit_training(FAST, ORDER)
        assert server.count("POST") == 1


async def test_an_accepted_submit_names_its_job_in_fals_own_words() -> None:
    async with raw_server(http(200, ACCEPTED)) as server, FalClient(KEY, server.url) as fal:
        job = await fal.submit_training(FAST, ORDER)
        assert job == Job("r", "http://x/r/status", "http://x/r", "http://x/r/cancel")
        headers = server.headers[0]
        assert headers["authorization"] == f"Key {KEY}"
        assert headers["host"] == server.url.removeprefix("http://")
        # Without it, fal-client would be told by fal's own start timeout when to give up.
        assert "x-fal-request-timeout" not in headers


LOOSE = "https://queue.fal.run/fal-ai/flux-lora-fast-training/requests/r"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"status_url": None, "response_url": 5, "cancel_url": "nowhere"},
        {"status_url": [], "response_url": "", "cancel_url": "file:///etc/passwd", "status": 1},
    ],
)
async def test_of_an_accepted_submit_only_the_id_is_needed(answer: dict[str, object]) -> None:
    content = json.dumps({"request_id": "r", **answer}).encode()
    async with raw_server(http(200, content)) as server, FalClient(KEY, server.url) as fal:
        job = await fal.submit_training(FAST, ORDER)
        assert job == Job("r", f"{LOOSE}/status", LOOSE, f"{LOOSE}/cancel")


async def test_a_lost_answer_of_a_status_may_be_asked_for_again() -> None:
    answers = iter([hang_up, http(200, b'{"status":"COMPLETED","logs":null,"metrics":{}}')])

    async def answer(writer: object) -> None:
        await next(answers)(writer)  # type: ignore[arg-type]  # the server's own writer

    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        with pytest.raises(FalUnavailable) as lost:
            await fal.status(JOB)
        assert lost.value.is_outage
        await fal.status(JOB)
        assert server.count("GET") == 2


async def test_each_submit_asks_that_what_it_makes_is_kept_for_good() -> None:
    async with raw_server(http(200, ACCEPTED)) as server, FalClient(KEY, server.url) as fal:
        await fal.submit_training(FAST, ORDER)
        await fal.submit_generation(FLUX, PICTURE)
        asked = [sent["x-fal-object-lifecycle-preference"] for sent in server.headers]
    assert asked == ['{"expiration_duration_seconds": null}'] * 2


class Refusing(httpx.AsyncBaseTransport):
    """A network in which nothing can be reached, or answers never come."""

    def __init__(self, error: type[httpx.TransportError]) -> None:
        self.error = error
        self.sent = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent += 1
        raise self.error("no", request=request)


@pytest.mark.parametrize(
    ("trouble", "wanted"),
    [
        (httpx.ConnectError, FalUnavailable),
        (httpx.ConnectTimeout, FalUnavailable),
        (httpx.PoolTimeout, FalUnavailable),
        (httpx.WriteTimeout, FalOutcomeUnknown),
        (httpx.WriteError, FalOutcomeUnknown),
        (httpx.ReadTimeout, FalOutcomeUnknown),
        (httpx.ReadError, FalOutcomeUnknown),
        (httpx.RemoteProtocolError, FalOutcomeUnknown),
        (httpx.CloseError, FalOutcomeUnknown),
        (httpx.ProxyError, FalOutcomeUnknown),
    ],
)
async def test_only_what_provably_never_left_may_be_sent_again(
    trouble: type[httpx.TransportError], wanted: type[FalError]
) -> None:
    inner = Refusing(trouble)
    async with httpx.AsyncClient(transport=FalTransport(FalAddresses(), inner)) as client:
        with pytest.raises(wanted):
            await client.post(f"https://queue.fal.run/{FAST}", json={})
        assert inner.sent == 1


@pytest.fixture
async def untouched() -> AsyncIterator[httpx.AsyncClient]:
    transport = FalTransport(FalAddresses(), Refusing(httpx.ReadTimeout))
    async with httpx.AsyncClient(transport=transport) as client:
        yield client


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("GET", "https://queue.fal.run/a/b/requests/r/status"),
        ("PUT", "https://queue.fal.run/a/b/requests/r/cancel"),
        ("POST", "https://rest.fal.ai/storage/upload/initiate"),
        ("POST", "https://v3.fal.media/files/upload"),
    ],
)
async def test_what_is_no_submit_keeps_its_own_errors(
    untouched: httpx.AsyncClient, method: str, url: str
) -> None:
    with pytest.raises(httpx.ReadTimeout):
        await untouched.request(method, url)
