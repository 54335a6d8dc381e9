"""Asks a language model by way of fal: one question, one answer, within a few seconds."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Protocol

import httpx

from services.errors import FalError, FalOutcomeUnknown, FalResultUnreadable
from services.fal.answers import Unreadable, object_of, usable_id
from services.fal.failures import error_of_submit, lost, outcome_unknown
from services.fal.transport import TOTAL_S
from services.fal.words import Words

ROUTER = "openrouter/router"
ROUTER_URL: Final = f"https://fal.run/{ROUTER}"
"""fal's synchronous host, which answers with the result: the queue would take three calls. Inputs
and outputs are those of the types of `@fal-ai/client` 1.10.1."""

BUSY_PAUSE_S = 0.5
"""Whether an account's limit of jobs at once counts these calls is not known, so after a 429,
which costs nothing, the question is asked again while there is time."""

MOST_USD = Decimal(1)
"""A call that is said to have cost more has cost an unknown sum."""


@dataclass(frozen=True)
class Question:
    """What a language model is asked; `model` is one of OpenRouter's names."""

    model: str
    instructions: str
    text: str
    max_tokens: int


@dataclass(frozen=True)
class Reply:
    """What a language model said. `usd` is what it cost, None where fal does not say."""

    text: str
    usd: Decimal | None = None
    request_id: str | None = None


class LanguageModel(Protocol):
    """Answers questions."""

    async def ask_model(self, question: Question, within_s: float) -> Reply:
        """Return the answer to a question.

        Raises:
            FalUnavailable: It was not accepted, and cost nothing.
            FalResultUnreadable: There was an answer, and it may be paid, but it has no whole text.
            FalOutcomeUnknown: There was no whole answer; it may have been paid.
            FalAccount: Key or balance.
            FalRejected: fal refused the question, or does not know such an endpoint.
        """
        ...


class FalLanguageModel:
    """`LanguageModel` over HTTP.

    Args:
        http: Sends the key with each request.
        words: Filters what fal says.
    """

    def __init__(self, http: httpx.AsyncClient, words: Words) -> None:
        self._http = http
        self._words = words

    async def ask_model(self, question: Question, within_s: float) -> Reply:
        """See `LanguageModel.ask_model`."""
        clock = asyncio.get_running_loop().time
        deadline = clock() + within_s
        while True:
            response = await self._send(question, max(0.01, deadline - clock()))
            is_busy = response.status_code == httpx.codes.TOO_MANY_REQUESTS
            if not is_busy or clock() + BUSY_PAUSE_S >= deadline:
                return self._read(response)
            await asyncio.sleep(BUSY_PAUSE_S)

    async def _send(self, question: Question, within_s: float) -> httpx.Response:
        body: Mapping[str, Any] = {
            "model": question.model,
            "system_prompt": question.instructions,
            "prompt": question.text,
            "temperature": 0,
            "max_tokens": question.max_tokens,
        }
        try:
            return await self._http.post(
                ROUTER_URL, json=body, timeout=within_s, extensions={TOTAL_S: within_s}
            )
        except FalError:
            raise
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise lost(error) from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise outcome_unknown(error) from error

    def _read(self, response: httpx.Response) -> Reply:
        if response.is_server_error:
            detail = f"HTTP {response.status_code}"
            raise FalOutcomeUnknown(detail, is_outage=True)
        if not response.is_success:
            raise error_of_submit(response, self._words)
        try:
            given = object_of(response.content)
        except Unreadable as error:
            raise FalResultUnreadable(f"an answer that cannot be read: {error}") from error
        output = given.get("output")
        if given.get("error") or given.get("partial") or not isinstance(output, str):
            raise FalResultUnreadable("the model gave no whole answer")
        usage = given.get("usage")
        usd = _amount(usage.get("cost")) if isinstance(usage, dict) else None
        return Reply(output, usd, usable_id(response.headers.get("x-fal-request-id")))


def _amount(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    usd = Decimal(str(value))
    return usd if usd.is_finite() and 0 <= usd <= MOST_USD else None
