"""The way to users' programs: one request to an address that was checked, and its status."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

import httpx

from services.domain.clock import now
from services.domain.webhooks import Webhook
from services.errors import BadWebhookAddress
from services.internet import Resolve, is_public, resolve, tls
from services.webhooks.address import Address, read_address
from services.webhooks.signing import headers_of

WITHIN_S = 15.0
"""How long a receiver may take, from the first look at its name to the status."""

MOST_TRIED = 2
"""So many addresses of one name are tried."""

LONGEST_DIGITS = 9
"""More seconds than anybody waits for; a number of a thousand digits is none."""

AGENT = "NeuroPhoto-Webhooks/1"


class Trouble(StrEnum):
    """Why a message did not arrive, where no status says it."""

    REFUSED = "refused_address"
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"


@dataclass(frozen=True)
class Came:
    """What came of sending: the status of the answer, or why there was none.

    `wait_s` is how many seconds a receiver that has no time wants nothing; None where it did not
    say.
    """

    status: int | None = None
    trouble: Trouble | None = None
    wait_s: float | None = None

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and httpx.codes.is_success(self.status)

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants no more, ever."""
        return self.status == httpx.codes.GONE


def _came(answer: httpx.Response) -> Came:
    status = answer.status_code
    if status not in {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE}:
        return Came(status)
    return Came(status, wait_s=_wait_s(answer.headers.get("Retry-After", "").strip()))


def _wait_s(said: str) -> float | None:
    """Return the seconds of a `Retry-After`, which are a number or a date (RFC 9110, 10.2.3)."""
    if said.isascii() and said.isdigit():
        return float(said[:LONGEST_DIGITS])
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now()).total_seconds())


def body_of(kind: str, at: datetime, data: Mapping[str, Any]) -> bytes:
    """Return what is sent of an event: the same bytes each time."""
    said = {"type": kind, "timestamp": at.isoformat().replace("+00:00", "Z"), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


class Post:
    """Sends messages, each over a connection of its own.

    A name is resolved for each message, and the connection goes to the very address that was
    checked, so that a name which leads elsewhere a moment later gains nothing; the certificate is
    checked against the name. No redirect is followed, no cookie kept, no proxy of the environment
    used, which would resolve the name again, and of the answer only the status and `Retry-After`
    are read.

    Args:
        allowed_hosts: See `read_address`.
        resolve: Returns the IP addresses of a host.
        trusted: What certificates are checked by; None for the well-known authorities.
    """

    def __init__(
        self,
        allowed_hosts: frozenset[str] = frozenset(),
        resolve: Resolve = resolve,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed_hosts = allowed_hosts
        self._resolve = resolve
        self._trusted = trusted

    async def __aenter__(self) -> Self:
        """Open nothing yet."""
        self._transport = httpx.AsyncHTTPTransport(
            verify=self._trusted or tls(),
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=False,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        del kind, error, trace
        await self._transport.aclose()

    def read(self, text: str) -> Address:
        """Return an address that messages may be sent to, see `read_address`."""
        return read_address(text, self._allowed_hosts)

    @staticmethod
    def host_of(webhook: Webhook) -> str:
        """Return where an address is, for people: the rest of it may hold a secret."""
        return httpx.URL(webhook.url).host

    async def send(self, webhook: Webhook, message_id: str, body: bytes) -> Came:
        """Send a message, once, and return what came of it."""
        headers = headers_of(webhook, f"msg_{message_id}", now(), body)
        headers |= {"Content-Type": "application/json", "User-Agent": AGENT}
        try:
            # An operator may have taken back what was allowed when the address was set.
            address = self.read(webhook.url)
            async with asyncio.timeout(WITHIN_S):
                return await self._send(address, headers, body)
        except BadWebhookAddress:
            return Came(trouble=Trouble.REFUSED)
        except TimeoutError:
            return Came(trouble=Trouble.TOO_SLOW)
        except (httpx.HTTPError, OSError, UnicodeError):
            return Came(trouble=Trouble.UNREACHABLE)

    async def _send(self, address: Address, headers: Mapping[str, str], body: bytes) -> Came:
        found = await self._resolve(address.host)
        ips = [ip for ip in found if address.is_allowed or is_public(ip)][:MOST_TRIED]
        if not ips:
            raise BadWebhookAddress
        for ip in ips[:-1]:
            try:
                return await self._sent(address, ip, headers, body)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._sent(address, ips[-1], headers, body)

    async def _sent(
        self, address: Address, ip: str, headers: Mapping[str, str], body: bytes
    ) -> Came:
        url = httpx.URL(address.url)
        request = httpx.Request(
            "POST",
            url.copy_with(host=ip),
            headers={**headers, "Host": url.netloc.decode("ascii")},
            content=body,
            extensions={
                "sni_hostname": address.host,
                "timeout": httpx.Timeout(WITHIN_S).as_dict(),
            },
        )
        answer = await self._transport.handle_async_request(request)
        await answer.aclose()
        return _came(answer)
