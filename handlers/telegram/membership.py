"""Users who block the bot, and come back."""

from aiogram import Router
from aiogram.filters import JOIN_TRANSITION, ChatMemberUpdatedFilter
from aiogram.types import ChatMemberUpdated


def build_router() -> Router:
    """Return the router of the bot's own membership."""
    router = Router(name="membership")
    router.my_chat_member.register(welcome_back, ChatMemberUpdatedFilter(JOIN_TRANSITION))
    return router


async def welcome_back(_event: ChatMemberUpdated) -> None:
    """Do nothing more: meeting the user has already sent their waiting messages on their way."""
