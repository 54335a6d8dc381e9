"""Any S3-compatible store; imported only where one is configured."""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from services.errors import StoreUnavailable

CHUNK_BYTES = 8 * 1024 * 1024
"""Of a multipart upload; S3 takes 5 MiB at least and 10,000 parts at most."""

AT_ONCE = 2
"""Parts on their way at the same time: one upload holds 16 MiB."""

REQUEST_S = timedelta(minutes=2)
CONNECT_S = timedelta(seconds=10)
RETRY_S = timedelta(seconds=30)

LONGEST_SIGNED = timedelta(days=7)
"""What S3 allows for a signed address."""


@dataclass(frozen=True)
class StoreSettings:
    """Where a store is, and the key to it. `prefix` stands before each object's name."""

    endpoint: str
    bucket: str
    region: str
    access_key_id: str
    secret_access_key: str
    prefix: str = ""


@dataclass(frozen=True)
class Seen:
    """Length in bytes and SHA-256 of what went by."""

    size: int
    sha256: str


class Store:
    """Objects by key. Every failure is a `StoreUnavailable`: nothing of it is anybody's fault.

    Args:
        settings: Where it is.
    """

    def __init__(self, settings: StoreSettings) -> None:
        self._prefix = f"{settings.prefix.strip('/')}/" if settings.prefix.strip("/") else ""
        self._s3 = S3Store(
            settings.bucket,
            endpoint=settings.endpoint,
            region=settings.region,
            access_key_id=settings.access_key_id,
            secret_access_key=settings.secret_access_key,
            virtual_hosted_style_request=False,
            client_options={
                "allow_http": settings.endpoint.startswith("http://"),
                "timeout": REQUEST_S,
                "connect_timeout": CONNECT_S,
            },
            retry_config={"max_retries": 3, "retry_timeout": RETRY_S},
        )

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> Seen:
        """Store what comes, in parts; where it breaks off nothing is stored."""
        digest, size = hashlib.sha256(), 0

        async def passing() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                yield chunk

        with _told():
            await obstore.put_async(
                self._s3,
                self._prefix + key,
                passing(),
                chunk_size=CHUNK_BYTES,
                max_concurrency=AT_ONCE,
            )
        return Seen(size, digest.hexdigest())

    async def seen(self, key: str) -> Seen:
        """Read an object to its end and say what it was."""
        digest, size = hashlib.sha256(), 0
        with _told():
            found = await obstore.get_async(self._s3, self._prefix + key)
            async for chunk in found.stream():
                digest.update(chunk)
                size += len(chunk)
        return Seen(size, digest.hexdigest())

    async def read(self, key: str, max_bytes: int) -> bytes:
        """Return an object, or the beginning of a longer one."""
        # A range is not asked for: some servers answer one that is the whole as if it were none.
        read = bytearray()
        with _told():
            found = await obstore.get_async(self._s3, self._prefix + key)
            async for chunk in found.stream():
                read += chunk
                if len(read) >= max_bytes:
                    break
        return bytes(read[:max_bytes])

    async def stream(self, key: str) -> AsyncIterator[bytes]:
        """Yield an object piece by piece."""
        with _told():
            found = await obstore.get_async(self._s3, self._prefix + key)
            async for chunk in found.stream():
                yield bytes(chunk)

    async def check(self) -> None:
        """Write, read and remove an object."""
        key, data = "check", b"NeuroPhoto was here"
        with _told():
            await obstore.put_async(self._s3, self._prefix + key, data)
        if await self.read(key, len(data)) != data:
            raise StoreUnavailable("an object was not read as it was written")
        await self.delete(key)

    async def delete(self, key: str) -> None:
        """Remove an object; one that is not there is removed."""
        with _told():
            try:
                await obstore.delete_async(self._s3, self._prefix + key)
            except FileNotFoundError:
                return

    async def address(self, key: str, lasts: timedelta) -> str:
        """Return an address with which anybody can read an object for a while."""
        with _told():
            return str(
                await obstore.sign_async(
                    self._s3, "GET", self._prefix + key, min(lasts, LONGEST_SIGNED)
                )
            )


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        # The words of the library hold addresses.
        raise StoreUnavailable(type(error).__name__) from error
