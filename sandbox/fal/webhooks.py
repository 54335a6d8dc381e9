"""fal's calls to those who asked for them: signed, tried again, and mischievous on demand."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping

import aiohttp

from sandbox.fal.failures import JsonObject
from sandbox.fal.job import Job
from sandbox.fal.scenario import Scenario, WebhookFault
from sandbox.fal.signing import Signer

logger = logging.getLogger(__name__)

ATTEMPT_TIMEOUT_S = 15
RETRY_PAUSES_S = tuple(7 * 2.0**retry for retry in range(10))
"""Ten retries within two hours (documentation); how they are spread is not documented."""

LATE_S = 20.0
HELD_S = 3.0
"""So long a call is held back for a later one to overtake it."""

_LOOK_S = 0.2
_NOT_SERIALIZABLE = (
    "Response payload is not JSON serializable. Either return a JSON serializable object or use "
    "the queue endpoint to retrieve the response."
)


class Webhooks:
    """Tells of jobs that have ended.

    Args:
        signer: Signs them.
        scenario: What goes wrong now.
        now: Unix time; pauses are counted in it.
    """

    def __init__(
        self, signer: Signer, scenario: Callable[[], Scenario], now: Callable[[], float]
    ) -> None:
        self._signer = signer
        self._scenario = scenario
        self._now = now
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: asyncio.Event | None = None

    def ended(self, job: Job) -> None:
        """Begin to tell of a job, if its caller asked for that."""
        if job.submission.webhook and not job.removed:
            # This class owns its tasks: they are kept here and cancelled in close().
            task = asyncio.create_task(self._tell(job, job.submission.webhook))  # noqa: TID251
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Tell nobody any more."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _tell(self, job: Job, url: str) -> None:
        fault = self._scenario().webhooks
        if fault is WebhookFault.LOST:
            return
        timeout = aiohttp.ClientTimeout(total=ATTEMPT_TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout) as http:
            match fault:
                case WebhookFault.LATE:
                    await self._rest(LATE_S)
                case WebhookFault.OUT_OF_ORDER:
                    await self._be_overtaken()
                case WebhookFault.FORGED:
                    await self._forge(http, job, url)
            await self._deliver(http, job, url)
            if fault is WebhookFault.DOUBLED:
                await self._deliver(http, job, url)

    async def _deliver(self, http: aiohttp.ClientSession, job: Job, url: str) -> None:
        body = self._body(job)
        for pause_s in (*RETRY_PAUSES_S, None):
            # Each try is signed again: its time is part of what is signed.
            headers = self._signer.headers(job.request_id, body, int(self._now()))
            status = await _post(http, url, body, headers)
            job.webhook_answers.append(status)
            if 200 <= status <= 299:
                return
            if pause_s is not None:
                await self._rest(pause_s)
        logger.warning("the webhook of request %s is given up", job.request_id)

    async def _forge(self, http: aiohttp.ClientSession, job: Job, url: str) -> None:
        """Call as somebody would who wants the job to be believed failed, in each way there is."""
        body = json.dumps({"request_id": job.request_id, "status": "ERROR"}).encode()
        moment = int(self._now())
        for headers in (
            {},
            self._signer.forged_headers(job.request_id, body, moment),
            self._signer.headers(job.request_id, self._body(job), moment),
            self._signer.headers(job.request_id, body, moment - 3600),
        ):
            job.forged_answers.append(await _post(http, url, body, headers))

    def _body(self, job: Job) -> bytes:
        outcome = job.outcome
        assert outcome is not None  # noqa: S101  # told only of what has ended
        told: JsonObject = {
            "request_id": job.request_id,
            "gateway_request_id": job.gateway_request_id,
            "status": "OK" if outcome.ok else "ERROR",
            "payload": outcome.body,
        }
        if not outcome.ok:
            told["error"] = f"Invalid status code: {outcome.status}"
        if self._scenario().webhook_payload_error:
            told |= {"payload": None, "payload_error": _NOT_SERIALIZABLE}
        return json.dumps(told).encode()

    async def _be_overtaken(self) -> None:
        """Wait until a later call goes first, or be that one."""
        if self._held is not None:
            self._held.set()
            self._held = None
            return
        held = self._held = asyncio.Event()
        try:
            async with asyncio.timeout(HELD_S):
                await held.wait()
        except TimeoutError:
            self._held = None
        else:
            await self._rest(_LOOK_S)

    async def _rest(self, pause_s: float) -> None:
        until = self._now() + pause_s
        while (left_s := until - self._now()) > 0:  # noqa: ASYNC110  # whose time may be set
            await asyncio.sleep(min(left_s, _LOOK_S))


async def _post(
    http: aiohttp.ClientSession, url: str, body: bytes, headers: Mapping[str, str]
) -> int:
    """Return the status of the answer, 0 where there is none."""
    try:
        # Whether the real one follows redirects is not known.
        async with http.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            return answer.status
    except (aiohttp.ClientError, OSError, TimeoutError):
        return 0
