"""What fal keeps of a request is deleted by way of the platform API, with a key of scope ADMIN."""

import json

import pytest

from sandbox.server import RunningSandbox
from services.errors import FalRejected, FalUnavailable
from services.fal.client import FalClient
from services.fal.gateway import GenerationOrder
from tests.services.fal.local_fal import LocalFal
from tests.services.fal.raw_server import http, raw_server
from tests.services.kit import FLUX

KEY = "key-id:key-secret"


async def test_a_payload_is_deleted_with_an_admin_key_only(
    sandbox: RunningSandbox, fal: FalClient, local_fal: LocalFal
) -> None:
    job = await fal.submit_generation(FLUX, GenerationOrder("a king", "https://lora", seed=1))
    await local_fal.until(lambda: local_fal.jobs[0].outcome is not None)
    with pytest.raises(FalRejected):
        await fal.delete_payload(job.request_id)
    assert not local_fal.jobs[0].payload_deleted
    async with FalClient(sandbox.state.fal.admin_key, sandbox.fal_url) as admin_fal:
        assert await admin_fal.delete_payload(job.request_id)
        assert local_fal.jobs[0].payload_deleted
        # What is gone is gone.
        assert await admin_fal.delete_payload("never-heard-of")


@pytest.mark.parametrize(
    ("results", "is_gone"),
    [
        ([], True),
        (None, True),
        ([{"link": "a", "exception": None}, {"link": "b", "exception": "404 Not Found"}], True),
        ([{"link": "a", "exception": None}, {"link": "b", "exception": "Forbidden"}], False),
        (["odd", {"exception": 7}], False),
    ],
)
async def test_a_file_that_fal_could_not_delete_is_left(results: object, *, is_gone: bool) -> None:
    answer = http(200, json.dumps({"cdn_delete_results": results}).encode())
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        assert await fal.delete_payload("r/../s") is is_gone
        assert server.requests == ["DELETE /api/v1/models/requests/r%2F..%2Fs/payloads"]


async def test_an_empty_answer_is_one() -> None:
    async with raw_server(http(204, b"")) as server, FalClient(KEY, server.url) as fal:
        assert await fal.delete_payload("r")


@pytest.mark.parametrize("status", [200, 302, 408, 429, 500, 503])
async def test_an_answer_that_says_nothing_is_asked_for_again(status: int) -> None:
    async with raw_server(http(status, b"<html>")) as server, FalClient(KEY, server.url) as fal:
        with pytest.raises(FalUnavailable):
            await fal.delete_payload("r")
