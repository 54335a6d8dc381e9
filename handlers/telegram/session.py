"""How the Bot API's answers are read."""

from http import HTTPStatus

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import ClientDecodeError, TelegramServerError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType


class BotSession(AiohttpSession):
    """aiogram's session, in which every 5xx answer is a `TelegramServerError`.

    The Bot API's own are JSON. What stands before it (502 while it restarts) answers with a page,
    of which aiogram only says that it cannot be read.
    """

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Return the answer, or raise what aiogram makes of it.

        Raises:
            TelegramServerError: The status is 5xx, whatever the body; where that is not the Bot
                API's, the words are the status alone.
        """
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError:
            if status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
                raise
        # Outside the handler, so that no traceback repeats the page.
        raise TelegramServerError(method, f"HTTP {status_code}")
