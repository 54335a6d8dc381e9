"""Holds back what a handler asks of Telegram while it is not sure whose its update is."""

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

from db.fence import fence
from services.jobs.replica import Replica


class LeaseGate(BaseRequestMiddleware):
    """Lets claimed work reach Telegram only while its replica is known to hold its lease.

    The database refuses by itself what a replica writes that was taken for dead; a message has no
    transaction. It is the last of the middlewares, since a request may wait in the others.

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
        """Pass a request on.

        Raises:
            LeaseLost: The work belongs to another replica by now.
        """
        if (owner := fence()) is not None:
            await self._replica.check(owner)
        return await make_request(bot, method)
