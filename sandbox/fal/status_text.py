"""What a status says about a request, once and as a stream."""

import asyncio
import json

from aiohttp import web

from sandbox.fal.emulator import FalEmulator
from sandbox.fal.failures import JsonObject
from sandbox.fal.job import Job, JobStatus

STREAM_STEP_S = 0.1
PING_S = 15.0
"""How often a stream without news sends a comment (documented by fal)."""


class StatusText:
    """Writes the status of requests; shared by submit, status and stream."""

    def __init__(self, emulator: FalEmulator) -> None:
        self._emulator = emulator

    def of(self, job: Job, *, with_logs: bool) -> JsonObject:
        """The body of a status answer."""
        base = f"{job.submission.origin}/queue/{job.submission.app}/requests/{job.request_id}"
        body: JsonObject = {
            "status": job.status,
            "request_id": job.request_id,
            "response_url": base,
            "status_url": f"{base}/status",
            "cancel_url": f"{base}/cancel",
            "logs": None,
            "metrics": {},
        }
        if job.status is JobStatus.IN_QUEUE:
            return body | {"queue_position": self._emulator.engine.position(job)}
        if with_logs and not self._emulator.scenario.no_logs:
            body["logs"] = [] if self._emulator.scenario.private_logs else job.logs.window
        return body | self._ending(job)

    def _ending(self, job: Job) -> JsonObject:
        outcome = job.outcome
        if outcome is None:
            return {}
        ending: JsonObject = {}
        if job.started_at is not None:
            ending["metrics"] = {"inference_time": job.inference_s}
        if outcome.error is not None:
            ending |= {"error": outcome.error, "error_type": outcome.error_type}
        elif not outcome.ok and self._emulator.scenario.status_tells_model_errors:
            ending["error"] = f"Invalid status code: {outcome.status}"
        return ending

    async def stream(
        self, request: web.Request, job: Job, *, with_logs: bool
    ) -> web.StreamResponse:
        """Status events, each with only the new log entries; every event counts as a poll."""
        headers = {"Content-Type": "text/event-stream", "x-fal-request-id": job.request_id}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        told, last_sent, previous = 0, asyncio.get_running_loop().time(), ""
        while True:
            self._emulator.engine.tell_logs(job)
            body = self.of(job, with_logs=with_logs)
            done = job.status is JobStatus.COMPLETED
            if isinstance(body["logs"], list) and body["logs"]:
                body["logs"] = job.logs.entries[told:]
                told = len(job.logs.entries)
            text = json.dumps(body, ensure_ascii=False)
            now = asyncio.get_running_loop().time()
            if text != previous:
                await response.write(f"data: {text}\n\n".encode())
                previous, last_sent = text, now
            elif now - last_sent >= PING_S:
                await response.write(b": ping\n\n")
                last_sent = now
            if done:
                return response
            self._emulator.engine.polled(job)
            await self._emulator.engine.bell.wait(STREAM_STEP_S)
