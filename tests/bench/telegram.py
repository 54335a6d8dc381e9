"""A Bot API that only counts: it gives out updates and notes when each is answered.

The sandbox judges every call as Telegram does, which costs more than the bots that are measured.
"""

import asyncio
import itertools
import json
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from multidict import MultiDictProxy

TOKEN = "123456:bench"
FIRST_ID = 100_000_000


@dataclass
class CountingTelegram:
    """Gives updates of many people and takes the answers.

    Attributes:
        hangs: People whose answers are held until the server ends.
        latencies_s: Seconds from each update to the first message to its chat after it.
        asked_for_updates: How often updates were asked for.
        edited: How many messages were edited.
    """

    hangs: set[int] = field(default_factory=set)
    latencies_s: dict[int, list[float]] = field(default_factory=dict)
    asked_for_updates: int = 0
    edited: int = 0
    _queue: deque[dict[str, Any]] = field(default_factory=deque)
    _asked: dict[int, deque[float]] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _sending: asyncio.Event = field(default_factory=asyncio.Event)
    _ids: Any = field(default_factory=lambda: itertools.count(FIRST_ID))

    def write(self, user_id: int, text: str, *, at: float | None = None) -> None:
        """Have a person write something."""
        update_id = next(self._ids)
        person = {"id": user_id, "is_bot": False, "first_name": "Ann", "language_code": "en"}
        chat = {"id": user_id, "type": "private", "first_name": "Ann"}
        message: dict[str, Any] = {
            "message_id": update_id,
            "date": int(time.time() if at is None else at),
            "from": person,
            "chat": chat,
            "text": text,
        }
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        self._queue.append({"update_id": update_id, "message": message})
        self._asked.setdefault(user_id, deque()).append(time.perf_counter())
        self._news.set()

    @property
    def answered(self) -> int:
        """How many updates have been answered."""
        return sum(map(len, self.latencies_s.values()))

    async def sent(self) -> None:
        """Return when the next message has arrived, or the next edit."""
        self._sending.clear()
        await self._sending.wait()

    def application(self) -> web.Application:
        """Return the server."""
        app = web.Application()
        app.router.add_post("/bot{token}/{method}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.Response:
        form = await request.post()
        match request.match_info["method"]:
            case "getUpdates":
                self.asked_for_updates += 1
                return _ok(await self._updates(form))
            case "sendMessage":
                return _ok(await self._sent(int(str(form["chat_id"]))))
            case "editMessageText":
                self.edited += 1
                self._sending.set()
                return _ok(result=True)
            case "getFile":
                name = str(form["file_id"])
                return _ok({"file_id": name, "file_unique_id": name, "file_path": f"{name}.jpg"})
            case "getMe":
                me = {"id": 123456, "is_bot": True, "first_name": "Bench", "username": "bench_bot"}
                return _ok(me)
            case _:
                return _ok(result=True)

    async def _updates(self, form: MultiDictProxy[Any]) -> list[dict[str, Any]]:
        offset, limit = int(str(form.get("offset", 0))), int(str(form.get("limit", 100)))
        while self._queue and self._queue[0]["update_id"] < offset:
            self._queue.popleft()
        if not self._queue:
            self._news.clear()
            try:
                async with asyncio.timeout(float(str(form.get("timeout", 0)))):
                    await self._news.wait()
            except TimeoutError:
                return []
        return list(itertools.islice(self._queue, limit))

    async def _sent(self, chat_id: int) -> dict[str, Any]:
        if chat_id in self.hangs:
            await asyncio.sleep(30)
        if waiting := self._asked.get(chat_id):
            took_s = time.perf_counter() - waiting.popleft()
            self.latencies_s.setdefault(chat_id, []).append(took_s)
        self._sending.set()
        chat = {"id": chat_id, "type": "private", "first_name": "Ann"}
        return {"message_id": next(self._ids), "date": int(time.time()), "chat": chat, "text": "a"}


def _ok(result: object) -> web.Response:
    body = json.dumps({"ok": True, "result": result})
    return web.Response(text=body, content_type="application/json")
