"""Which calls are believed to be fal's: the table of what is tampered with."""

import asyncio
import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.errors import FalUnavailable
from services.fal.answers import Unreadable
from services.fal.webhook import (
    FETCH_PAUSE_S,
    KEYS_KEPT_S,
    KEYS_URL,
    MOST_KEYS,
    TOLERANCE_S,
    FalKeys,
    NotFromFal,
    Refusal,
    keys_of,
    read_signature,
)

NOW_S = 1_790_000_000
BODY = b'{"request_id": "r-1", "status": "OK", "payload": {"seed": 7}}'
KEY, OTHER_KEY, STRANGER = (Ed25519PrivateKey.generate() for _ in range(3))

Headers = dict[str, str]


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def as_jwk(key: Ed25519PrivateKey) -> dict[str, object]:
    return {"kty": "OKP", "crv": "Ed25519", "x": encoded(key.public_key().public_bytes_raw())}


def key_set(*keys: Ed25519PrivateKey) -> bytes:
    return json.dumps({"keys": [as_jwk(key) for key in keys]}).encode()


def signed(
    body: bytes = BODY,
    key: Ed25519PrivateKey = KEY,
    request_id: str = "r-1",
    user_id: str = "user-1",
    timestamp: str = str(NOW_S),
) -> Headers:
    """The headers, made by the words of fal's page and not by the code under test."""
    message = f"{request_id}\n{user_id}\n{timestamp}\n{hashlib.sha256(body).hexdigest()}"
    return {
        "x-fal-webhook-request-id": request_id,
        "x-fal-webhook-user-id": user_id,
        "x-fal-webhook-timestamp": timestamp,
        "x-fal-webhook-signature": key.sign(message.encode()).hex(),
    }


@dataclass
class Fal:
    """What fal answers to the question for its keys."""

    content: bytes = key_set(KEY)
    status: int = 200
    error: Exception | None = None
    asked: list[str] = field(default_factory=list)
    now_s: float = 1000.0

    async def ask(self, url: str) -> httpx.Response:
        self.asked.append(url)
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return httpx.Response(self.status, content=self.content)

    def keys(self) -> FalKeys:
        return FalKeys(self.ask, clock=lambda: self.now_s)


async def check(keys: FalKeys, headers: Headers, body: bytes = BODY) -> None:
    await keys.check(read_signature(headers, NOW_S), body)


async def refusal_of(headers: Headers, body: bytes = BODY, fal: Fal | None = None) -> Refusal:
    with pytest.raises(NotFromFal) as refused:
        await check((fal or Fal()).keys(), headers, body)
    return refused.value.refusal


@pytest.mark.parametrize("body", [BODY, b"", b"\xff\x00", b"x" * 1_000_000, b'{"a": 1}\n'])
async def test_what_fal_has_signed_is_believed_whatever_its_body(body: bytes) -> None:
    await check(Fal().keys(), signed(body), body)


@pytest.mark.parametrize("keys", [(KEY,), (OTHER_KEY, KEY), (KEY, OTHER_KEY)])
async def test_every_key_is_tried(keys: tuple[Ed25519PrivateKey, ...]) -> None:
    await check(Fal(key_set(*keys)).keys(), signed())


def with_one_bit_changed(text: str) -> str:
    return f"{int(text[0], 16) ^ 1:x}{text[1:]}"


TAMPERED: dict[str, Callable[[Headers], Headers]] = {
    "another request": lambda h: h | {"x-fal-webhook-request-id": "r-2"},
    "another user": lambda h: h | {"x-fal-webhook-user-id": "user-2"},
    "another time": lambda h: h | {"x-fal-webhook-timestamp": str(NOW_S + 1)},
    "the same time written otherwise": lambda h: h | {"x-fal-webhook-timestamp": f"0{NOW_S}"},
    "one bit": lambda h: (
        h | {"x-fal-webhook-signature": with_one_bit_changed(h["x-fal-webhook-signature"])}
    ),
    "no bit set": lambda h: h | {"x-fal-webhook-signature": "0" * 128},
    "halves changed": lambda h: (
        h
        | {
            "x-fal-webhook-signature": h["x-fal-webhook-signature"][64:]
            + h["x-fal-webhook-signature"][:64]
        }
    ),
    "a stranger's key": lambda _: signed(key=STRANGER),
    "request and user run together": lambda h: (
        h | {"x-fal-webhook-request-id": "r-1user-1", "x-fal-webhook-user-id": "-"}
    ),
}


@pytest.mark.parametrize("tampered", TAMPERED.values(), ids=TAMPERED.keys())
async def test_what_was_tampered_with_is_forged(tampered: Callable[[Headers], Headers]) -> None:
    assert await refusal_of(tampered(signed())) is Refusal.FORGED


@pytest.mark.parametrize(
    "body", [b"", BODY + b" ", BODY[:-1], BODY.replace(b"7", b"8"), BODY.decode().encode("utf-16")]
)
async def test_another_body_is_forged(body: bytes) -> None:
    assert await refusal_of(signed(), body) is Refusal.FORGED


@pytest.mark.parametrize("name", signed())
@pytest.mark.parametrize("value", [None, "", " ", "\n", "ключ", "x" * 5000, "-1", "1e9", "None"])
async def test_headers_of_another_form_are_unsigned(name: str, value: str | None) -> None:
    headers = signed()
    if value is None:
        del headers[name]
    else:
        headers[name] = value
    fal = Fal()
    is_plain = value in {"-1", "1e9", "None"} and name.endswith(("request-id", "user-id"))
    expected = Refusal.FORGED if is_plain else Refusal.UNSIGNED
    assert await refusal_of(headers, fal=fal) is expected
    assert bool(fal.asked) is is_plain


@pytest.mark.parametrize("signature", ["0x" + "0" * 126, "g" * 128, "0" * 127, "0" * 130])
async def test_a_signature_of_another_form_is_unsigned(signature: str) -> None:
    headers = signed() | {"x-fal-webhook-signature": signature}
    assert await refusal_of(headers) is Refusal.UNSIGNED


@pytest.mark.parametrize("shift_s", [-TOLERANCE_S, 0, TOLERANCE_S])
async def test_a_call_may_take_five_minutes_and_clocks_differ_by_as_much(shift_s: int) -> None:
    await check(Fal().keys(), signed(timestamp=str(NOW_S + shift_s)))


@pytest.mark.parametrize("shift_s", [-TOLERANCE_S - 1, TOLERANCE_S + 1, -86400, NOW_S])
async def test_a_replayed_call_is_stale_and_costs_neither_a_hash_nor_keys(shift_s: int) -> None:
    fal = Fal()
    headers = signed(timestamp=str(NOW_S + shift_s))
    assert await refusal_of(headers, fal=fal) is Refusal.STALE
    assert fal.asked == []


async def test_keys_are_asked_for_once_and_again_after_a_day() -> None:
    fal = Fal()
    keys = fal.keys()
    for _ in range(3):
        await check(keys, signed())
    assert fal.asked == [KEYS_URL]
    fal.now_s += KEYS_KEPT_S
    fal.content = key_set(OTHER_KEY)
    await check(keys, signed(key=OTHER_KEY))
    with pytest.raises(NotFromFal):
        await check(keys, signed())
    assert fal.asked == [KEYS_URL] * 2


async def test_a_new_key_of_fal_is_found_when_a_call_needs_it() -> None:
    fal = Fal()
    keys = fal.keys()
    await check(keys, signed())
    fal.content = key_set(OTHER_KEY)
    fal.now_s += FETCH_PAUSE_S
    await asyncio.gather(*(check(keys, signed(key=OTHER_KEY)) for _ in range(5)))
    assert len(fal.asked) == 2


async def test_forged_calls_do_not_make_us_ask_for_each() -> None:
    fal = Fal()
    keys = fal.keys()
    forged = signed(key=STRANGER)
    results = await asyncio.gather(
        *(check(keys, forged) for _ in range(50)), return_exceptions=True
    )
    assert {type(result) for result in results} == {NotFromFal}
    assert len(fal.asked) == 1
    fal.now_s += FETCH_PAUSE_S
    for _ in range(50):
        with pytest.raises(NotFromFal):
            await check(keys, forged)
    assert len(fal.asked) == 2
    await check(keys, signed())


WITHOUT_KEYS = [
    Fal(status=500),
    Fal(status=404, content=key_set(KEY)),
    Fal(content=b"<html>"),
    Fal(content=b"[]"),
    Fal(content=b'{"keys": {}}'),
    Fal(content=b'{"keys": []}'),
    Fal(error=FalUnavailable("no answer")),
]


@pytest.mark.parametrize("fal", WITHOUT_KEYS)
async def test_without_keys_a_call_is_put_off_and_fal_is_left_in_peace(fal: Fal) -> None:
    fal.asked.clear()
    keys = fal.keys()
    for _ in range(5):
        with pytest.raises(FalUnavailable):
            await check(keys, signed())
    assert len(fal.asked) == 1
    fal.content, fal.status, fal.error = key_set(KEY), 200, None
    fal.now_s += FETCH_PAUSE_S
    await check(keys, signed())


async def test_keys_that_cannot_be_read_again_are_used_for_their_day_and_no_longer() -> None:
    fal = Fal()
    keys = fal.keys()
    await check(keys, signed())
    fal.error = FalUnavailable("no answer")
    fal.now_s += FETCH_PAUSE_S
    with pytest.raises(NotFromFal):
        await check(keys, signed(key=OTHER_KEY))
    await check(keys, signed())
    fal.now_s += KEYS_KEPT_S
    with pytest.raises(FalUnavailable):
        await check(keys, signed())


def test_of_a_key_set_only_ed25519_keys_of_32_bytes_are_used() -> None:
    good = as_jwk(KEY)
    odd: list[object] = [
        None,
        "key",
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
        good | {"crv": "X25519"},
        good | {"kty": "EC"},
        good | {"x": None},
        good | {"x": 7},
        good | {"x": ""},
        good | {"x": encoded(b"short")},
        good | {"x": encoded(b"l" * 33)},
        good | {"x": "!" * 43},
        good | {"x": "ключ"},
    ]
    content = json.dumps({"keys": [*odd, good, good | {"x": f"{good['x']}=", "kid": "1"}]})
    found = [key.public_bytes_raw() for key in keys_of(content.encode())]
    assert found == [KEY.public_key().public_bytes_raw()] * 2


def test_no_more_keys_are_kept_than_a_call_may_cost() -> None:
    assert len(keys_of(key_set(*[KEY] * 100))) == MOST_KEYS
    with pytest.raises(Unreadable):
        keys_of(b"{}")
