"""Those who use the sandbox in tests: a person, a bot without a library, helpers."""

import io
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import aiohttp
from aiogram import Bot

from sandbox.server import RunningSandbox

Json = dict[str, Any]
Drain = Callable[[Bot], Awaitable[list[Any]]]

USER = 1001


class Picture(Protocol):
    """Draws a picture of one colour."""

    def __call__(
        self, width: int = 640, height: int = 480, color: str = "teal", kind: str = "JPEG"
    ) -> bytes: ...


class Person:
    """The pretended user 1001, acting through the control plane."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self.http = http
        self.url = f"{url}/sandbox"

    async def ask(
        self,
        method: str,
        path: str,
        expect: int = 200,
        *,
        json: object = None,
        data: aiohttp.FormData | bytes | None = None,
        headers: dict[str, str] | None = None,
        params: dict[str, str | int] | None = None,
    ) -> Json:
        request = self.http.request(
            method, f"{self.url}/{path}", json=json, data=data, headers=headers, params=params
        )
        async with request as response:
            answer: Json = await response.json()
            assert response.status == expect, answer
            return answer

    async def write(self, text: str, user: int = USER) -> Json:
        answer = await self.ask("POST", f"chats/{user}/text", json={"text": text})
        message: Json = answer["messages"][0]
        return message

    async def upload(
        self,
        *files: bytes,
        kind: str = "photo",
        name: str = "photo.jpg",
        mime: str = "image/jpeg",
        caption: str | None = None,
        expect: int = 200,
    ) -> Json:
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("as", kind)
        if caption is not None:
            form.add_field("caption", caption)
        for data in files:
            form.add_field("file", io.BytesIO(data), filename=name, content_type=mime)
        return await self.ask("POST", f"chats/{USER}/media", expect, data=form)

    async def send(
        self,
        *files: bytes,
        kind: str = "photo",
        name: str = "photo.jpg",
        mime: str = "image/jpeg",
        caption: str | None = None,
    ) -> list[Json]:
        answer = await self.upload(*files, kind=kind, name=name, mime=mime, caption=caption)
        messages: list[Json] = answer["messages"]
        return messages

    async def click(self, message_id: int, expect: int = 200, **what: str | int | bool) -> Json:
        body = {"message_id": message_id, **what}
        return await self.ask("POST", f"chats/{USER}/click", expect, json=body)

    async def messages(self, user: int = USER) -> list[Json]:
        answer = await self.ask("GET", f"chats/{user}/messages")
        messages: list[Json] = answer["messages"]
        return messages

    async def calls(self, **query: str | int) -> list[Json]:
        answer = await self.ask("GET", "calls", params=query)
        calls: list[Json] = answer["calls"]
        return calls

    async def later(self, seconds: float) -> None:
        await self.ask("POST", "time", json={"advance_s": seconds})

    async def fault(self, **fault: object) -> int:
        answer = await self.ask("POST", "faults", 201, json=fault)
        return int(answer["id"])


class RawApi:
    """The Bot API without a client library."""

    def __init__(self, http: aiohttp.ClientSession, sandbox: RunningSandbox) -> None:
        self.http = http
        self.base = f"{sandbox.telegram_url}/bot{sandbox.config.telegram.token}"

    async def __call__(self, method: str, expect: int = 200, /, **params: str | int) -> Json:
        async with self.http.post(f"{self.base}/{method}", data=params) as response:
            answer: Json = await response.json()
            assert response.status == expect, answer
            assert answer["ok"] or answer["error_code"] == expect
            return answer

    async def refusal(self, method: str, **params: str | int) -> str:
        answer = await self(method, 400, **params)
        return str(answer["description"])
