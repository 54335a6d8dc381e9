"""The fal gateway over the real fal-client; the only module that imports it."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import fal_client
import httpx
from fal_client.client import (
    QUEUE_URL_FORMAT,
    REST_URL,
    USER_AGENT,
    AsyncBackupDomainTransport,
    AsyncCDNTokenManager,
    CDNToken,
    FalClientHTTPError,
)

from services.errors import (
    FalEndpointGone,
    FalError,
    FalOutcomeUnknown,
    FalResultGone,
    FalResultUnreadable,
    FalUnavailable,
)
from services.fal.answers import Unreadable, json_of, object_of, usable_id, web_address
from services.fal.editors import EDITORS, edit_input
from services.fal.endpoints import (
    GENERATORS,
    TRAINERS,
    generation_input,
    training_input,
)
from services.fal.enlargers import ENLARGERS, enlargement_input
from services.fal.failures import (
    error_of_result,
    error_of_status,
    error_of_submit,
    lost,
    unavailable,
)
from services.fal.files import FalFiles
from services.fal.gateway import (
    ARCHIVE_DAYS,
    CancelOutcome,
    EditOrder,
    EnlargementOrder,
    GenerationOrder,
    Job,
    JobStatus,
    MadeImages,
    TrainedLora,
    TrainingOrder,
)
from services.fal.language import FalLanguageModel
from services.fal.outputs import made_images_of, trained_lora_of
from services.fal.platform import PlatformApi
from services.fal.public import OwnConnections, PublicTransport
from services.fal.reading import FalReader
from services.fal.statuses import status_of
from services.fal.transport import TOTAL_S, FalAddresses, FalTransport, Observer
from services.fal.words import Words
from services.internet import tls

logger = logging.getLogger(__name__)

ARCHIVE_NAME = "photos.zip"
PHOTO_NAME = "photo.jpg"
PHOTO_DAYS = 1
"""A photo that an edit is made of is needed for minutes; days are counted whole."""
DAY_S = 86400

LIFECYCLE_HEADER = "X-Fal-Object-Lifecycle-Preference"
KEPT_FOR_GOOD = json.dumps({"expiration_duration_seconds": None})
"""What a job makes must outlive the retention that the account sets: a LoRA is generated with as
long as its user wants, and *Full size* fetches the original of a picture. Null is never
(https://fal.ai/docs/documentation/model-apis/media-expiration)."""

INITIATE_URL = f"{REST_URL}/storage/upload/initiate?storage_type=gcs"

NO_RESULT_YET = frozenset({202, 204})
"""Answers of success without a result."""

AnswerHook = Callable[[httpx.Response], Awaitable[None]]

R = TypeVar("R")


@dataclass(frozen=True)
class Times:
    """How long calls may take.

    Attributes:
        read_s: A status, a result, a list or a cancel, with redirects.
        submit_s: A submit; fal-client's own default.
        upload_s: An upload with all its parts and repeats.
        download_s: A file.
        silence_s: An upload or a download while nothing moves.
    """

    read_s: float = 30.0
    submit_s: float = 120.0
    upload_s: float = 600.0
    download_s: float = 120.0
    silence_s: float = 60.0


class _Tokens(AsyncCDNTokenManager):
    """fal-client's tokens of the CDN, by way of our transport."""

    def __init__(self, http: httpx.AsyncClient, auth: Any) -> None:  # noqa: ANN401  # fal-client's
        super().__init__(auth)
        self._http = http

    async def _refresh_token(self) -> CDNToken:
        response = await self._http.post(self._url, headers=self._headers, json={})
        response.raise_for_status()
        given = object_of(response.content)
        # A token is used once, at once.
        never = datetime.max.replace(tzinfo=UTC)
        return CDNToken(given["token"], given["token_type"], "", never)


class _RoutedClient(fal_client.AsyncClient):
    """fal-client's uploads with all their HTTP on one transport.

    fal-client has no setting for its addresses, so the places where it makes an HTTP client are
    overridden here, and nothing else. The client has no key of its own: an upload's address may
    be on any host.
    """

    def __init__(self, key: str, http: httpx.AsyncClient) -> None:
        super().__init__(key=key)
        self._http = http

    @property
    async def _client(self) -> httpx.AsyncClient:
        return self._http

    @property
    async def _token_manager(self) -> AsyncCDNTokenManager:
        return _Tokens(self._http, await self._auth)

    @asynccontextmanager
    async def _cdn_client(self) -> AsyncIterator[httpx.AsyncClient]:
        yield self._http


class _BackupTransport(AsyncBackupDomainTransport):
    """fal-client's transport, over the certificates that are read once for all clients.

    fal-client would read them for each, and has no setting for it but one that leaves out the
    environment's proxies.
    """

    def __init__(self) -> None:
        self._client = httpx.AsyncClient(verify=tls(), follow_redirects=False)


class FalClient:
    """`services.fal.gateway.FalGateway` over HTTP.

    Args:
        key: `key_id:key_secret`.
        base_url: Empty for fal's own hosts, else the server that stands for all of them.
        times: How long calls may take.
        on_answer: Is shown every answer but those of uploads as it came; a file's without its
            body. `services.verify` looks at fal through it.
        webhook_url: Where fal is to call when a job has ended; empty for nowhere.
        observer: Is told of each request but those for files.
    """

    def __init__(
        self,
        key: str,
        base_url: str = "",
        times: Times | None = None,
        on_answer: AnswerHook | None = None,
        webhook_url: str = "",
        observer: Observer | None = None,
    ) -> None:
        self._webhook = {"fal_webhook": webhook_url} if webhook_url else None
        self._times = times or Times()
        self._words = Words(key)
        addresses = FalAddresses(base_url)
        transport = FalTransport(addresses, _BackupTransport(), observer)
        agent = {"User-Agent": USER_AGENT}
        self._keyed = httpx.AsyncClient(
            transport=transport,
            headers={"Authorization": f"Key {key}", **agent},
            timeout=self._times.read_s,
            event_hooks={"response": [on_answer] if on_answer else []},
        )
        self._bare = httpx.AsyncClient(
            transport=transport,
            headers=agent,
            timeout=self._times.silence_s,
            follow_redirects=True,
        )
        self._fal = _RoutedClient(key, self._bare)
        self.files = FalFiles(
            PublicTransport(addresses, OwnConnections()),
            USER_AGENT,
            self._times.silence_s,
            self._times.download_s,
            on_answer,
        )
        self._reader = FalReader(self._keyed, self.files, addresses, self._times.read_s)
        self.ask = self._reader.get
        platform = PlatformApi(self._reader, self._words)
        self.balance_usd = platform.balance_usd
        self.charged_usd = platform.charged_usd
        self.delete_payload = platform.delete_payload
        self.unit_prices = platform.unit_prices
        self.find_submissions = platform.find_submissions
        self.download = self.files.download
        self.ask_model = FalLanguageModel(self._keyed, self._words).ask_model

    async def __aenter__(self) -> Self:
        """Return the client itself; its connections are opened as needed."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close all connections."""
        await self._keyed.aclose()
        await self._bare.aclose()
        await self.files.aclose()

    async def upload_archive(self, path: Path, days: int = ARCHIVE_DAYS) -> str:
        """See `FalGateway.upload_archive`."""
        data = await asyncio.to_thread(path.read_bytes)
        return await self._upload(data, "application/zip", ARCHIVE_NAME, days)

    async def upload_photo(self, data: bytes) -> str:
        """See `FalGateway.upload_photo`."""
        return await self._upload(data, "image/jpeg", PHOTO_NAME, PHOTO_DAYS)

    async def _upload(self, data: bytes, content_type: str, name: str, days: int) -> str:
        lifecycle = fal_client.StorageSettings(expires_in=days * DAY_S)
        try:
            async with asyncio.timeout(self._times.upload_s):
                url = await self._fal.upload(data, content_type, name, lifecycle=lifecycle)
        except (FalClientHTTPError, httpx.HTTPStatusError) as error:
            raise error_of_submit(error.response, self._words) from error
        except _NO_ANSWER as error:
            raise lost(error) from error
        if web_address(url) is None:
            raise FalUnavailable("the upload has no address")
        return url

    async def check_account(self) -> None:
        """See `FalGateway.check_account`.

        A lock is said to hit the start of an upload as well as a submit; an upload that is only
        announced costs nothing and leaves nothing behind.
        """
        body = {"file_name": "check.txt", "content_type": "text/plain"}
        response = await self._reader.send("POST", INITIATE_URL, body)
        if not response.is_success:
            raise error_of_submit(response, self._words)

    async def submit_training(self, trainer: str, order: TrainingOrder) -> Job:
        """See `FalGateway.submit_training`."""
        arguments, unsent = training_input(TRAINERS[trainer], order)
        logger.info(
            "training input for %s: sends %s; has no place for %s",
            trainer,
            ", ".join(sorted(arguments)),
            ", ".join(sorted(unsent)) or "nothing",
        )
        return await self._submit(trainer, arguments)

    async def submit_generation(self, generator: str, order: GenerationOrder) -> Job:
        """See `FalGateway.submit_generation`."""
        return await self._submit(generator, generation_input(GENERATORS[generator], order))

    async def submit_enlargement(self, enlarger: str, order: EnlargementOrder) -> Job:
        """See `FalGateway.submit_enlargement`."""
        return await self._submit(enlarger, enlargement_input(ENLARGERS[enlarger], order))

    async def submit_edit(self, editor: str, order: EditOrder) -> Job:
        """See `FalGateway.submit_edit`."""
        return await self._submit(editor, edit_input(EDITORS[editor], order))

    async def _submit(self, endpoint: str, arguments: Mapping[str, Any]) -> Job:
        # fal-client's own submit is repeated, and loses an answer that names the request alone.
        try:
            response = await self._keyed.post(
                QUEUE_URL_FORMAT + endpoint,
                params=self._webhook,
                json=dict(arguments),
                headers={LIFECYCLE_HEADER: KEPT_FOR_GOOD},
                timeout=self._times.submit_s,
                extensions={TOTAL_S: self._times.submit_s},
            )
        except FalError:
            raise
        except Exception as error:
            # Whatever it was, the request may have left.
            raise FalOutcomeUnknown(type(error).__name__) from error
        if not response.is_success:
            refusal = error_of_submit(response, self._words)
            if isinstance(refusal, FalEndpointGone):
                logger.error("fal takes nothing at %s: %s", endpoint, refusal)
            raise refusal
        return await self._accepted(endpoint, response)

    async def _accepted(self, endpoint: str, response: httpx.Response) -> Job:
        """Return the job that an answer names; only its id is needed."""
        try:
            given = object_of(response.content)
        except Unreadable as error:
            raise FalOutcomeUnknown(f"the answer is no JSON object ({error})") from error
        request_id = usable_id(given.get("request_id"))
        if request_id is None:
            raise FalOutcomeUnknown("the answer names no request")
        usual = await self.job_of(endpoint, request_id)
        return Job(
            request_id,
            web_address(given.get("status_url")) or usual.status_url,
            web_address(given.get("response_url")) or usual.response_url,
            web_address(given.get("cancel_url")) or usual.cancel_url,
        )

    async def status(self, job: Job) -> JobStatus:
        """See `FalGateway.status`."""
        response = await self._reader.get(job.status_url, {"logs": "1"})
        if not response.is_success:
            raise error_of_status(response, self._words)
        try:
            return status_of(object_of(response.content), self._words)
        except Unreadable as error:
            raise FalUnavailable(f"a status that cannot be read: {error}") from error

    async def trained_lora(self, job: Job) -> TrainedLora:
        """See `FalGateway.trained_lora`."""
        return await self._result(job, trained_lora_of)

    async def made_images(self, job: Job) -> MadeImages:
        """See `FalGateway.made_images`."""
        return await self._result(job, made_images_of)

    async def _result(self, job: Job, read: Callable[[Any], R]) -> R:
        # fal-client's own get() first waits for completion with no bound, and reads all of it.
        response = await self._reader.get(job.response_url)
        if not response.is_success:
            raise error_of_result(response, self._words)
        try:
            return read(json_of(response.content))
        except Unreadable as error:
            if response.status_code in NO_RESULT_YET:
                raise unavailable(response, self._words) from error
            detail = f"a result that cannot be read: {error}"
            raise FalResultUnreadable(detail, self._words.raw(response.content)) from error

    async def cancel(self, job: Job) -> CancelOutcome:
        """See `FalGateway.cancel`."""
        # fal-client's cancel() hides what fal answered.
        response = await self._reader.send("PUT", job.cancel_url)
        if response.is_success:
            is_removed = _word_of(response) == "OK"
            return CancelOutcome.REMOVED if is_removed else CancelOutcome.REQUESTED
        if response.status_code == httpx.codes.BAD_REQUEST:
            return CancelOutcome.TOO_LATE
        try:
            raise error_of_status(response, self._words)
        except FalResultGone:
            return CancelOutcome.UNKNOWN_JOB

    async def job_of(self, endpoint: str, request_id: str) -> Job:
        """See `FalGateway.job_of`."""
        handle = await self._fal.get_handle(endpoint, request_id)
        return Job(request_id, handle.status_url, handle.response_url, handle.cancel_url)


_NO_ANSWER = (
    httpx.HTTPError,
    httpx.InvalidURL,
    TimeoutError,
    KeyError,
    TypeError,
    ValueError,
    AttributeError,
    RecursionError,
)
"""What fal-client raises where an upload has no answer that it can read."""


def _word_of(response: httpx.Response) -> object:
    try:
        return object_of(response.content).get("status")
    except Unreadable:
        return None
