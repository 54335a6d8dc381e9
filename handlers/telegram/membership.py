"""Users who block the bot, and come back."""

from aiogram import F, Router
from aiogram.enums import ChatType
from aiogram.filters import JOIN_TRANSITION, KICKED, ChatMemberUpdatedFilter
from aiogram.types import ChatMemberUpdated

from handlers.telegram.magic import Matches
from services.users.service import UserService


def build_router() -> Router:
    """Return the router of the bot's own membership."""
    router = Router(name="membership")
    router.my_chat_member.register(welcome_back, ChatMemberUpdatedFilter(JOIN_TRANSITION))
    # Who removes the bot from a group has not blocked it.
    in_private = Matches(F.chat.type == ChatType.PRIVATE)
    router.my_chat_member.register(note_gone, ChatMemberUpdatedFilter(KICKED), in_private)
    return router


async def welcome_back(_event: ChatMemberUpdated) -> None:
    """Do nothing more: meeting the user has already sent their waiting messages on their way."""


async def note_gone(event: ChatMemberUpdated, users: UserService) -> None:
    """Remember who has blocked the bot, so that nothing is sent to them in vain."""
    await users.note_gone(event.from_user.id)
