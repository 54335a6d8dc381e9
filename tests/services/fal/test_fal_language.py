"""A language model is asked once, in time, and whatever comes back is an answer or an error."""

import json
from decimal import Decimal

import pytest

from sandbox.fal.language_model import USD
from services.errors import (
    FalAccount,
    FalError,
    FalOutcomeUnknown,
    FalRejected,
    FalResultUnreadable,
    FalUnavailable,
)
from services.fal.client import FalClient
from services.fal.language import Question
from tests.services.fal.local_fal import LocalFal
from tests.services.fal.raw_server import Answer, half_a_body, hang_up, http, no_http, raw_server

ROUTER = "run/openrouter/router"
QUESTION = Question("google/gemini-2.5-flash", "Answer.", json.dumps({"task": "", "text": ""}), 9)


async def test_an_answer_has_its_text_price_and_request(
    fal: FalClient, local_fal: LocalFal
) -> None:
    reply = await fal.ask_model(QUESTION, 5)
    (asked,) = local_fal.sandbox.state.fal.asked
    assert reply.text == asked.output
    assert (reply.usd, reply.request_id) == (Decimal(str(USD)), asked.request_id)
    assert asked.input.model_dump(exclude_none=True) == {
        "model": QUESTION.model,
        "system_prompt": QUESTION.instructions,
        "prompt": QUESTION.text,
        "temperature": 0,
        "max_tokens": 9,
    }


async def test_a_busy_account_is_asked_again_while_there_is_time(
    fal: FalClient, local_fal: LocalFal
) -> None:
    local_fal.fault(ROUTER, kind="status", status=429)
    await fal.ask_model(QUESTION, 5)
    local_fal.fault(ROUTER, kind="status", status=429, times=0)
    with pytest.raises(FalUnavailable):
        await fal.ask_model(QUESTION, 0.6)


async def test_a_slow_answer_is_not_waited_for(fal: FalClient, local_fal: LocalFal) -> None:
    local_fal.fault(ROUTER, kind="hang")
    with pytest.raises(FalOutcomeUnknown) as error:
        await fal.ask_model(QUESTION, 0.2)
    assert error.value.is_outage


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (401, FalAccount),
        (403, FalAccount),
        (404, FalRejected),
        (405, FalRejected),
        (422, FalRejected),
        (500, FalOutcomeUnknown),
        (503, FalOutcomeUnknown),
        (302, FalUnavailable),
    ],
)
async def test_a_refusal_is_one_of_our_errors(
    fal: FalClient, local_fal: LocalFal, status: int, expected: type[FalError]
) -> None:
    local_fal.fault(ROUTER, kind="status", status=status)
    with pytest.raises(expected):
        await fal.ask_model(QUESTION, 5)


ODD_ANSWERS = [
    b"",
    b"[]",
    b"no JSON",
    b"{}",
    b'{"output": null}',
    b'{"output": 7}',
    b'{"output": ["a"]}',
    b'{"output": "half an answ", "partial": true}',
    b'{"output": "", "error": "the provider is down"}',
]


@pytest.mark.parametrize("body", ODD_ANSWERS)
async def test_an_answer_without_a_text_is_none(body: bytes) -> None:
    async with raw_server(http(200, body)) as server, FalClient("a:b", server.url) as fal:
        with pytest.raises(FalResultUnreadable):
            await fal.ask_model(QUESTION, 5)


@pytest.mark.parametrize(
    "usage",
    [
        b"null",
        b"7",
        b"{}",
        b'{"cost": null}',
        b'{"cost": "1"}',
        b'{"cost": -1}',
        b'{"cost": 1e9}',
        b'{"cost": true}',
        b'{"cost": NaN}',
    ],
)
async def test_a_price_that_is_none_is_not_known(usage: bytes) -> None:
    answer = http(200, b'{"output": "yes", "usage": ' + usage + b"}")
    async with raw_server(answer) as server, FalClient("a:b", server.url) as fal:
        reply = await fal.ask_model(QUESTION, 5)
    assert (reply.text, reply.usd, reply.request_id) == ("yes", None, None)


@pytest.mark.parametrize("answer", [hang_up, half_a_body, no_http])
async def test_a_connection_that_breaks_leaves_the_outcome_open(answer: Answer) -> None:
    async with raw_server(answer) as server, FalClient("a:b", server.url) as fal:
        with pytest.raises(FalOutcomeUnknown):
            await fal.ask_model(QUESTION, 5)
        assert server.count("POST") == 1


async def test_where_nobody_listens_nothing_was_asked() -> None:
    async with FalClient("a:b", "http://127.0.0.1:9") as fal:
        with pytest.raises(FalUnavailable):
            await fal.ask_model(QUESTION, 5)
