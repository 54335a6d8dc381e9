"""Asks fal questions: with the key, bounded, and by way of redirects."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx

from services.errors import FalResultGone, FalUnavailable
from services.fal.answers import MAX_ANSWER_BYTES
from services.fal.failures import lost
from services.fal.files import MAX_REDIRECTS, FalFiles
from services.fal.transport import TOTAL_S, FalAddresses


class FalReader:
    """Reads from fal with its key; whatever happens, there is an answer or `FalUnavailable`.

    Args:
        http: Sends the key with each request, and follows no redirect.
        files: Asks other hosts, which must not get the key.
        addresses: Knows which hosts are fal's.
        total_s: For a whole answer.
    """

    def __init__(
        self, http: httpx.AsyncClient, files: FalFiles, addresses: FalAddresses, total_s: float
    ) -> None:
        self._http = http
        self._files = files
        self._addresses = addresses
        self._total_s = total_s

    async def get(self, url: str, params: Mapping[str, Any] | None = None) -> httpx.Response:
        """Return the answer to a question, at the end of at most `MAX_REDIRECTS` redirects.

        Raises:
            FalUnavailable: There was no whole answer.
        """
        try:
            asked = httpx.URL(url)
            if params:
                asked = asked.copy_merge_params(params)
            async with asyncio.timeout(self._total_s):
                response = await self.send("GET", str(asked))
                for _ in range(MAX_REDIRECTS):
                    if response.has_redirect_location:
                        response = await self._redirected(asked, response)
        except (httpx.InvalidURL, TimeoutError, UnicodeError, ValueError) as error:
            raise lost(error) from error
        if response.has_redirect_location:
            raise FalUnavailable("too many redirects")
        return response

    async def _redirected(self, asked: httpx.URL, response: httpx.Response) -> httpx.Response:
        target = response.request.url.join(response.headers["location"])
        if self._addresses.may_have_key(target, asked):
            return await self.send("GET", str(target))
        try:
            return await self._files.get(str(target), MAX_ANSWER_BYTES)
        except FalResultGone as error:
            raise FalUnavailable(f"redirected where nobody goes: {error}") from error

    async def send(self, method: str, url: str, json: object = None) -> httpx.Response:
        """Return the answer to one request as it is.

        Raises:
            FalUnavailable: There was no whole answer.
        """
        try:
            return await self._http.request(
                method, url, json=json, extensions={TOTAL_S: self._total_s}
            )
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise lost(error) from error
