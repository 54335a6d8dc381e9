"""Where requests to fal go, and the rule that a submit leaves this machine at most once."""

import httpx

from services.errors import FalOutcomeUnknown, FalUnavailable

HOST_PREFIXES = {
    "fal.run": "run",
    "falrun.com": "run",
    "queue.fal.run": "queue",
    "queue.falrun.com": "queue",
    "rest.fal.ai": "rest",
    "rest.alpha.fal.ai": "rest",
    "v3.fal.media": "cdn",
    "v3b.fal.media": "cdn",
    "fal.media": "cdn",
    "api.fal.ai": "api",
}
"""fal's hosts (backup domains and older names included) and the path that stands for each one
when `FAL_API_URL` is set."""

NOT_ACCEPTED_STATUSES = frozenset({409, 429})
"""Refusals that fal-client would answer by sending the submit again (its RETRY_CODES)."""


class FalAddresses:
    """Maps fal's own addresses to another server, or leaves them alone.

    Args:
        base_url: Empty for fal itself, or an http(s) URL without a trailing slash.
    """

    def __init__(self, base_url: str = "") -> None:
        self._base = httpx.URL(base_url) if base_url else None

    def route(self, url: httpx.URL) -> httpx.URL:
        """Give the address a request for `url` really goes to."""
        prefix = HOST_PREFIXES.get(url.host)
        if self._base is None or prefix is None:
            return url
        path = self._base.raw_path.rstrip(b"/") + b"/" + prefix.encode() + url.raw_path
        return self._base.copy_with(raw_path=path)


class FalTransport(httpx.AsyncBaseTransport):
    """The one way out: routes every request, and never lets a submit be repeated.

    fal has no idempotency key, and fal-client repeats a submit up to ten times on a lost answer,
    each repeat a paid job. This transport turns everything it would repeat into an error of ours,
    which fal-client passes on untouched. A request that provably never left may be tried later
    (`FalUnavailable`); anything else is `FalOutcomeUnknown`.
    """

    def __init__(self, addresses: FalAddresses, inner: httpx.AsyncBaseTransport) -> None:
        self._addresses = addresses
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request.

        Raises:
            FalUnavailable: A submit was not accepted and may be sent again later.
            FalOutcomeUnknown: A submit may have been accepted.
        """
        is_submit = request.method == "POST" and HOST_PREFIXES.get(request.url.host) == "queue"
        request.url = self._addresses.route(request.url)
        request.headers["Host"] = request.url.netloc.decode("ascii")
        if not is_submit:
            return await self._inner.handle_async_request(request)
        return await self._submit_once(request)

    async def _submit_once(self, request: httpx.Request) -> httpx.Response:
        try:
            response = await self._inner.handle_async_request(request)
            # fal-client would also repeat a submit whose answer breaks off while it is read.
            await response.aread()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise FalUnavailable(type(error).__name__) from error
        except httpx.TransportError as error:
            raise FalOutcomeUnknown(type(error).__name__) from error
        if response.status_code in NOT_ACCEPTED_STATUSES:
            raise FalUnavailable(f"HTTP {response.status_code}")
        if response.status_code == httpx.codes.REQUEST_TIMEOUT or response.is_server_error:
            raise FalOutcomeUnknown(f"HTTP {response.status_code}")
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()
