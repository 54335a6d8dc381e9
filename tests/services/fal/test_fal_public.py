"""Files are fetched from the public internet only, from the very address that was checked."""

from collections.abc import Sequence

import httpx
import pytest

from services.errors import FalFileRefused
from services.fal.public import PublicTransport
from services.fal.transport import FalAddresses


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

    async def get(self, url: str, base: str = "") -> None:
        transport = PublicTransport(FalAddresses(base), self, self.resolve)
        async with httpx.AsyncClient(transport=transport) as client:
            await client.get(url)


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
