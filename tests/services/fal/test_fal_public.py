"""Files are fetched from the public internet only, from the very address that was checked."""

from collections.abc import Sequence

import httpx
import pytest

from services.errors import FalFileRefused
from services.fal.client import FalClient
from services.fal.public import NAMED, PublicTransport
from services.fal.transport import FalAddresses
from tests.services.fal.raw_server import http, raw_server


class Network(httpx.AsyncBaseTransport):
    """Keeps what is sent, and resolves a name to other addresses each time."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.sent: list[httpx.Request] = []

    async def resolve(self, _host: str) -> Sequence[str]:
        return self.answers.pop(0)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        return httpx.Response(200)

    async def get(self, url: str, base: str = "", named: str = "") -> None:
        transport = PublicTransport(FalAddresses(base), self, self.resolve)
        async with httpx.AsyncClient(transport=transport) as client:
            await client.get(url, extensions={NAMED: named})


async def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    network = Network(["127.0.0.1", "8.8.8.8"], ["127.0.0.1"])
    await network.get("https://cdn.example/x?y=z")
    (sent,) = network.sent
    assert (sent.url.host, sent.headers["host"]) == ("8.8.8.8", "cdn.example")
    assert sent.extensions["sni_hostname"] == "cdn.example"
    with pytest.raises(FalFileRefused):
        await network.get("https://cdn.example/x")
    assert len(network.sent) == 1


@pytest.mark.parametrize(
    "url",
    ["http://cdn.example/x", "https://u:p@cdn.example/x", "https://cdn.example:8443/x"],
)
async def test_an_odd_address_is_not_gone_to(url: str) -> None:
    network = Network(["8.8.8.8"])
    with pytest.raises(FalFileRefused):
        await network.get(url)
    assert network.sent == []


async def test_the_server_that_stands_for_fal_is_gone_to() -> None:
    network = Network()
    await network.get("http://127.0.0.1:8081/fal/cdn/x", "http://127.0.0.1:8081/fal")
    with pytest.raises(FalFileRefused):
        await network.get("http://127.0.0.1:8082/x", "http://127.0.0.1:8081/fal")
    assert len(network.sent) == 1


STAND_INS = ["http://127.0.0.1:8081/fal", "http://10.0.0.5:8081", "http://[::1]:8081"]


@pytest.mark.parametrize("base", STAND_INS)
async def test_a_server_near_by_may_name_files_on_other_ports_of_its_host(base: str) -> None:
    network = Network()
    url = base.replace("8081", "8082") + "/x"
    await network.get(url, base, named=url)
    (sent,) = network.sent
    assert str(sent.url) == url
    with pytest.raises(FalFileRefused):
        await network.get(url, base, named="http://elsewhere.example/that-redirects")
    with pytest.raises(FalFileRefused):
        await network.get(url, named=url)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("http://127.0.0.2:8082/x", "http://127.0.0.1:8081"),
        ("http://10.0.0.6:8081/x", "http://10.0.0.5:8081"),
        ("http://10.0.0.5:8081/x", "http://127.0.0.1:8081"),
        ("http://u:p@127.0.0.1:8082/x", "http://127.0.0.1:8081"),
        ("http://169.254.169.254/x", "http://127.0.0.1:8081"),
        ("http://169.254.169.254/x", "http://169.254.169.254:8081"),
        ("http://8.8.8.8:8082/x", "http://8.8.8.8:8081"),
        ("http://fal.example:8082/x", "http://fal.example:8081"),
        ("file://127.0.0.1/x", "http://127.0.0.1:8081"),
    ],
)
async def test_nothing_else_becomes_reachable_beside_it(url: str, base: str) -> None:
    network = Network()
    with pytest.raises((FalFileRefused, httpx.UnsupportedProtocol)):
        await network.get(url, base, named=url)
    assert network.sent == []


async def test_a_file_on_another_port_is_fetched_and_a_redirect_there_is_not_followed() -> None:
    async with raw_server(http(200, b"data")) as other:
        port = other.url.rpartition(":")[2]
        redirect = http(307, b"", extra=f"Location: http://127.0.0.1:{port}/x\r\n")
        async with raw_server(redirect) as server, FalClient("a:b", server.url) as fal:
            assert await fal.download(f"http://127.0.0.1:{port}/x", 10) == b"data"
            with pytest.raises(FalFileRefused):
                await fal.download(f"{server.url}/x", 10)
        assert len(other.requests) == 1
