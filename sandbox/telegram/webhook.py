"""What a bot set as its webhook, and what setWebhook refuses.

The rules and words are those of telegram-bot-api (Client::process_set_webhook_query,
Client::do_set_webhook and WebhookActor::start_up). Its order is kept too: the old webhook is
closed, and updates are dropped, before a new address is found wrong.
"""

import ipaddress
import re
from dataclasses import dataclass
from http import HTTPStatus

from yarl import URL

from sandbox.telegram.errors import ApiError, bad_request, not_imitated

DEFAULT_CONNECTIONS = 40
MAX_CONNECTIONS = 100
_MAX_SECRET_BYTES = 256
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_PORTS = {80, 88, 443, 8443}


@dataclass
class Webhook:
    """An address that updates go to, and how that went.

    Attributes:
        url: "" while none is set; getUpdates works only then.
        pretended: somebody else's webhook, left from before: nothing is sent to it.
        max_connections: how many updates are under way at once; 0 while none is set.
        last_error_at: emulator time of the last failure, whole seconds; 0 while there was none.
        gone_since: emulator time since which every answer was a 410; None when the last was not.
    """

    url: str = ""
    secret: str = ""
    max_connections: int = 0
    pretended: bool = False
    last_error_at: int = 0
    last_error: str = ""
    gone_since: float | None = None

    def same(self, other: "Webhook") -> bool:
        """Whether setting `other` changes nothing."""
        return (self.url, self.secret, self.max_connections) == (
            other.url,
            other.secret,
            other.max_connections,
        )

    def failed(self, message: str, now: float) -> None:
        """Remember a failure for getWebhookInfo."""
        self.last_error_at = int(now)
        self.last_error = message

    @property
    def ip_address(self) -> str:
        """The server's address as getWebhookInfo shows it."""
        host = URL(self.url).host or ""
        return "127.0.0.1" if host == "localhost" else host if _is_loopback(host) else "<unknown>"


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_webhook(webhook: Webhook) -> None:
    """Refuse what Telegram would refuse, and what is out of this sandbox's reach.

    A loopback address may be plain HTTP on any port. The real service takes none, because no
    stranger can reach it; here nothing else is within reach.

    Raises:
        ApiError: 400 in the server's words; 501 for a server on another machine.
    """
    url = _parsed(webhook.url)
    if len(webhook.secret.encode()) > _MAX_SECRET_BYTES:
        raise bad_request("Secret token is too long")
    if not _SECRET.fullmatch(webhook.secret):
        raise bad_request("Secret token contains unallowed characters")
    if _is_loopback(url.host or ""):
        return
    if url.scheme != "https":
        raise _bad("An HTTPS URL must be provided for webhook")
    if url.port not in _PORTS:
        raise _bad("Webhook can be set up only on ports 80, 88, 443 or 8443")
    raise not_imitated("webhooks on other machines than this one")


def _parsed(text: str) -> URL:
    try:
        url = URL(text if "://" in text else f"https://{text}")
        if url.scheme in {"http", "https"} and url.host and url.port:
            return url
    except ValueError:
        pass
    raise bad_request("Invalid webhook URL specified")


def _bad(reason: str) -> ApiError:
    return ApiError(HTTPStatus.BAD_REQUEST, f"Bad Request: bad webhook: {reason}")
