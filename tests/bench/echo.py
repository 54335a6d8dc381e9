"""The least that a bot on aiogram can do, to measure ours against: it answers every message."""

import asyncio
import os

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message


async def echo(message: Message) -> None:
    """Say the same."""
    await message.answer(message.text or "")


async def main() -> None:
    """Poll for ever."""
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"])
    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    await dispatcher.start_polling(
        Bot(os.environ["BOT_TOKEN"], session=AiohttpSession(api=server)), polling_timeout=25
    )


if __name__ == "__main__":
    asyncio.run(main())
