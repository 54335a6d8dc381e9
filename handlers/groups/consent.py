"""What a user allows in private before anything is made for them in groups."""

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.groups import screens
from handlers.telegram.callbacks import GroupsAction, GroupsButton
from handlers.telegram.command_filters import TextCommandStart
from handlers.telegram.links import GROUPS
from handlers.telegram.presses import press_of
from handlers.telegram.replies import bot_of, replace, reply
from handlers.telegram.screen import Screen
from services.domain.values import User
from services.groups.service import GroupPictures, Terms
from services.paying.service import Paying
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of the link from groups, before /start, and of the consent."""
    router = Router(name="pictures in groups")
    link = TextCommandStart(deep_link=True, magic=F.args == GROUPS)
    router.message.register(open_link, link)
    presses = router.callback_query
    presses.register(show, GroupsButton.filter(F.action == GroupsAction.SHOW))
    presses.register(allow, GroupsButton.filter(F.action == GroupsAction.ALLOW))
    presses.register(stop, GroupsButton.filter(F.action == GroupsAction.STOP))
    return router


async def open_link(
    message: Message,
    state: FSMContext,
    user: User,
    t: Texts,
    group_pictures: GroupPictures,
    paying: Paying,
) -> None:
    """Show what can be allowed; without a model, the greeting of /start follows."""
    found = await group_pictures.terms(user.id)
    if found is None:
        await message.answer(t("groups-without-model"))
        raise SkipHandler
    await state.clear()
    screen = await _screen(message, t, user, found, paying)
    await message.answer(screen.text, reply_markup=screen.keyboard)


async def show(
    query: CallbackQuery, user: User, t: Texts, group_pictures: GroupPictures, paying: Paying
) -> None:
    """Show what is allowed, and what it costs."""
    screen = await _screen(query, t, user, await group_pictures.terms(user.id), paying)
    await reply(query, screen.text, screen.keyboard)


async def allow(
    query: CallbackQuery, user: User, t: Texts, group_pictures: GroupPictures, paying: Paying
) -> None:
    """Allow pictures in groups, at the price on the button."""
    found = await group_pictures.allow(user.id, press_of(query).stars)
    screen = await _screen(query, t, user, found, paying)
    await replace(query, screen.text, screen.keyboard, toast=t.plain("groups-on"))


async def stop(
    query: CallbackQuery, user: User, t: Texts, group_pictures: GroupPictures, paying: Paying
) -> None:
    """Allow none any more."""
    user = await group_pictures.forbid(user.id)
    screen = await _screen(query, t, user, await group_pictures.terms(user.id), paying)
    await replace(query, screen.text, screen.keyboard, toast=t.plain("groups-off"))


async def _screen(
    event: Message | CallbackQuery, t: Texts, user: User, found: Terms | None, paying: Paying
) -> Screen:
    if found is None:
        return screens.without_model(t, is_allowed=user.group_stars is not None)
    available = None
    if paying.is_on:
        wallet = await paying.wallet(user.id)
        available = max(0, wallet.available) if wallet else 0
    name = (await bot_of(event).me()).username or ""
    return screens.terms(t, found, name, available)
