"""Somebody who calls the API over HTTP, with the product behind it."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox.fal.endpoints import Family
from sandbox.fal.files import Lifecycle
from sandbox.fal.lora import Lora
from services.domain.api_keys import KeyScope
from services.domain.values import Model
from tests.handlers.chat import Chat, Product
from tests.services.kit import jpeg, keep_model


def signed(fields: dict[str, str], token: str) -> str:
    """Return fields as Telegram gives them to a Mini App of the bot with this token."""
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    digest = hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()
    return urlencode({**fields, "hash": digest})


def init_data(
    user_id: int, token: str, *, age_s: float = 0, language: str = "en", **more: str
) -> str:
    """Return what Telegram gives a Mini App that a person has opened."""
    fields = {
        "auth_date": str(int(time.time() - age_s)),
        "query_id": "AAH",
        "signature": "s",
        "user": json.dumps({"id": user_id, "first_name": "Ann", "language_code": language}),
    }
    return signed(fields | more, token)


@dataclass
class Answer:
    """What came back; `body` is read as JSON where it is JSON."""

    status: int
    body: Any
    headers: Any

    @property
    def code(self) -> str:
        """The code of a problem."""
        assert self.headers["Content-Type"] == "application/problem+json", self.body
        assert self.body["status"] == self.status
        assert self.body["detail"]
        return str(self.body["code"])


@dataclass
class Caller:
    """One person, who calls with a header of their own."""

    product: Product
    http: aiohttp.ClientSession
    chat: Chat
    authorization: str = ""

    @property
    def id(self) -> int:
        return self.chat.id

    async def ask(self, method: str, path: str, **request: Any) -> Answer:  # noqa: ANN401
        headers = {"Authorization": self.authorization} | request.pop("headers", {})
        async with self.http.request(method, f"/api{path}", headers=headers, **request) as answer:
            data = await answer.read()
            is_json = "json" in answer.headers.get("Content-Type", "")
            body = json.loads(data) if is_json else data
            return Answer(answer.status, body, answer.headers)

    async def get(self, path: str, **request: Any) -> Answer:  # noqa: ANN401
        return await self.ask("GET", path, **request)

    async def opens(self, **more: Any) -> "Caller":  # noqa: ANN401
        """Call from now on as the Mini App does."""
        token = self.product.bot.token
        self.authorization = f"tma {init_data(self.id, token, **more)}"
        return self

    async def uses_key(self, scope: KeyScope) -> "Caller":
        """Call from now on with a key."""
        _, secret = await self.product.api.api_keys.make(self.id, scope)
        self.authorization = f"Bearer {secret}"
        return self

    async def own_model(self) -> Model:
        """Have a model whose weights fal knows."""
        lora = Lora(Family.FLUX_1, (), None, 1000, (jpeg(1),))
        sandbox = self.product.sandbox
        files = sandbox.state.fal.files
        kept = files.add("w.safetensors", "binary/octet-stream", lora.to_bytes(), Lifecycle())
        url = f"{sandbox.fal_url}/cdn/{kept.path}"
        return await keep_model(self.product.database, url, self.id)

    async def own_result(self, model: Model, pictures: int = 1) -> str:
        """Have pictures that were sent to the chat; return the generation's id."""
        return (await self.chat.has_sent_result(model, pictures)).id
