"""Files are fetched from the public internet only, from the very address that was checked."""

from collections.abc import Sequence

import httpx
import pytest

from services.errors import FalFileRefused
from services.fal.public import PublicTransport, is_public
from services.fal.transport import FalAddresses

PRIVATE = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1"),  # noqa: S104
    *("169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.2.1", "198.18.0.1", "224.0.0.1"),
    *("240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1"),
    *("::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "fe80::1"),
    *("fe80::1%eth0", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "2001:db8::1"),
    *("2002:7f00:1::", "2001::1", "100::1", "no address", ""),
]
PUBLIC = ["8.8.8.8", "104.18.7.192", "2606:4700::6812:7c0", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_that_is_public(address: str) -> None:
    assert is_public(address)


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
