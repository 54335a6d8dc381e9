"""What happens to a message for a topic that is gone."""

import logging

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType

logger = logging.getLogger(__name__)

ABOUT_TOPICS = ("thread", "topic", "forum")
"""What is in all words for a topic that cannot be written to, in lower case: `message thread not
found` and `the chat is not a forum` of the Bot API server, and the `TOPIC_...` that it passes on
(core.telegram.org/errors). Nothing has arrived then, so a second try is no repeat."""


class LostTopics(BaseRequestMiddleware):
    """Sends to the chat itself what was for a topic that cannot be written to any more.

    It stands before the limits and the waits, so that the second request passes them too.
    """

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Send a request; once more without its topic where Telegram does not know that one."""
        try:
            return await make_request(bot, method)
        except TelegramBadRequest as error:
            words = error.message.lower()
            has_topic = getattr(method, "message_thread_id", None) is not None
            if not has_topic or not any(word in words for word in ABOUT_TOPICS):
                raise
        logger.info("%s goes to the chat: its topic is gone", type(method).__name__)
        return await make_request(bot, method.model_copy(update={"message_thread_id": None}))
