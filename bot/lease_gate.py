"""Holds back what a handler asks of Telegram while it is not sure whose its update is."""

from typing import Any

from aiogram import Bot
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientTimeout, TCPConnector
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from db.fence import fence
from handlers.telegram.session import BotSession
from services.jobs.replica import Replica


class GatedSession(BotSession):
    """The bot's session, which lets claimed work reach Telegram only while its lease is held.

    The database refuses by itself what a replica writes that was taken for dead; a message has no
    transaction. The connector asks as well, when a request has its connection and is written next:
    a process that is stopped while it waits for one, or builds what it sends, would send it in
    another's turn. What it holds back waits before the request, where no request's time runs out.

    Args:
        replica: This process.
        options: See `BotSession`.
    """

    def __init__(self, replica: Replica, **options: Any) -> None:  # noqa: ANN401  # aiogram's own
        super().__init__(**options)
        self._replica = replica
        self._connector_type = _Connector
        self._connector_init["replica"] = replica

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109  # aiogram's own
    ) -> TelegramType:
        """Make the request once the lease is held for sure.

        Raises:
            LeaseLost: The work belongs to another replica by now.
        """
        owner = fence()
        while True:
            if owner is not None:
                await self._replica.check(owner)
            try:
                return await super().make_request(bot, method, timeout)
            except _LeaseUnsure:
                continue


class _LeaseUnsure(Exception):
    """Nothing was sent, as the lease may be over."""


class _Connector(TCPConnector):
    def __init__(self, *, replica: Replica, **options: Any) -> None:  # noqa: ANN401  # aiohttp's own
        super().__init__(**options)
        self._replica = replica

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109  # aiohttp's own
    ) -> Connection:
        """Return a connection to write to at once.

        Raises:
            _LeaseUnsure: The lease has to be looked at first.
        """
        connection = await super().connect(req, traces, timeout)
        owner = fence()
        # A file that is only fetched tells nobody anything.
        if owner is None or req.method == "GET" or self._replica.holds(owner):
            return connection
        # After a standstill it may be dead as well.
        connection.close()
        raise _LeaseUnsure
