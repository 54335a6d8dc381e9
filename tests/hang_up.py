"""How a test ends a bot's connections."""

from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.base import BaseSession


async def hang_up(session: BaseSession) -> None:
    """Close a session; its own `close` then sleeps 250 ms for TLS, which loopback has none of."""
    assert isinstance(session, AiohttpSession)
    await (await session.create_session()).close()
