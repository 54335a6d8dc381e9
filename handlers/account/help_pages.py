"""Help: a short first page, and a page for each question that people ask."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from handlers.account import help_screens
from handlers.account.callbacks import Help
from handlers.telegram.callbacks import Menu, MenuItem
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.mini_app import MiniApp
from handlers.telegram.replies import replace, reply
from services.domain.values import User
from services.paying.service import Paying
from services.rules import TrainingRules
from services.training.offers import TrainingOffers
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of /help."""
    router = Router(name="help")
    router.message.register(show_help, TextCommand("help"))
    router.callback_query.register(show_help, Menu.filter(F.item == MenuItem.HELP))
    router.callback_query.register(show_first_page, Help.filter(F.topic.is_(None)))
    router.callback_query.register(answer, Help.filter())
    return router


async def show_help(
    event: Message | CallbackQuery,
    user: User,
    t: Texts,
    rules: TrainingRules,
    mini_app: MiniApp,
    paying: Paying,
) -> None:
    """Say what there is, and offer the questions."""
    screen = help_screens.first_page(t, rules, has_balance=await paying.concerns(user.id))
    await reply(event, screen.text, mini_app.with_button(t, screen.keyboard))


async def show_first_page(
    query: CallbackQuery,
    user: User,
    t: Texts,
    rules: TrainingRules,
    mini_app: MiniApp,
    paying: Paying,
) -> None:
    """Show the first page again, in place."""
    screen = help_screens.first_page(t, rules, has_balance=await paying.concerns(user.id))
    await replace(query, screen.text, mini_app.with_button(t, screen.keyboard))


async def answer(
    query: CallbackQuery,
    callback_data: Help,
    t: Texts,
    rules: TrainingRules,
    train_offers: TrainingOffers,
) -> None:
    """Answer a question, in place."""
    screen = help_screens.page(t, callback_data.topic, rules, train_offers.all())
    await replace(query, screen.text, screen.keyboard)
