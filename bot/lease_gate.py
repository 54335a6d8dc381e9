"""Holds back what a handler asks of Telegram while it is not sure whose its update is."""

from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiohttp import ClientTimeout, TCPConnector
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from db.fence import fence
from services.jobs.replica import Replica


class LeaseGate(BaseRequestMiddleware):
    """Lets claimed work reach Telegram only while its replica is known to hold its lease.

    The database refuses by itself what a replica writes that was taken for dead; a message has no
    transaction. The session's connector asks as well, when a request has its connection and is
    written next: a process that is stopped while it waits for one, or builds what it sends, would
    send it in another's turn. What it holds back waits here, where no request's time runs out.

    Register it last: what waits longer than it, such as the limiter, and what counts the answers
    of Telegram come before it.

    Args:
        replica: This process.
    """

    def __init__(self, replica: Replica) -> None:
        self._replica = replica

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Make the request once the lease is held for sure.

        Raises:
            LeaseLost: The work belongs to another replica by now.
        """
        owner = fence()
        if owner is None:
            return await make_request(bot, method)
        while True:
            await self._replica.check(owner)
            try:
                return await make_request(bot, method)
            except LeaseUnsure:
                continue


class LeaseUnsure(Exception):
    """Nothing was sent, as the lease may be over."""


class GatedSession(AiohttpSession):
    """aiogram's session whose connector asks for the lease; `LeaseGate` belongs before it.

    Args:
        replica: This process.
        options: See `AiohttpSession`.
    """

    def __init__(self, replica: Replica, **options: Any) -> None:  # noqa: ANN401  # aiogram's own
        super().__init__(**options)
        self._connector_type = _Connector
        self._connector_init["replica"] = replica


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
            LeaseUnsure: The lease has to be looked at first.
        """
        connection = await super().connect(req, traces, timeout)
        owner = fence()
        # A file that is only fetched tells nobody anything.
        if owner is None or req.method == "GET" or self._replica.holds(owner):
            return connection
        # After a standstill it may be dead as well.
        connection.close()
        raise LeaseUnsure
