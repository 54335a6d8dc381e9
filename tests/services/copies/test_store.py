"""The store, against a real server that checks signatures."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from services.copies.store import CHUNK_BYTES, Seen, Store, StoreSettings
from services.errors import StoreUnavailable

BIG = [bytes([number]) * 1_000_000 for number in range(CHUNK_BYTES * 2 // 1_000_000 + 3)]
"""More than two parts of an upload."""


async def given(chunks: list[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def cut(chunks: list[bytes]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    raise ConnectionResetError


async def test_what_is_stored_in_parts_is_what_is_read(s3: StoreSettings) -> None:
    store = Store(s3)
    whole = b"".join(BIG)
    wanted = Seen(len(whole), hashlib.sha256(whole).hexdigest())
    assert await store.put("weights/a b.safetensors", given(BIG)) == wanted
    assert await store.seen("weights/a b.safetensors") == wanted
    assert await store.read("weights/a b.safetensors", 7) == whole[:7]
    await store.delete("weights/a b.safetensors")
    await store.delete("weights/a b.safetensors")
    with pytest.raises(StoreUnavailable):
        await store.seen("weights/a b.safetensors")


async def test_what_breaks_off_is_not_stored(s3: StoreSettings) -> None:
    store = Store(s3)
    for chunks in (BIG, BIG[:1]):
        with pytest.raises(StoreUnavailable):
            await store.put("weights/a", cut(chunks))
        with pytest.raises(StoreUnavailable):
            await store.seen("weights/a")


async def test_a_signed_address_is_for_one_object_and_a_while(s3: StoreSettings) -> None:
    store = Store(s3)
    await store.put("a", given([b"weights"]))
    address = await store.address("a", timedelta(days=30))
    assert "/ours/a?" in address
    assert "X-Amz-Expires=604800" in address
    async with httpx.AsyncClient() as http:
        assert (await http.get(address)).content == b"weights"
        for forged in (address.replace("/ours/a?", "/ours/b?"), address[:-1] + "x"):
            assert (await http.get(forged)).status_code == httpx.codes.FORBIDDEN
        assert not (await http.get(address.partition("?")[0])).is_success


async def test_a_check_leaves_nothing_and_finds_what_is_wrong(s3: StoreSettings) -> None:
    await Store(s3).check()
    with pytest.raises(StoreUnavailable):
        await Store(s3).seen("check")
    for wrong in (
        replace(s3, secret_access_key="other"),
        replace(s3, access_key_id="other"),
        replace(s3, bucket="other"),
    ):
        with pytest.raises(StoreUnavailable) as refused:
            await Store(wrong).check()
        assert "http" not in str(refused.value)
