"""Whether a call that comes to us is fal's: each is signed with Ed25519 over its raw body.

What is signed, the headers and the tolerance are fal's
(https://fal.ai/docs/documentation/model-apis/inference/webhooks).
"""

import asyncio
import base64
import hashlib
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from string import hexdigits

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.errors import FalUnavailable
from services.fal.answers import Unreadable, object_of, usable_id

KEYS_URL = "https://rest.fal.ai/.well-known/jwks.json"

TOLERANCE_S = 300
"""A call that was signed longer ago, or lies further ahead, is a replay or of a wrong clock."""

KEYS_KEPT_S = 24 * 3600.0
"""fal asks not to keep its keys for longer."""

FETCH_PAUSE_S = 30.0
"""Between two fetches of the keys: forged calls, which no key fits, must not make one each."""

MOST_KEYS = 16
"""Each is tried on a call; there were two at most so far."""

KEY_BYTES = 32

_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE_DIGITS = 128
_USER_ID = re.compile(r"[!-~]{1,200}")


class Refusal(StrEnum):
    """Why a call is not believed to be fal's."""

    UNSIGNED = "unsigned"
    STALE = "stale"
    FORGED = "forged"


class NotFromFal(Exception):
    """A call that fal has not signed just now."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True)
class Signature:
    """What the headers of a call say. `timestamp` is in Unix seconds, as it was signed."""

    request_id: str
    user_id: str
    timestamp: str
    value: bytes

    def message(self, body: bytes) -> bytes:
        """Return what was signed, if `body` is what fal has sent."""
        digest = hashlib.sha256(body).hexdigest()
        return "\n".join((self.request_id, self.user_id, self.timestamp, digest)).encode()


def read_signature(headers: Mapping[str, str], now_s: float) -> Signature:
    """Return the signature of a call, before anything of its body is read.

    Args:
        headers: Of the call, by names in any case.
        now_s: The present moment (Unix time).

    Raises:
        NotFromFal: It has none that could be fal's of the present.
    """
    request_id = usable_id(headers.get("x-fal-webhook-request-id"))
    user_id = headers.get("x-fal-webhook-user-id", "")
    timestamp = headers.get("x-fal-webhook-timestamp", "")
    value = headers.get("x-fal-webhook-signature", "")
    if (
        request_id is None
        or not _USER_ID.fullmatch(user_id)
        or not _TIMESTAMP.fullmatch(timestamp)
        or len(value) != _SIGNATURE_DIGITS
        or not set(value) <= set(hexdigits)
    ):
        raise NotFromFal(Refusal.UNSIGNED)
    if abs(now_s - int(timestamp)) > TOLERANCE_S:
        raise NotFromFal(Refusal.STALE)
    return Signature(request_id, user_id, timestamp, bytes.fromhex(value))


class FalKeys:
    """fal's public keys, and the check of calls with them.

    Args:
        ask: Asks fal for what is at an address.
        clock: Seconds that only grow.
    """

    def __init__(
        self,
        ask: Callable[[str], Awaitable[httpx.Response]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._keys: Sequence[Ed25519PublicKey] = ()
        self._fetched_at: float | None = None
        self._asked_at: float | None = None
        self._fetching = asyncio.Lock()

    async def check(self, signature: Signature, body: bytes) -> None:
        """Return if one of fal's keys has signed this body.

        Raises:
            NotFromFal: None has.
            FalUnavailable: fal's keys are not known now.
        """
        message = signature.message(body)
        if not self._is_fresh:
            await self._fetch()
        if not self._is_fresh:
            raise FalUnavailable("the keys of webhooks cannot be read")
        tried = self._keys
        if _has_signed(tried, signature.value, message):
            return
        # fal may have a new key.
        await self._fetch()
        if self._keys is tried or not _has_signed(self._keys, signature.value, message):
            raise NotFromFal(Refusal.FORGED)

    @property
    def _is_fresh(self) -> bool:
        return self._fetched_at is not None and self._clock() - self._fetched_at < KEYS_KEPT_S

    async def _fetch(self) -> None:
        """Ask for the keys, unless that was done just now; what is wrong leaves the old ones."""
        async with self._fetching:
            if self._asked_at is not None and self._clock() - self._asked_at < FETCH_PAUSE_S:
                return
            self._asked_at = self._clock()
            try:
                response = await self._ask(KEYS_URL)
                keys = keys_of(response.content) if response.is_success else ()
            except (FalUnavailable, Unreadable):
                return
            if keys:
                self._keys, self._fetched_at = keys, self._clock()


def keys_of(content: bytes) -> Sequence[Ed25519PublicKey]:
    """Return the Ed25519 keys of a JSON Web Key Set; others are left out.

    Raises:
        Unreadable: It is no such set.
    """
    given = object_of(content).get("keys")
    if not isinstance(given, list):
        raise Unreadable("no list of keys")
    found = (_key_of(one) for one in given[:MOST_KEYS])
    return tuple(key for key in found if key is not None)


def _key_of(given: object) -> Ed25519PublicKey | None:
    if not isinstance(given, dict) or (given.get("kty"), given.get("crv")) != ("OKP", "Ed25519"):
        return None
    text = given.get("x")
    if not isinstance(text, str):
        return None
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return Ed25519PublicKey.from_public_bytes(data) if len(data) == KEY_BYTES else None
    except ValueError:
        return None


def _has_signed(keys: Sequence[Ed25519PublicKey], signature: bytes, message: bytes) -> bool:
    for key in keys:
        try:
            key.verify(signature, message)
        except InvalidSignature:
            continue
        return True
    return False


def ids_of(signature: Signature, body: bytes) -> Sequence[str]:
    """Return the names that a call gives its request.

    It is not documented whether the signed header has the id of the request or that of its last
    attempt (`gateway_request_id`), so all are looked for; one that names no job does nothing.
    """
    try:
        told = object_of(body)
    except Unreadable:
        told = {}
    found = (usable_id(told.get(name)) for name in ("request_id", "gateway_request_id"))
    return tuple(dict.fromkeys([signature.request_id, *(name for name in found if name)]))
