"""Who is let in at the console; to everybody else its commands are unknown and its buttons old."""

from aiogram.types import CallbackQuery, Message

from services.users.access import Access


async def from_admin(event: Message | CallbackQuery, access: Access) -> bool:
    """Return whether an admin wrote or pressed this."""
    return event.from_user is not None and await access.is_admin(event.from_user.id)
