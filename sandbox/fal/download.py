"""The workers' way to files: real HTTP, but never beyond this machine."""

import base64
import binascii
from urllib.parse import unquote_to_bytes, urlsplit

import aiohttp

from sandbox.fal.failures import model_error

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
MAX_BYTES = 500 * 1024 * 1024
"""A limit of the sandbox; fal's own is not published."""
_TIMEOUT = aiohttp.ClientTimeout(total=60)


class Downloader:
    """Fetches what inputs point to; its session lives as long as the emulator runs."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the session."""
        self._session = aiohttp.ClientSession(timeout=_TIMEOUT)

    async def close(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()

    async def fetch(self, url: str, *, own: str, loc: list[str | int]) -> bytes:
        """The bytes behind an address.

        Args:
            url: Must be on `own` or on a loopback host, as there is no internet in the sandbox, or
                a data URI.
            own: The emulator's address as the caller wrote it.
            loc: The input field that errors point to.

        Raises:
            JobFailure: `file_download_error` for anything that is not a 200, `file_too_large`.
        """
        if url.startswith("data:"):
            return _held(url, loc)
        host = urlsplit(url).hostname
        near = host in LOOPBACK_HOSTS or url.startswith(f"{own}/")
        if self._session is None or not near or not url.startswith(("http://", "https://")):
            raise model_error("file_download_error", loc)
        try:
            async with self._session.get(url) as response:
                if response.status != 200:
                    raise model_error("file_download_error", loc)
                if (response.content_length or 0) > MAX_BYTES:
                    raise model_error("file_too_large", loc)
                return await response.read()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise model_error("file_download_error", loc) from error


def _held(uri: str, loc: list[str | int]) -> bytes:
    head, comma, body = uri.partition(",")
    data = unquote_to_bytes(body)
    try:
        data = base64.b64decode(data, validate=True) if head.endswith(";base64") else data
    except binascii.Error as error:
        raise model_error("file_download_error", loc) from error
    if not comma or not data:
        raise model_error("file_download_error", loc)
    return data
