"""What is in everybody's chat, kept up to date by the sandbox's stream of events."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import aiohttp

from tests.e2e.driver import Json
from tests.soak.stage import Stage

LOOK_EVERY_S = 0.1
MAX_LINE_BYTES = 2**20
SENDS = ("/sendMessage", "/sendPhoto")


@dataclass(frozen=True)
class Send:
    """One call by which the bot sent something.

    Attributes:
        at: When it began, seconds since the epoch.
        took_s: How long it took.
        status: What it was answered with, 0 for a connection closed without an answer.
        text: Text or caption.
    """

    chat_id: int
    at: float
    took_s: float
    status: int
    text: str


@dataclass
class Chats:
    """Living messages by chat and id, and all sends with their fate."""

    messages: dict[int, dict[int, Json]] = field(default_factory=lambda: defaultdict(dict))
    sends: list[Send] = field(default_factory=list)
    calls: int = 0
    failed: int = 0

    async def follow(self, stage: Stage) -> None:
        """Follow the stream until cancelled."""
        timeout = aiohttp.ClientTimeout(total=None)
        url = f"{stage.sandbox.url}/sandbox/events"
        async with stage.http.get(
            url, timeout=timeout, read_bufsize=MAX_LINE_BYTES, max_line_size=MAX_LINE_BYTES
        ) as stream:
            rest = b""
            async for piece in stream.content.iter_any():
                *lines, rest = (rest + piece).split(b"\n")
                for line in lines:
                    if line.startswith(b"data:"):
                        self._take(json.loads(line[5:]))

    def _take(self, event: Json) -> None:
        match event["type"]:
            case "message" | "edited":
                message = event["message"]
                self.messages[event["chat_id"]][message["message_id"]] = message
            case "deleted":
                for message_id in event["message_ids"]:
                    self.messages[event["chat_id"]].pop(message_id, None)
            case "call":
                self._note_call(event["call"])
            case "reset":
                msg = "the stream of events has a gap"
                raise RuntimeError(msg)

    def _note_call(self, call: Json) -> None:
        self.calls += 1
        self.failed += call["status"] in {0, 429, 500, 502, 503}
        request = call["request"]
        if call["path"].endswith(SENDS) and isinstance(request, dict) and "chat_id" in request:
            text = str(request.get("text") or request.get("caption") or "")
            took_s = call["ms"] / 1000
            self.sends.append(
                Send(int(request["chat_id"]), call["at"], took_s, call["status"], text)
            )

    def newest(self, chat_id: int, fits: Callable[[Json], bool], after: int = 0) -> Json | None:
        """Return the newest message of the bot that fits."""
        for message_id, message in sorted(self.messages[chat_id].items(), reverse=True):
            if message_id <= after:
                return None
            if message["from"]["is_bot"] and fits(message):
                return message
        return None

    async def see(
        self, chat_id: int, fits: Callable[[Json], bool], after: int, patience_s: float
    ) -> Json | None:
        """Wait for a message of the bot that fits; None when it does not come in time."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + patience_s
        while True:
            found = self.newest(chat_id, fits, after)
            if found is not None or loop.time() > deadline:
                return found
            await asyncio.sleep(LOOK_EVERY_S)
