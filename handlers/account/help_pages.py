"""Help: a short first page, and a page for each question that people ask."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from handlers.account import help_screens
from handlers.account.callbacks import Help
from handlers.telegram.callbacks import Menu, MenuItem
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.mini_app import MiniApp
from handlers.telegram.replies import replace, reply
from handlers.telegram.screen import Screen
from services.rules import TrainingRules
from services.training.offers import TrainingOffers
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of /help."""
    router = Router(name="help")
    router.message.register(show_help, TextCommand("help"))
    router.callback_query.register(show_help, Menu.filter(F.item == MenuItem.HELP))
    router.callback_query.register(turn_page, Help.filter())
    return router


async def show_help(
    event: Message | CallbackQuery, t: Texts, rules: TrainingRules, mini_app: MiniApp
) -> None:
    """Say what there is, and offer the questions."""
    screen = _first_page(t, rules, mini_app)
    await reply(event, screen.text, screen.keyboard)


async def turn_page(
    query: CallbackQuery,
    callback_data: Help,
    t: Texts,
    rules: TrainingRules,
    train_offers: TrainingOffers,
    mini_app: MiniApp,
) -> None:
    """Answer a question, or show the first page again, in place."""
    if callback_data.topic is None:
        screen = _first_page(t, rules, mini_app)
    else:
        screen = help_screens.page(t, callback_data.topic, rules, train_offers.all())
    await replace(query, screen.text, screen.keyboard)


def _first_page(t: Texts, rules: TrainingRules, mini_app: MiniApp) -> Screen:
    screen = help_screens.first_page(t, rules)
    return Screen(screen.text, mini_app.with_button(t, screen.keyboard))
