"""Gifts: /gift makes one of what was bought, and shows those that nobody has yet."""

from aiogram import Bot, Router
from aiogram.types import CallbackQuery, Message
from aiogram.utils.deep_linking import create_start_link

from handlers.credits.callbacks import GiftPack, TakeGiftBack
from handlers.credits.codes import is_on
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.keyboards import button, keyboard_of
from handlers.telegram.replies import bot_of, reply
from services.domain.values import User
from services.paying.gifting import Gifting
from services.paying.giving import GIFT_PREFIX
from services.paying.service import Paying
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of gifts."""
    router = Router(name="gifts")
    router.message.register(show_gifts, TextCommand("gift"), is_on)
    router.callback_query.register(make_gift, GiftPack.filter(), is_on)
    router.callback_query.register(take_back, TakeGiftBack.filter())
    return router


async def show_gifts(
    message: Message, user: User, t: Texts, paying: Paying, gifting: Gifting
) -> None:
    """Show what can be given, and the gifts that can be taken back."""
    rows = [
        [button(t.plain("gift-pack", stars=pack.stars), GiftPack(stars=pack.stars).pack())]
        for pack in paying.packs
    ]
    rows += [
        [button(t.plain("gift-back", stars=gift.amount), TakeGiftBack(code=gift.code).pack())]
        for gift in await gifting.waiting(user.id)
    ]
    await message.answer(t("gift"), reply_markup=keyboard_of(*rows))


async def make_gift(
    query: CallbackQuery, callback_data: GiftPack, user: User, t: Texts, gifting: Gifting
) -> None:
    """Make a gift, and send the link to pass on."""
    gift = await gifting.make(user.id, callback_data.stars)
    await reply(query, await words_of(bot_of(query), t, gift.code, gift.amount))


async def take_back(
    query: CallbackQuery, callback_data: TakeGiftBack, user: User, t: Texts, gifting: Gifting
) -> None:
    """Return a gift to the balance."""
    await gifting.take_back(user.id, callback_data.code)
    await reply(query, t("gift-is-back"))


async def words_of(bot: Bot, t: Texts, code: str, stars: int) -> str:
    """Return what is said of a new gift, with its link."""
    link = await create_start_link(bot, GIFT_PREFIX + code)
    return t("gift-made", stars=stars, link=link)
