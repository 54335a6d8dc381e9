"""fal's platform API: prices and the request history."""

import json
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from services.errors import FalUnavailable
from services.fal.gateway import UnitPrice

PLATFORM_URL = "https://api.fal.ai/v1"
TIMEOUT_S = 30.0
HISTORY_PAGE = 100
HISTORY_PAGES = 10
"""Newest requests looked through for a lost submission; more than that many since is no answer."""


M = TypeVar("M", bound=BaseModel)


class _Price(BaseModel):
    endpoint_id: str
    unit_price: Decimal
    unit: str
    currency: str = "USD"


class _Prices(BaseModel):
    prices: list[_Price]


class _Credits(BaseModel):
    current_balance: Decimal


class _Account(BaseModel):
    credits: _Credits


class _Charge(BaseModel):
    request_id: str
    cost_total: Decimal


class _Charges(BaseModel):
    billing_events: list[_Charge]
    next_cursor: str | None = None


class _HistoryItem(BaseModel):
    request_id: str
    json_input: Any = None


class _HistoryPage(BaseModel):
    items: list[_HistoryItem]
    next_cursor: str | None = None


class PlatformApi:
    """Reads of the platform API, with the same key as the calls."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def unit_prices(self, endpoints: Sequence[str]) -> Sequence[UnitPrice]:
        """See `FalGateway.unit_prices`."""
        response = await self._get("/models/pricing", {"endpoint_id": list(endpoints)})
        if not response.is_success:
            raise FalUnavailable(f"HTTP {response.status_code}")
        try:
            prices = _Prices.model_validate_json(response.content).prices
        except ValidationError as error:
            raise FalUnavailable("the price list has an unknown form") from error
        return [
            UnitPrice(price.endpoint_id, price.unit.lower(), price.unit_price)
            for price in prices
            if price.currency == "USD"
        ]

    async def find_submissions(
        self, endpoint: str, marks: Sequence[str], since: datetime
    ) -> Sequence[str] | None:
        """See `FalGateway.find_submissions`."""
        items: list[_HistoryItem] = []
        cursor: str | None = None
        for _ in range(HISTORY_PAGES):
            page = await self._history_page(endpoint, since, cursor)
            if page is None:
                return None
            items += page.items
            cursor = page.next_cursor
            if cursor is None:
                break
        found = [
            item.request_id
            for item in items
            if _has_all(marks, json.dumps(item.json_input, ensure_ascii=False))
        ]
        # A request whose input is not kept may be ours, and so may one on a page not read.
        is_whole = cursor is None and all(item.json_input is not None for item in items)
        return found if found or is_whole else None

    async def balance_usd(self) -> Decimal:
        """See `services.money.fal_account.AccountApi.balance_usd`."""
        response = await self._get("/account/billing", {"expand": "credits"})
        return self._read(_Account, response).credits.current_balance

    async def charged_usd(self, request_ids: Sequence[str], since: datetime) -> dict[str, Decimal]:
        """See `services.money.fal_account.AccountApi.charged_usd`."""
        charged: dict[str, Decimal] = {}
        cursor: str | None = None
        for _ in range(HISTORY_PAGES):
            params: dict[str, Any] = {
                "request_id": list(request_ids),
                "start": since.isoformat(),
                **({"cursor": cursor} if cursor else {}),
            }
            page = self._read(_Charges, await self._get("/models/billing-events", params))
            for event in page.billing_events:
                charged[event.request_id] = charged.get(event.request_id, Decimal(0))
                charged[event.request_id] += event.cost_total
            cursor = page.next_cursor
            if cursor is None:
                break
        return charged

    @staticmethod
    def _read(kind: type[M], response: httpx.Response) -> M:
        if not response.is_success:
            raise FalUnavailable(f"HTTP {response.status_code}")
        try:
            return kind.model_validate_json(response.content)
        except ValidationError as error:
            raise FalUnavailable("an answer of unknown form") from error

    async def _history_page(
        self, endpoint: str, since: datetime, cursor: str | None
    ) -> _HistoryPage | None:
        params: dict[str, Any] = {
            "endpoint_id": endpoint,
            "start": since.isoformat(),
            "expand": "payloads",
            "limit": HISTORY_PAGE,
        }
        if cursor is not None:
            params["cursor"] = cursor
        response = await self._get("/models/requests/by-endpoint", params)
        if response.status_code in {401, 403, 404}:
            return None
        if not response.is_success:
            raise FalUnavailable(f"HTTP {response.status_code}")
        try:
            return _HistoryPage.model_validate_json(response.content)
        except ValidationError as error:
            raise FalUnavailable("the request history has an unknown form") from error

    async def _get(self, path: str, params: dict[str, Any]) -> httpx.Response:
        try:
            return await self._http.get(PLATFORM_URL + path, params=params, timeout=TIMEOUT_S)
        except httpx.HTTPError as error:
            raise FalUnavailable(type(error).__name__) from error


def _has_all(marks: Sequence[str], text: str) -> bool:
    return all(re.search(rf"(?<!\w){re.escape(mark)}(?!\w)", text) for mark in marks)
