"""The fal gateway over the real fal-client; the only module that imports it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Self

import fal_client
import httpx
from fal_client.client import (
    USER_AGENT,
    AsyncBackupDomainTransport,
    AsyncCDNTokenManager,
    AsyncRequestHandle,
    FalClientHTTPError,
    Status,
)
from pydantic import ValidationError

from services.errors import (
    FalError,
    FalJobFailed,
    FalOutcomeUnknown,
    FalRefusesKey,
    FalResultGone,
    FalUnavailable,
)
from services.fal.endpoints import (
    GENERATORS,
    TRAINERS,
    generation_input,
    training_input,
)
from services.fal.failures import error_of_result, error_of_submit, words_of
from services.fal.gateway import (
    CancelOutcome,
    Ended,
    GenerationOrder,
    Job,
    JobStatus,
    MadeImage,
    MadeImages,
    Queued,
    Running,
    TrainedLora,
    TrainingOrder,
)
from services.fal.outputs import GeneratorOutput, TrainerOutput
from services.fal.platform import PlatformApi
from services.fal.transport import FalAddresses, FalTransport

logger = logging.getLogger(__name__)

ARCHIVE_EXPIRY = fal_client.StorageSettings(expires_in="7d")
"""Photos leave fal's storage by themselves; 7 days outlive any queue and any re-queueing."""

ARCHIVE_NAME = "photos.zip"

INITIATE_URL = "https://rest.fal.ai/storage/upload/initiate?storage_type=gcs"

READ_TIMEOUT_S = 30.0
"""For one read of a status, a result or a list."""

TRANSFER_TIMEOUT_S = 120.0
"""For one submit, upload or download: fal-client's own default."""


class _RoutedClient(fal_client.AsyncClient):
    """fal-client with all its HTTP on one transport.

    fal-client has no setting for its addresses and repeats submits, so the three places where it
    makes an HTTP client are overridden here, and nothing else.
    """

    def __init__(self, key: str, transport: FalTransport, addresses: FalAddresses) -> None:
        super().__init__(key=key, default_timeout=TRANSFER_TIMEOUT_S)
        self._addresses = addresses
        self.http = httpx.AsyncClient(
            transport=transport,
            headers={"Authorization": f"Key {key}", "User-Agent": USER_AGENT},
            timeout=TRANSFER_TIMEOUT_S,
        )
        self.bare_http = httpx.AsyncClient(
            transport=transport,
            headers={"User-Agent": USER_AGENT},
            timeout=TRANSFER_TIMEOUT_S,
            follow_redirects=True,
        )

    @property
    async def _client(self) -> httpx.AsyncClient:
        return self.http

    @property
    async def _token_manager(self) -> AsyncCDNTokenManager:
        manager = AsyncCDNTokenManager(await self._auth)
        manager._url = str(self._addresses.route(httpx.URL(manager._url)))  # noqa: SLF001  # its only seam
        return manager

    @asynccontextmanager
    async def _cdn_client(self) -> AsyncIterator[httpx.AsyncClient]:
        yield self.bare_http


class FalClient:
    """`services.fal.gateway.FalGateway` over HTTP.

    Args:
        key: `key_id:key_secret`.
        base_url: Empty for fal's own hosts, else the server that stands for all of them.
    """

    def __init__(self, key: str, base_url: str = "") -> None:
        addresses = FalAddresses(base_url)
        self._transport = FalTransport(addresses, AsyncBackupDomainTransport())
        self._fal = _RoutedClient(key, self._transport, addresses)
        platform = PlatformApi(self._fal.http)
        self.balance_usd = platform.balance_usd
        self.charged_usd = platform.charged_usd
        self.unit_prices = platform.unit_prices
        self.find_submissions = platform.find_submissions

    async def __aenter__(self) -> Self:
        """Give the client itself; its connections are opened as needed."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close all connections."""
        await self._fal.http.aclose()
        await self._fal.bare_http.aclose()

    async def upload_archive(self, path: Path) -> str:
        """See `FalGateway.upload_archive`."""
        data = await asyncio.to_thread(path.read_bytes)
        try:
            return await self._fal.upload(
                data, "application/zip", ARCHIVE_NAME, lifecycle=ARCHIVE_EXPIRY
            )
        except FalClientHTTPError as error:
            raise error_of_submit(error.response) from error
        except httpx.HTTPStatusError as error:
            raise error_of_submit(error.response) from error
        except (httpx.HTTPError, KeyError, ValueError, TypeError) as error:
            raise FalUnavailable(_name(error)) from error

    async def check_account(self) -> None:
        """See `FalGateway.check_account`.

        A lock is said to hit the start of an upload as well as a submit; an upload that is only
        announced costs nothing and leaves nothing behind.
        """
        body = {"file_name": "check.txt", "content_type": "text/plain"}
        try:
            response = await self._fal.http.post(INITIATE_URL, json=body, timeout=READ_TIMEOUT_S)
        except httpx.HTTPError as error:
            raise FalUnavailable(_name(error)) from error
        if not response.is_success:
            raise error_of_submit(response)

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

    async def _submit(self, endpoint: str, arguments: Mapping[str, Any]) -> Job:
        # start_timeout is left out: the transport alone decides what is repeated.
        try:
            handle = await self._fal.submit(endpoint, dict(arguments))
        except FalClientHTTPError as error:
            raise error_of_submit(error.response) from error
        except FalError:
            raise
        except (httpx.HTTPError, KeyError, ValueError, TypeError) as error:
            # The POST was answered, but not in a form that names the job.
            raise FalOutcomeUnknown(_name(error)) from error
        return _job_of(handle)

    async def status(self, job: Job) -> JobStatus:
        """See `FalGateway.status`."""
        try:
            async with asyncio.timeout(READ_TIMEOUT_S):
                return _status_of(await self._handle(job).status(with_logs=True))
        except FalClientHTTPError as error:
            if error.status_code in {404, 410}:
                raise FalResultGone(words_of(error.response)[0]) from error
            if error.status_code in {401, 403}:
                raise FalRefusesKey(words_of(error.response)[0]) from error
            raise FalUnavailable(words_of(error.response)[0]) from error
        except (httpx.HTTPError, TimeoutError, KeyError, ValueError, TypeError) as error:
            raise FalUnavailable(_name(error)) from error

    async def trained_lora(self, job: Job) -> TrainedLora:
        """See `FalGateway.trained_lora`."""
        result = await self._result(job)
        try:
            output = TrainerOutput.model_validate(result)
        except ValidationError as error:
            raise FalJobFailed("the result names no LoRA file") from error
        config = output.config_file
        return TrainedLora(output.diffusers_lora_file.url, config.url if config else None)

    async def made_images(self, job: Job) -> MadeImages:
        """See `FalGateway.made_images`."""
        result = await self._result(job)
        try:
            output = GeneratorOutput.model_validate(result)
        except ValidationError as error:
            raise FalJobFailed("the result names no pictures") from error
        flags = output.has_nsfw_concepts or []
        images = tuple(
            MadeImage(
                url=image.url,
                width=image.width,
                height=image.height,
                is_flagged=index < len(flags) and flags[index],
            )
            for index, image in enumerate(output.images)
        )
        return MadeImages(images, output.seed)

    async def _result(self, job: Job) -> Any:  # noqa: ANN401  # whatever the model answered
        # fal-client's own get() first waits for completion with no bound; the carrier has just
        # seen it, so the result is read directly, by fal-client's HTTP client.
        try:
            response = await self._fal.http.get(job.response_url, timeout=READ_TIMEOUT_S)
            if response.is_success:
                return response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise FalUnavailable(_name(error)) from error
        raise error_of_result(response)

    async def cancel(self, job: Job) -> CancelOutcome:
        """See `FalGateway.cancel`."""
        # fal-client's cancel() hides what fal answered.
        try:
            response = await self._fal.http.put(job.cancel_url, timeout=READ_TIMEOUT_S)
        except httpx.HTTPError as error:
            raise FalUnavailable(_name(error)) from error
        if response.is_success:
            removed = '"OK"' in response.text
            return CancelOutcome.REMOVED if removed else CancelOutcome.REQUESTED
        if response.status_code == httpx.codes.BAD_REQUEST:
            return CancelOutcome.TOO_LATE
        if response.status_code in {404, 410}:
            return CancelOutcome.UNKNOWN_JOB
        raise FalUnavailable(words_of(response)[0])

    async def download(self, url: str, max_bytes: int) -> bytes:
        """See `FalGateway.download`."""
        try:
            async with self._fal.bare_http.stream("GET", url) as response:
                if response.status_code in {403, 404, 410}:
                    raise FalResultGone(f"HTTP {response.status_code}")
                response.raise_for_status()
                return await _read_up_to(response, max_bytes)
        except httpx.HTTPError as error:
            raise FalUnavailable(_name(error)) from error

    async def job_of(self, endpoint: str, request_id: str) -> Job:
        """See `FalGateway.job_of`."""
        return _job_of(await self._fal.get_handle(endpoint, request_id))

    def _handle(self, job: Job) -> AsyncRequestHandle:
        return AsyncRequestHandle(
            request_id=job.request_id,
            response_url=job.response_url,
            status_url=job.status_url,
            cancel_url=job.cancel_url,
            client=self._fal.http,
        )


def _job_of(handle: AsyncRequestHandle) -> Job:
    return Job(handle.request_id, handle.status_url, handle.response_url, handle.cancel_url)


def _status_of(status: Status) -> JobStatus:
    match status:
        case fal_client.Queued(position):
            return Queued(position)
        case fal_client.InProgress(logs):
            return Running(_log_lines(logs))
        case fal_client.Completed(error=error, error_type=error_type):
            return Ended(error_type or error)
        case _:
            raise FalUnavailable(f"unknown status {type(status).__name__}")


def _log_lines(logs: Any) -> tuple[str, ...]:  # noqa: ANN401  # nothing but `message` is certain
    if not isinstance(logs, list):
        return ()
    return tuple(str(entry.get("message", "")) for entry in logs if isinstance(entry, dict))


async def _read_up_to(response: httpx.Response, max_bytes: int) -> bytes:
    received = bytearray()
    async for chunk in response.aiter_bytes():
        received += chunk
        if len(received) > max_bytes:
            raise FalResultGone(f"larger than {max_bytes} bytes")
    return bytes(received)


def _name(error: Exception) -> str:
    # The text of an HTTP error may hold a whole URL; its kind is enough for the log.
    return type(error).__name__
