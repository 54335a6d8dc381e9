"""Files by address: what Telegram's own fetcher takes from the web, and what it says when not.

Limits as documented (core.telegram.org/bots/api#sending-files): 5 MB for a photo, 20 MB for
another file, of which only GIF, PDF and ZIP are taken. The words are those of telegram-bot-api
(Client::fail_query_with_error) for the codes that its photo server gives while sending.
"""

from http import HTTPStatus

import aiohttp
from yarl import URL

from sandbox.telegram.errors import ApiError, bad_request, code_refusal
from sandbox.telegram.files import MediaKind

MAX_FETCHED_PHOTO_BYTES = 5 * 1024 * 1024
MAX_FETCHED_FILE_BYTES = 20 * 1024 * 1024
# How long Telegram waits for a server is not published.
_TIMEOUT = aiohttp.ClientTimeout(total=20)
_AGENT = {"User-Agent": "TelegramBot (like TwitterBot)"}
_MAX_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_FILE_HEADS = (b"GIF87a", b"GIF89a", b"%PDF-", b"PK\x03\x04")
_MARKUP_HEADS = (b"<!doctype html", b"<html")


class Web:
    """All of the internet that this Telegram reaches.

    Attributes:
        pages: what a test put at an address.
        origins: servers that are asked over HTTP, as `http://127.0.0.1:8081`: this sandbox's own
            fal. Nothing else is ever asked, so nothing leaves the machine.
        up: False makes every address unreachable.
    """

    def __init__(self, pages: dict[str, bytes]) -> None:
        self.pages = pages
        self.origins: set[str] = set()
        self.up = True
        self._failed: set[str] = set()

    def forget(self) -> None:
        """Forget the addresses that failed."""
        self._failed.clear()

    async def get(self, address: str, kind: MediaKind) -> bytes:
        """Fetch a file that is to be sent as `kind`.

        An address that failed once fails again until `forget`: the real service keeps what an
        address gave, failures too, for days (levlam, tdlib/telegram-bot-api#782).

        Raises:
            ApiError: 400 in the server's words, for a malformed address, an unreachable one, a
                file that is too large, empty or of another type.
        """
        url = parsed_address(address)
        limit = MAX_FETCHED_PHOTO_BYTES if kind is MediaKind.PHOTO else MAX_FETCHED_FILE_BYTES
        if address in self._failed:
            raise code_refusal("WEBPAGE_CURL_FAILED")
        data = self.pages.get(address) if self.up else None
        if data is None:
            data = await self._asked(url, limit)
        if data is None or len(data) > limit:
            self._failed.add(address)
            raise code_refusal("WEBPAGE_CURL_FAILED")
        if not data:
            raise code_refusal("MEDIA_EMPTY")
        is_page = data[:64].lstrip().lower().startswith(_MARKUP_HEADS)
        if is_page or (kind is not MediaKind.PHOTO and not data.startswith(_FILE_HEADS)):
            raise code_refusal("WEBPAGE_MEDIA_EMPTY")
        return data

    async def _asked(self, url: URL, limit: int) -> bytes | None:
        """Ask a server that is within reach, redirects too; None when it gives no file."""
        try:
            async with aiohttp.ClientSession(timeout=_TIMEOUT, headers=_AGENT) as session:
                for _ in range(_MAX_REDIRECTS):
                    if not self.up or str(url.origin()) not in self.origins:
                        return None
                    async with session.get(url, allow_redirects=False) as response:
                        if response.status in _REDIRECTS and "Location" in response.headers:
                            url = url.join(URL(response.headers["Location"]))
                            continue
                        if response.status != HTTPStatus.OK:
                            return None
                        return await _read(response, limit)
        except (aiohttp.ClientError, TimeoutError, ValueError, OSError):
            return None
        return None


async def _read(response: aiohttp.ClientResponse, limit: int) -> bytes | None:
    data = bytearray()
    async for piece in response.content.iter_chunked(64 * 1024):
        data += piece
        if len(data) > limit:
            return None
    return bytes(data)


def is_address(reference: str) -> bool:
    """Whether the server reads a file parameter as an address: file ids have no dot."""
    return "." in reference or reference.lower().startswith(("http://", "https://"))


def parsed_address(address: str) -> URL:
    """The address as a URL; one without a scheme is `http`.

    Raises:
        ApiError: 400 when it is no HTTP address, or a host that no stranger can reach.
    """
    text = address if "://" in address else f"http://{address}"
    try:
        url = URL(text)
    except ValueError:
        raise _malformed("Wrong port number specified in the URL") from None
    if url.scheme not in {"http", "https"}:
        raise _malformed("Unsupported URL protocol")
    if not url.host:
        raise _malformed("URL host is empty")
    if "." not in url.host and ":" not in url.host:
        raise code_refusal("EXTERNAL_URL_INVALID")
    return url


def _malformed(reason: str) -> ApiError:
    return bad_request(f"Invalid file HTTP URL specified: {reason}")
