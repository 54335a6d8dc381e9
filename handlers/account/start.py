"""Start and language."""

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.account import keyboards
from handlers.account.callbacks import ChooseLanguage
from handlers.telegram.callbacks import Menu, MenuItem
from handlers.telegram.command_filters import TextCommand, TextCommandStart
from handlers.telegram.greeting import Greeting
from handlers.telegram.replies import replace, reply
from services.domain.values import User
from services.users.service import UserService
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of the main places that need no dialogue."""
    router = Router(name="start")
    router.message.register(start, TextCommandStart())
    router.message.register(ask_language, TextCommand("language"))
    router.callback_query.register(ask_language, Menu.filter(F.item == MenuItem.LANGUAGE))
    router.callback_query.register(choose_language, ChooseLanguage.filter())
    return router


async def start(
    message: Message, state: FSMContext, user: User, t: Texts, greeting: Greeting
) -> None:
    """Say what the bot does and what it gives, and leave any dialogue."""
    await state.clear()
    screen = await greeting.screen(t, user.id)
    await message.answer(screen.text, reply_markup=screen.keyboard)
    await greeting.renew_menu_button(user.id, t)
    await greeting.give(user.id)


async def ask_language(event: Message | CallbackQuery, t: Texts) -> None:
    """Offer the languages."""
    await reply(event, t("choose-language"), keyboards.languages(t))


async def choose_language(
    query: CallbackQuery,
    callback_data: ChooseLanguage,
    user: User,
    t: Texts,
    users: UserService,
    greeting: Greeting,
) -> None:
    """Keep the language and greet in it."""
    await users.choose_language(user.id, callback_data.language)
    t = Texts(callback_data.language, shows_prices=t.shows_prices)
    screen = await greeting.screen(t, user.id)
    await replace(query, screen.text, screen.keyboard, toast=t.plain("language-chosen"))
    await greeting.renew_menu_button(user.id, t)
