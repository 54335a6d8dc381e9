"""An intake on a real database, with a handler that notes what it hears."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.types import CallbackQuery, Message, PreCheckoutQuery, Update

from bot.apologies import Apologies
from bot.intake import Bounds, Intake
from db.database import Database
from services.jobs.replica import Replica
from tests.sandbox.telegram.clients import USER

PATIENCE_S = 30.0
QUICK = Bounds(stop_s=0.3, pauses_s=(0.0, 0.05, 0.1), parts_s=0.2)
OTHER = USER + 1

Handle = Callable[[str], Awaitable[None]]


def person(user_id: int) -> dict[str, Any]:
    return {"id": user_id, "is_bot": False, "first_name": "Ann", "language_code": "en"}


def a_message(
    update_id: int, text: str, user_id: int = USER, date: int = 2_000_000_000
) -> dict[str, Any]:
    """An update as Telegram gives it; dated ahead, so that it is not late."""
    message = {
        "message_id": update_id,
        "date": date,
        "from": person(user_id),
        "chat": {"id": user_id, "type": "private", "first_name": "Ann"},
        "text": text,
    }
    return {"update_id": update_id, "message": message}


def a_press(update_id: int, data: str, user_id: int = USER) -> dict[str, Any]:
    query = {"id": str(update_id), "from": person(user_id), "chat_instance": "1", "data": data}
    return {"update_id": update_id, "callback_query": query}


def an_invoice_answer(update_id: int, payload: str, user_id: int = USER) -> dict[str, Any]:
    query = {
        "id": str(update_id),
        "from": person(user_id),
        "currency": "XTR",
        "total_amount": 1,
        "invoice_payload": payload,
    }
    return {"update_id": update_id, "pre_checkout_query": query}


async def hang(_text: str) -> None:
    await asyncio.Event().wait()


class Listener:
    """Handlers that note what they hear, and then do what the test says."""

    def __init__(
        self,
        database: Database,
        bot: Bot,
        then: Handle | None = None,
        bounds: Bounds = QUICK,
        lease_s: float = 20.0,
    ) -> None:
        self.heard: list[str] = []
        self.ended: list[str] = []
        self.kept: list[int] = []
        self.failed: list[int] = []
        self.tasks: list[asyncio.Task[Any]] = []
        self.bot = bot
        self._then = then
        self._news = asyncio.Event()
        dispatcher = Dispatcher()
        dispatcher.message.register(self._message)
        dispatcher.callback_query.register(self._press)
        dispatcher.pre_checkout_query.register(self._invoice)
        apologies = Apologies(kept=self._kept, failed=self._failed)
        self.replica = Replica(database, lease_s)
        self.intake = Intake(self.replica, bot, dispatcher, apologies, bounds)

    async def _message(self, message: Message) -> None:
        await self._hear(message.text or "")

    async def _press(self, query: CallbackQuery) -> None:
        await self._hear(query.data or "")

    async def _invoice(self, query: PreCheckoutQuery) -> None:
        await self._hear(query.invoice_payload)

    async def _hear(self, text: str) -> None:
        self.heard.append(text)
        task = asyncio.current_task()
        assert task is not None
        self.tasks.append(task)
        self._news.set()
        if self._then is not None:
            await self._then(text)
        self.ended.append(text)
        self._news.set()

    async def _kept(self, update: Update) -> None:
        self.kept.append(update.update_id)
        self._news.set()

    async def _failed(self, update: Update) -> None:
        self.failed.append(update.update_id)
        self._news.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until the handlers have heard, ended or told enough."""
        async with asyncio.timeout(PATIENCE_S):
            while not is_so():
                self._news.clear()
                await self._news.wait()

    async def hears(self, *texts: str) -> None:
        """Wait until all of it has been heard."""
        await self.until(lambda: set(texts) <= set(self.heard))

    async def ends(self, *texts: str) -> None:
        """Wait until all of it has been handled to the end."""
        await self.until(lambda: set(texts) <= set(self.ended))

    async def die(self) -> None:
        """End as a killed process does: nothing more is written."""
        self.intake._is_stopping = True
        for task in [*self.intake._nursery._tasks]:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def left(database: Database) -> list[int]:
    """The updates that a next process would take up."""
    async with database.transaction() as tx:
        return [row.update_id for row in await tx.inbox.waiting()]
