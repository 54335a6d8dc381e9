"""Updates on their way to a webhook: order, retries, answers (telegram-bot-api, WebhookActor)."""

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from aiohttp import web

from sandbox.telegram.emulator import TelegramEmulator
from sandbox.telegram.errors import ApiError
from sandbox.telegram.params import Params, read_answer
from sandbox.telegram.updates import Lane, Update
from sandbox.telegram.webhook import Webhook

log = logging.getLogger(__name__)

Perform = Callable[[str, Params], Awaitable[object]]

_ANSWER_TIMEOUT_S = 60
# A pause doubles until it is over a minute; then it is one to two minutes.
_LONG_PAUSE_S = 60
_MAX_RETRY_AFTER_S = 3600
_GONE_FOR_GOOD_S = 23 * 3600
_NOT_BY_ANSWER = {"deletewebhook", "setwebhook", "close", "logout"}


@dataclass
class _Try:
    """The first update of a lane: when it may be sent again, and how often it failed."""

    due_at: float = 0.0
    pause_s: int = 1
    fails: int = 0


class _Failed(Exception):
    """The webhook did not take the update; the text is last_error_message."""

    def __init__(self, message: str, *, status: int = 0, retry_after_s: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after_s = retry_after_s


class Pusher:
    """Sends what waits, one update of a lane at a time, many lanes side by side.

    Pauses count in emulator time, so that `/sandbox/time` ends them too.

    Args:
        emulator: Whose updates.
        perform: Performs the method that an answer names.
        is_lost: Whether the webhook's answer is lost this time, and the update comes once more.
    """

    def __init__(
        self, emulator: TelegramEmulator, perform: Perform, is_lost: Callable[[], bool]
    ) -> None:
        self._emulator = emulator
        self._is_lost = is_lost
        self._updates = emulator.updates
        self._perform = perform
        self._generation = -1
        self._last_id = 0
        self._lanes: dict[Lane, deque[Update]] = {}
        self._tries: dict[Lane, _Try] = {}
        self._under_way: dict[Lane, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Push for as long as the server runs."""
        timeout = aiohttp.ClientTimeout(total=_ANSWER_TIMEOUT_S)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            try:
                while True:
                    self._updates.changed.clear()
                    await self._follow_settings()
                    self._load()
                    self._start_due(session)
                    await self._rest()
            finally:
                await self._drop_all()

    async def _follow_settings(self) -> None:
        if self._generation != self._updates.generation:
            self._generation = self._updates.generation
            await self._drop_all()

    async def _drop_all(self) -> None:
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lanes, self._tries, self._under_way, self._last_id = {}, {}, {}, 0

    @property
    def _webhook(self) -> Webhook:
        return self._updates.webhook

    def _load(self) -> None:
        if not self._webhook.url or self._webhook.pretended:
            return
        for update in self._updates.after(self._last_id):
            self._last_id = update.update_id
            self._lanes.setdefault(update.lane, deque()).append(update)

    def _start_due(self, session: aiohttp.ClientSession) -> None:
        now = self._emulator.now()
        for lane in list(self._lanes):
            self._forget_expired(lane, now)
            if len(self._under_way) >= self._webhook.max_connections:
                return
            is_due = self._tries.get(lane, _Try()).due_at <= now
            if lane in self._lanes and lane not in self._under_way and is_due:
                update = self._lanes[lane][0]
                sending = self._send(session, lane, update)
                self._under_way[lane] = asyncio.create_task(sending)  # noqa: TID251

    def _forget_expired(self, lane: Lane, now: float) -> None:
        while lane in self._lanes and lane not in self._under_way:
            if self._lanes[lane][0].expires_at >= now:
                return
            self._drop(lane)

    def _drop(self, lane: Lane) -> None:
        waiting = self._lanes[lane]
        self._updates.drop(waiting.popleft())
        self._tries.pop(lane, None)
        if not waiting:
            del self._lanes[lane]

    async def _rest(self) -> None:
        idle = [when.due_at for lane, when in self._tries.items() if lane not in self._under_way]
        is_full = len(self._under_way) >= self._webhook.max_connections
        pause_s = None if is_full or not idle else max(0.0, min(idle) - self._emulator.now())
        try:
            async with asyncio.timeout(pause_s):
                await self._updates.changed.wait()
        except TimeoutError:
            return

    async def _send(self, session: aiohttp.ClientSession, lane: Lane, update: Update) -> None:
        try:
            answer = await self._post(session, update)
            if self._is_lost():
                answer = await self._post(session, update)
            self._webhook.gone_since = None
            self._drop(lane)
            await self._obey(answer)
        except _Failed as failure:
            self._retry_later(lane, update, failure)
        finally:
            self._under_way.pop(lane, None)
            self._updates.changed.set()

    async def _post(self, session: aiohttp.ClientSession, update: Update) -> Params:
        webhook = self._webhook
        headers = {"Accept-Encoding": "gzip, deflate"}
        if webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
        url = webhook.url if "://" in webhook.url else f"https://{webhook.url}"
        try:
            async with session.post(
                url, json=update.body, headers=headers, allow_redirects=False
            ) as response:
                if not 200 <= response.status <= 299:
                    raise _wrong(response)
                return await read_answer(response)
        except TimeoutError:
            raise _Failed("Read timeout expired") from None
        except aiohttp.ClientConnectorError as error:
            refused = isinstance(error.os_error, ConnectionRefusedError)
            raise _Failed("Connection refused" if refused else str(error)) from None
        except (aiohttp.ClientError, web.HTTPException, OSError, ValueError):
            raise _Failed("Webhook connection closed") from None

    async def _obey(self, answer: Params) -> None:
        """Perform the method that an answer names; the bot learns nothing of its result."""
        method = answer.text("method").lower()
        if not method or method in _NOT_BY_ANSWER or method.startswith("get"):
            return
        try:
            await self._perform(method, answer)
        except ApiError as error:
            log.warning("The webhook's answer %s was refused: %s", method, error.description)
        except Exception:  # A bug of ours must not stop the pushing of other updates.
            log.exception("The webhook's answer %s failed", method)

    def _retry_later(self, lane: Lane, update: Update, failure: _Failed) -> None:
        now = self._emulator.now()
        self._webhook.failed(str(failure), now)
        if self._gone_for_good(failure, now):
            self._updates.set_webhook(Webhook())
            return
        known = self._tries.setdefault(lane, _Try())
        pause_s = max(0, min(failure.retry_after_s, _MAX_RETRY_AFTER_S))
        if pause_s == 0 and known.fails > 0:
            longest = random.randint(_LONG_PAUSE_S, _LONG_PAUSE_S * 2)  # noqa: S311
            pause_s = known.pause_s = min(longest, known.pause_s * 2)
        known.fails += 1
        known.due_at = now + pause_s
        if known.due_at > update.expires_at:
            self._drop(lane)

    def _gone_for_good(self, failure: _Failed, now: float) -> bool:
        if failure.status != HTTPStatus.GONE:
            self._webhook.gone_since = None
            return False
        if self._webhook.gone_since is None:
            self._webhook.gone_since = now
        return now > self._webhook.gone_since + _GONE_FOR_GOOD_S


def _wrong(response: aiohttp.ClientResponse) -> _Failed:
    asked = response.headers.get("Retry-After", "")
    return _Failed(
        f"Wrong response from the webhook: {response.status} {response.reason or ''}".rstrip(),
        status=response.status,
        retry_after_s=int(asked[:9]) if asked.isascii() and asked.isdecimal() else 0,
    )
