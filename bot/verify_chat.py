"""The operator's chat, for a verification: by a bot that neither waits nor repeats."""

import time
from collections.abc import Awaitable, Callable, Sequence

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.types import InputMediaPhoto

from services.verify.evidence import Burst, ChatAnswer


class OperatorChat:
    """`services.verify.evidence.Chat` over aiogram.

    Args:
        bot: One without middlewares, so that every refusal is seen.
        chat_id: Where everything goes.
    """

    def __init__(self, bot: Bot, chat_id: int) -> None:
        self._bot = bot
        self._chat_id = chat_id

    async def photo(self, url: str) -> ChatAnswer:
        """See `Chat.photo`."""
        return await _answer(lambda: self._bot.send_photo(self._chat_id, url))

    async def album(self, urls: Sequence[str]) -> ChatAnswer:
        """See `Chat.album`."""
        media = [InputMediaPhoto(media=url) for url in urls]
        return await _answer(lambda: self._bot.send_media_group(self._chat_id, [*media]))

    async def document(self, url: str) -> ChatAnswer:
        """See `Chat.document`."""
        return await _answer(lambda: self._bot.send_document(self._chat_id, url))

    async def burst(self, most: int) -> Burst:
        """See `Chat.burst`."""
        sent: list[int] = []
        refusal, retry_after_s = "", None
        began = time.monotonic()
        for number in range(1, most + 1):
            try:
                message = await self._bot.send_message(self._chat_id, f"verify {number}")
            except (AiogramError, TimeoutError) as error:
                refusal = type(error).__name__
                if isinstance(error, TelegramRetryAfter):
                    retry_after_s = float(error.retry_after)
                break
            sent.append(message.message_id)
        within_s = round(time.monotonic() - began, 2)
        if sent:
            await _answer(lambda: self._bot.delete_messages(self._chat_id, sent))
        return Burst(len(sent), within_s, refusal, retry_after_s)


async def _answer(request: Callable[[], Awaitable[object]]) -> ChatAnswer:
    try:
        await request()
    except TelegramRetryAfter as error:
        return ChatAnswer(is_ok=False, said=f"429, retry_after {error.retry_after} s")
    except (AiogramError, TimeoutError) as error:
        words = f"{type(error).__name__} {getattr(error, 'message', '')}".strip()
        return ChatAnswer(is_ok=False, said=words)
    return ChatAnswer(is_ok=True, said="taken")
