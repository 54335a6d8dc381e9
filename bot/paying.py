"""Puts together what has to do with payments."""

from dataclasses import dataclass

from bot.check_prices import star_prices
from bot.settings import Settings
from db.database import Database
from handlers.credits.gateway import TelegramStars
from handlers.credits.news import TelegramPaymentNews
from handlers.telegram.outgoing import Outgoing
from services.money.prices import PriceList
from services.money.refunds import Refunds
from services.money.sales import Sales
from services.money.statement import StatementWatch
from services.paying.orders import WaitingOrders
from services.paying.service import Paying
from services.users.service import UserService


@dataclass(frozen=True)
class PayingParts:
    """What handlers are given, and what looks at Telegram's statement where users pay."""

    paying: Paying
    news: TelegramPaymentNews
    refunds: Refunds
    statement: StatementWatch | None


def make_sales(settings: Settings, prices: PriceList) -> Sales:
    """Return what holds the price of orders; it holds nothing with PAYMENTS=off."""
    return Sales(star_prices(settings, prices) if settings.packs else None)


def make_paying(
    settings: Settings,
    database: Database,
    outgoing: Outgoing,
    users: UserService,
    orders: WaitingOrders,
) -> PayingParts:
    """Return the parts; `orders` is where an order goes on that was paid."""
    paying = Paying(database, settings.packs, orders)
    news = TelegramPaymentNews(outgoing, users, paying)
    stars = TelegramStars(outgoing.bot)
    statement = StatementWatch(database, stars, news) if settings.packs else None
    return PayingParts(paying, news, Refunds(database, stars, news), statement)
