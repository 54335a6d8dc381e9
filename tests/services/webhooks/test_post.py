"""A message goes to the very address that was checked, and nothing follows from the answer."""

import asyncio
import datetime as dt
import ssl
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.domain.clock import now
from services.domain.webhooks import Webhook
from services.webhooks import post as module
from services.webhooks.post import Came, Post, Trouble, body_of
from services.webhooks.signing import new_secret
from tests.receiver import Receiver, receiving

LOCAL = frozenset({"127.0.0.1"})
NAME = "hooks.example.org"


def hook(url: str, **more: object) -> Webhook:
    return Webhook(user_id=1, url=url, secret=new_secret(), **more)  # type: ignore[arg-type]


class Names:
    """Resolves a name to other addresses each time."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)

    async def __call__(self, _host: str) -> Sequence[str]:
        return self.answers.pop(0)


class Network(httpx.AsyncHTTPTransport):
    """Keeps what is sent; nobody can be connected to at `deaf` addresses."""

    def __init__(self, *deaf: str) -> None:
        super().__init__(trust_env=False)
        self.deaf = deaf
        self.sent: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        if request.url.host in self.deaf:
            raise httpx.ConnectError("deaf")
        return httpx.Response(204)


async def test_what_arrives_is_signed_and_the_same_each_time(receiver: Receiver) -> None:
    webhook = hook(receiver.url)
    body = body_of("generation.completed", now(), {"id": "g", "word": "Ж"})
    async with Post(LOCAL) as post:
        for _ in range(2):
            assert await post.send(webhook, "abc", body) == Came(204)
    first, second = receiver.sent
    assert first.body == second.body == body
    assert first.id == second.id == "msg_abc"
    assert first.is_signed(webhook.secret)
    assert not first.is_signed(new_secret())
    assert first.headers["content-type"] == "application/json"
    assert first.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert first.said["timestamp"].endswith("Z")


async def test_while_a_secret_is_changed_both_sign(receiver: Receiver) -> None:
    later = hook(receiver.url, old_secret=new_secret(), old_until=now() + dt.timedelta(seconds=5))
    over = hook(receiver.url, old_secret=new_secret(), old_until=now())
    async with Post(LOCAL) as post:
        await post.send(later, "a", b"{}")
        await post.send(over, "b", b"{}")
    assert receiver.sent[0].is_signed(later.secret)
    assert receiver.sent[0].is_signed(str(later.old_secret))
    assert receiver.sent[1].is_signed(over.secret)
    assert not receiver.sent[1].is_signed(str(over.old_secret))


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "http://127.0.0.1/", "https://2130706433/"])
async def test_what_is_allowed_no_more_is_not_gone_to(url: str) -> None:
    async with Post() as post:
        assert await post.send(hook(url), "a", b"{}") == Came(trouble=Trouble.REFUSED)


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["10.0.0.1", "192.168.0.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::a00:1"],
        ["2002:7f00:1::"],
        ["fe80::1%eth0"],
        ["224.0.0.1"],
        [],
    ],
)
async def test_a_name_that_leads_to_no_public_address_is_not_gone_to(found: list[str]) -> None:
    async with Post(resolve=Names(found)) as post:
        network = post._transport = Network()
        came = await post.send(hook(f"https://{NAME}/"), "a", b"{}")
    assert came == Came(trouble=Trouble.REFUSED)
    assert network.sent == []


async def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    async with Post(resolve=Names(["127.0.0.1", "8.8.8.8"], ["127.0.0.1"])) as post:
        network = post._transport = Network()
        webhook = hook(f"https://{NAME}:8443/x?y=z")
        assert (await post.send(webhook, "a", b"{}")).is_delivered
        # A moment later the name leads elsewhere.
        assert await post.send(webhook, "a", b"{}") == Came(trouble=Trouble.REFUSED)
    (sent,) = network.sent
    assert (sent.url.host, sent.url.port, sent.headers["host"]) == (
        "8.8.8.8",
        8443,
        f"{NAME}:8443",
    )
    assert sent.extensions["sni_hostname"] == NAME


async def test_another_address_of_the_name_is_tried() -> None:
    async with Post(resolve=Names(["8.8.8.8", "8.8.4.4"])) as post:
        network = post._transport = Network("8.8.8.8")
        assert (await post.send(hook(f"https://{NAME}/"), "a", b"{}")).is_delivered
    assert [one.url.host for one in network.sent] == ["8.8.8.8", "8.8.4.4"]


async def test_no_redirect_is_followed(receiver: Receiver) -> None:
    async with receiving() as elsewhere, Post(LOCAL) as post:
        receiver.statuses, receiver.location = [307], elsewhere.url
        came = await post.send(hook(receiver.url), "a", b"{}")
    assert (came.status, came.is_delivered, elsewhere.sent) == (307, False, [])


async def test_of_an_answer_without_end_nothing_is_read(receiver: Receiver) -> None:
    receiver.is_endless = True
    async with asyncio.timeout(10), Post(LOCAL) as post:
        assert await post.send(hook(receiver.url), "a", b"{}") == Came(200)


async def test_who_takes_too_long_is_left(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WITHIN_S", 0.2)
    receiver.pause_s = 5
    async with asyncio.timeout(3), Post(LOCAL) as post:
        came = await post.send(hook(receiver.url), "a", b"{}")
    assert came == Came(trouble=Trouble.TOO_SLOW)


async def test_who_is_not_there_is_unreachable() -> None:
    async def nobody(_host: str) -> Sequence[str]:
        raise OSError("no such name")

    async with Post(LOCAL) as post:
        came = await post.send(hook("http://127.0.0.1:1/"), "a", b"{}")
    assert came == Came(trouble=Trouble.UNREACHABLE)
    async with Post(resolve=nobody) as post:
        came = await post.send(hook(f"https://{NAME}/"), "a", b"{}")
    assert came == Came(trouble=Trouble.UNREACHABLE)


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return how a server of this name speaks TLS, and who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - dt.timedelta(days=1))
        .not_valid_after(now() + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "receiver.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(pem)
    trusting = ssl.create_default_context(
        cadata=made.public_bytes(serialization.Encoding.PEM).decode()
    )
    return server, trusting


@pytest.mark.parametrize(("named", "came"), [(NAME, Came(204)), ("other.example.org", None)])
async def test_the_certificate_is_that_of_the_name_and_not_of_the_address(
    tmp_path: Path, named: str, came: Came | None
) -> None:
    server, trusting = certificate(tmp_path, named)
    async with (
        receiving(server) as receiver,
        Post(frozenset({NAME}), Names(["127.0.0.1"]), trusting) as post,
    ):
        found = await post.send(hook(f"https://{NAME}:{receiver.port}/"), "a", b"{}")
    assert found == (came or Came(trouble=Trouble.UNREACHABLE))
    assert len(receiver.sent) == (1 if came else 0)
