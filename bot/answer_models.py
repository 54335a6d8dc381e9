"""Holds the models of Telegram's answers.

pydantic forgets the model of a generic type that nobody uses, and aiogram asks for it with every
answer. To make it again takes longer than to handle an update.
"""

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType


class AnswerModels(BaseRequestMiddleware):
    """Has the model of each method's answer made once, when the method is first called."""

    def __init__(self) -> None:
        self._held: dict[type, type] = {}

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Pass a request on."""
        kind = type(method)
        if kind not in self._held:
            self._held[kind] = Response[kind.__returning__]  # type: ignore[name-defined]  # a type is made of it
        return await make_request(bot, method)
