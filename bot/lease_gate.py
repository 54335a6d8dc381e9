"""Holds back what a handler asks of Telegram while it is not sure whose its update is."""

from typing import Any

from aiogram.client.session.aiohttp import AiohttpSession
from aiohttp import ClientTimeout, TCPConnector
from aiohttp.client_reqrep import ClientRequest
from aiohttp.connector import Connection
from aiohttp.tracing import Trace

from db.fence import fence
from services.jobs.replica import Replica


class LeaseGate(TCPConnector):
    """Lets claimed work reach Telegram only while its replica is known to hold its lease.

    The database refuses by itself what a replica writes that was taken for dead; a message has no
    transaction. It is asked when a request has its connection and is written next: a process that
    is stopped while it waits for one, or builds what it sends, would send it in another's turn.

    Args:
        replica: This process.
        options: See `aiohttp.TCPConnector`.
    """

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
            LeaseLost: The work belongs to another replica by now.
        """
        owner = fence()
        while True:
            connection = await super().connect(req, traces, timeout)
            if owner is None or self._replica.holds(owner):
                return connection
            # After a standstill it may be dead as well.
            connection.close()
            await self._replica.check(owner)


class GatedSession(AiohttpSession):
    """aiogram's session with the gate before each request.

    Args:
        replica: This process.
        options: See `AiohttpSession`.
    """

    def __init__(self, replica: Replica, **options: Any) -> None:  # noqa: ANN401  # aiogram's own
        super().__init__(**options)
        self._connector_type = LeaseGate
        self._connector_init["replica"] = replica
