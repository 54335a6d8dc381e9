"""fal's platform API: prices, the request history, charges, the balance, deleting payloads."""

import logging
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from services.errors import FalRejected, FalUnavailable
from services.fal.answers import Unreadable, object_of, usable_id
from services.fal.failures import GONE, TRANSIENT, unavailable
from services.fal.gateway import UnitPrice
from services.fal.marks import has_all
from services.fal.reading import FalReader
from services.fal.words import Words

logger = logging.getLogger(__name__)

PLATFORM_URL = "https://api.fal.ai/v1"
HISTORY_PAGE = 100
MOST_PAGES = 10
"""Pages looked through in one question: the thousand newest requests."""

LONGEST_CURSOR = 1000
LONGEST_TROUBLE = 1000

_NOT_THERE = re.compile(r"not.?found|404|410|no such", re.IGNORECASE)

M = TypeVar("M", bound=BaseModel)


class _Price(BaseModel):
    endpoint_id: str
    unit_price: Decimal
    unit: str
    currency: str = "USD"


class _Credits(BaseModel):
    current_balance: Decimal


class _Account(BaseModel):
    credits: _Credits


class _Charge(BaseModel):
    request_id: str
    cost_total: Decimal


class _Refused(FalUnavailable):
    """fal refuses the question itself."""


class PlatformApi:
    """Calls of the platform API, with the same key as the calls.

    A row that cannot be read is passed over; the others still count.
    """

    def __init__(self, reader: FalReader, words: Words) -> None:
        self._reader = reader
        self._words = words
        self._last_refusal = ""

    async def unit_prices(self, endpoints: Sequence[str]) -> Sequence[UnitPrice]:
        """See `FalGateway.unit_prices`."""
        answer = await self._ask("/models/pricing", {"endpoint_id": list(endpoints)})
        return [
            UnitPrice(price.endpoint_id, price.unit.lower(), price.unit_price)
            for price in _rows(_Price, answer, "prices")
            if price.currency == "USD"
        ]

    async def find_submissions(
        self, endpoint: str, marks: Sequence[str], since: datetime
    ) -> Sequence[str] | None:
        """See `FalGateway.find_submissions`."""
        params = {
            "endpoint_id": endpoint,
            "start": moment(since),
            "expand": "payloads",
            "limit": HISTORY_PAGE,
        }
        found: dict[str, None] = {}
        try:
            async for answer in self._pages("/models/requests/by-endpoint", params):
                for item in _listed(answer, "items"):
                    request_id = usable_id(item.get("request_id"))
                    if request_id is not None and has_all(marks, item.get("json_input")):
                        # Pages shift while requests arrive, so one may be listed twice.
                        found[request_id] = None
        except _Refused as error:
            if str(error) != self._last_refusal:
                logger.warning("fal's request history cannot tell (%s)", error)
            self._last_refusal = str(error)
            return None
        return list(found)

    async def balance_usd(self) -> Decimal:
        """See `services.money.fal_account.AccountApi.balance_usd`."""
        answer = await self._ask("/account/billing", {"expand": "credits"})
        try:
            return _Account.model_validate(answer).credits.current_balance
        except ValidationError as error:
            raise FalUnavailable("an answer of unknown form") from error

    async def charged_usd(self, request_ids: Sequence[str], since: datetime) -> dict[str, Decimal]:
        """See `services.money.fal_account.AccountApi.charged_usd`."""
        charged: dict[str, Decimal] = {}
        params = {"request_id": list(request_ids), "start": moment(since)}
        async for answer in self._pages("/models/billing-events", params):
            for event in _rows(_Charge, answer, "billing_events"):
                already = charged.get(event.request_id, Decimal(0))
                charged[event.request_id] = already + event.cost_total
        return charged

    async def delete_payload(self, request_id: str) -> bool:
        """See `services.deletion.erasing.PayloadApi.delete_payload`."""
        address = f"{PLATFORM_URL}/models/requests/{quote(request_id, safe='')}/payloads"
        response = await self._reader.send("DELETE", address)
        if response.status_code in GONE:
            return True
        if not response.is_success:
            refusal = self._refusal(response)
            raise FalRejected(str(refusal)) if isinstance(refusal, _Refused) else refusal
        if not response.content:
            return True
        try:
            answer = object_of(response.content)
        except Unreadable as error:
            raise FalUnavailable(f"an answer of unknown form: {error}") from error
        results = answer.get("cdn_delete_results")
        return not isinstance(results, list) or all(map(_is_deleted, results))

    async def _pages(self, path: str, params: dict[str, Any]) -> AsyncIterator[Mapping[str, Any]]:
        seen: set[str] = set()
        for _ in range(MOST_PAGES):
            answer = await self._ask(path, params)
            yield answer
            cursor = answer.get("next_cursor")
            if not isinstance(cursor, str) or not 0 < len(cursor) <= LONGEST_CURSOR:
                return
            if cursor in seen:
                return
            seen.add(cursor)
            params = params | {"cursor": cursor}

    async def _ask(self, path: str, params: dict[str, Any]) -> Mapping[str, Any]:
        response = await self._reader.get(PLATFORM_URL + path, params)
        if not response.is_success:
            raise self._refusal(response)
        try:
            return object_of(response.content)
        except Unreadable as error:
            raise FalUnavailable(f"an answer of unknown form: {error}") from error

    def _refusal(self, response: httpx.Response) -> FalUnavailable:
        error = unavailable(response, self._words)
        is_refused = response.is_client_error and response.status_code not in TRANSIENT
        return _Refused(str(error)) if is_refused else error


def moment(when: datetime) -> str:
    """Return a time as the platform API takes it; its schema refuses an offset (`+00:00`)."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _is_deleted(result: object) -> bool:
    """Return whether a file is gone; a file that was not there is."""
    trouble = result.get("exception") if isinstance(result, dict) else None
    return not trouble or bool(_NOT_THERE.search(str(trouble)[:LONGEST_TROUBLE]))


def _listed(answer: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    rows = answer.get(name)
    if not isinstance(rows, list):
        raise FalUnavailable(f"an answer of unknown form: no {name}")
    return [row for row in rows if isinstance(row, dict)]


def _rows(kind: type[M], answer: Mapping[str, Any], name: str) -> list[M]:
    rows = []
    for row in _listed(answer, name):
        try:
            rows.append(kind.model_validate(row))
        except ValidationError:
            continue
    return rows
