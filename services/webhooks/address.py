"""Which addresses a user may have messages sent to."""

import re
from dataclasses import dataclass

from services.errors import BadWebhookAddress
from services.internet import HTTPS_PORT

MAX_LENGTH = 2000

PORTS = (HTTPS_PORT, 8443)
"""Those of HTTPS, and no other: what listens elsewhere on a stranger's machine is no receiver of
messages, and nobody is to have this one knock there."""

# So strict that no two readers of an address can see different hosts in it: there is no user, no
# fragment, no backslash, and nothing beyond ASCII.
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+)(?::(?P<port>\d{1,5}))?"
    r"(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
)
MAX_LABEL = 63
"""RFC 1035, 2.3.4."""


@dataclass(frozen=True)
class Address:
    """An address, read; `is_allowed` where the operator lets everything be sent to its host."""

    url: str
    host: str
    port: int
    is_allowed: bool


def read_address(text: str, allowed_hosts: frozenset[str]) -> Address:
    """Return an address that messages may be sent to, as far as its words tell.

    Args:
        text: What the user gave.
        allowed_hosts: In lower case; to these, messages go by http as well, and to any port.

    Raises:
        BadWebhookAddress: It is none.
    """
    found = _ADDRESS.fullmatch(text)
    if found is None or len(text) > MAX_LENGTH or not _is_host(found["host"]):
        raise BadWebhookAddress
    is_secure, host = found["scheme"] == "https", found["host"].lower()
    port = int(found["port"] or (HTTPS_PORT if is_secure else 80))
    address = Address(text, host, port, is_allowed=host in allowed_hosts)
    if address.is_allowed and 0 < port < 65536:
        return address
    if not is_secure or port not in PORTS or not _is_name(host):
        raise BadWebhookAddress
    return address


def _is_host(host: str) -> bool:
    return all(
        0 < len(label) <= MAX_LABEL and label.strip("-") == label for label in host.split(".")
    )


def _is_name(host: str) -> bool:
    """Return whether a host is a name of the internet.

    Its last part begins with a letter, so that it is no IP address in any of the forms that there
    are (2130706433, 0x7f.1, 127.1).
    """
    *parents, last = host.split(".")
    return bool(parents) and last[0].isalpha()
