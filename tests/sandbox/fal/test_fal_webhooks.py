"""fal calls back when a job has ended: signed, again and again, and mischievous on demand."""

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sandbox.fal import ClockMode
from sandbox.fal.webhooks import RETRY_PAUSES_S
from tests.sandbox.fal.fal_kit import FLUX, Fal

PROMPT = {"prompt": "a lighthouse", "image_size": {"width": 64, "height": 64}}


@dataclass
class Call:
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        return dict(json.loads(self.body))


@dataclass
class Caller:
    """Somebody who asks fal to call back."""

    fal: Fal
    url: str = ""
    statuses: list[int] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.calls.append(Call(headers, await request.read()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def submit(self, body: object = PROMPT) -> str:
        answer = await self.fal.post(FLUX, body, params={"fal_webhook": self.url})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["request_id"])

    async def called(self, times: int) -> list[Call]:
        async with asyncio.timeout(30):
            while len(self.calls) < times:
                await self.fal.emulator.engine.bell.wait(0.01)
        return self.calls

    async def is_signed(self, call: Call) -> bool:
        answer = await self.fal.http.get(f"{self.fal.url}/fal/rest/.well-known/jwks.json")
        signed = "\n".join(
            [
                *(call.headers[f"x-fal-webhook-{n}"] for n in ("request-id", "user-id")),
                call.headers["x-fal-webhook-timestamp"],
                hashlib.sha256(call.body).hexdigest(),
            ]
        )
        signature = bytes.fromhex(call.headers["x-fal-webhook-signature"])
        for key in answer.json()["keys"]:
            public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "="))
            try:
                public.verify(signature, signed.encode())
            except InvalidSignature:
                continue
            return True
        return False


@pytest.fixture
async def caller(fal: Fal) -> AsyncIterator[Caller]:
    caller = Caller(fal)
    app = web.Application()
    app.router.add_post("/hook", caller.take)
    server = TestServer(app)
    await server.start_server()
    caller.url = str(server.make_url("/hook"))
    yield caller
    await server.close()


async def test_the_result_is_told_once_it_is_there(fal: Fal, caller: Caller) -> None:
    request_id = await caller.submit()
    (call,) = await caller.called(1)
    assert call.headers["x-fal-webhook-request-id"] == request_id
    assert await caller.is_signed(call)
    told = call.told
    assert (told["request_id"], told["status"]) == (request_id, "OK")
    answer = await fal.http.get(f"{fal.queue}/{FLUX}/requests/{request_id}")
    assert told["payload"] == answer.json()


async def test_a_failure_is_told_with_its_status(caller: Caller) -> None:
    await caller.submit({"prompt": 7})
    (call,) = await caller.called(1)
    assert call.told["status"] == "ERROR"
    assert call.told["error"] == "Invalid status code: 422"
    assert call.told["payload"]["detail"][0]["loc"] == ["body", "prompt"]


async def test_a_payload_that_is_no_json_is_told_without_it(fal: Fal, caller: Caller) -> None:
    await fal.scenario(webhook_payload_error=True)
    await caller.submit()
    (call,) = await caller.called(1)
    assert call.told["payload"] is None
    assert "not JSON serializable" in call.told["payload_error"]


async def test_a_call_that_is_not_taken_is_made_again_signed_again(
    fal: Fal, caller: Caller
) -> None:
    caller.statuses = [500, 403]
    request_id = await caller.submit()
    answers = fal.emulator.jobs[request_id].webhook_answers
    async with asyncio.timeout(30):
        for number, pause_s in enumerate(RETRY_PAUSES_S[:2], start=1):
            while len(answers) < number:
                await fal.emulator.engine.bell.wait(0.01)
            fal.wall.shift += pause_s
    first, *_, last = await caller.called(3)
    assert first.body == last.body
    moments = [int(call.headers["x-fal-webhook-timestamp"]) for call in caller.calls]
    assert moments[2] - moments[0] >= sum(RETRY_PAUSES_S[:2])
    assert all([await caller.is_signed(call) for call in caller.calls])
    async with asyncio.timeout(10):
        while answers != [500, 403, 200]:
            await fal.emulator.engine.bell.wait(0.01)


def test_ten_repeats_take_two_hours() -> None:
    assert len(RETRY_PAUSES_S) == 10
    assert 7000 < sum(RETRY_PAUSES_S) < 7300


async def test_a_lost_call_is_never_made(fal: Fal, caller: Caller) -> None:
    await fal.scenario(webhooks="lost")
    lost = await caller.submit()
    await fal.emulator.engine.finished(fal.emulator.jobs[lost])
    await fal.scenario(webhooks=None)
    kept = await caller.submit()
    (call,) = await caller.called(1)
    assert call.told["request_id"] == kept


async def test_a_doubled_call_is_made_twice(fal: Fal, caller: Caller) -> None:
    await fal.scenario(webhooks="doubled")
    await caller.submit()
    first, second = await caller.called(2)
    assert first.body == second.body


async def test_of_two_calls_the_later_one_overtakes(fal: Fal, caller: Caller) -> None:
    await fal.scenario(webhooks="out_of_order")
    ids = [await caller.submit() for _ in range(2)]
    jobs = [fal.emulator.jobs[request_id] for request_id in ids]
    calls = await caller.called(2)
    in_order = sorted(jobs, key=lambda job: job.ended_at or 0)
    assert [call.told["request_id"] for call in calls] == [
        job.request_id for job in reversed(in_order)
    ]


async def test_a_late_call_comes_later(fal: Fal, caller: Caller) -> None:
    await fal.scenario(webhooks="late")
    late = await caller.submit()
    await fal.emulator.engine.finished(fal.emulator.jobs[late])
    await fal.scenario(webhooks=None)
    soon = await caller.submit()
    await caller.called(1)
    fal.wall.shift += 20
    assert [call.told["request_id"] for call in await caller.called(2)] == [soon, late]


async def test_forged_calls_come_before_the_true_one(fal: Fal, caller: Caller) -> None:
    await fal.scenario(webhooks="forged")
    caller.statuses = [403] * 4
    request_id = await caller.submit()
    unsigned, *wrong, stale, true = await caller.called(5)
    assert "x-fal-webhook-signature" not in unsigned.headers
    assert not any([await caller.is_signed(call) for call in wrong])
    assert int(stale.headers["x-fal-webhook-timestamp"]) < fal.wall() - 3000
    assert true.told["status"] == "OK"
    assert fal.emulator.jobs[request_id].forged_answers == [403] * 4


async def test_a_cancelled_job_is_told_and_one_removed_from_the_queue_is_not(
    fal: Fal, caller: Caller
) -> None:
    fal.set_clock(ClockMode.POLLS, 1000)
    running, _, waiting = [await caller.submit() for _ in range(3)]
    await fal.scenario(cancel_mode="removed")
    for request_id in (waiting, running):
        answer = await fal.http.put(f"{fal.queue}/{FLUX}/requests/{request_id}/cancel")
        assert answer.is_success
    (call,) = await caller.called(1)
    assert (call.told["request_id"], call.told["status"]) == (running, "ERROR")


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("", 422),
        ("hook", 422),
        ("ftp://127.0.0.1/hook", 422),
        ("https://", 422),
        ("https://[::1/hook", 422),
        ("https://bot.example.org/hook", 501),
    ],
)
async def test_an_address_that_is_never_called_is_refused(fal: Fal, url: str, status: int) -> None:
    answer = await fal.post(FLUX, PROMPT, params={"fal_webhook": url})
    assert answer.status_code == status
    assert fal.emulator.jobs == {}
