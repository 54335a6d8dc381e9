"""What a user can set once and for all."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from handlers.account import settings_screens
from handlers.account.callbacks import Want
from handlers.telegram.callbacks import Menu, MenuItem
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.replies import replace, reply
from services.domain.values import User
from services.groups.service import GroupPictures
from services.users.service import UserService
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of /settings."""
    router = Router(name="settings")
    router.message.register(show_settings, TextCommand("settings"))
    router.callback_query.register(show_settings, Menu.filter(F.item == MenuItem.SETTINGS))
    router.callback_query.register(want, Want.filter())
    return router


async def show_settings(
    event: Message | CallbackQuery, user: User, t: Texts, group_pictures: GroupPictures
) -> None:
    """Show what is set, and the buttons that change it."""
    screen = settings_screens.settings(t, user, has_groups=group_pictures.is_on)
    await reply(event, screen.text, screen.keyboard)


async def want(
    query: CallbackQuery,
    callback_data: Want,
    user: User,
    t: Texts,
    users: UserService,
    group_pictures: GroupPictures,
) -> None:
    """Switch a wish and show it in place."""
    user = await users.want(user.id, callback_data.wish, on=callback_data.on)
    screen = settings_screens.settings(t, user, has_groups=group_pictures.is_on)
    await replace(query, screen.text, screen.keyboard)
