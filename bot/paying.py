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
from services.paying.giving import Giving
from services.paying.inviting import Inviting
from services.paying.orders import WaitingOrders
from services.paying.service import Paying
from services.paying.subscribing import Subscribing
from services.paying.telling import Telling
from services.users.service import UserService


@dataclass(frozen=True)
class PayingParts:
    """What handlers are given, and what looks at Telegram's statement."""

    paying: Paying
    giving: Giving
    inviting: Inviting
    news: TelegramPaymentNews
    telling: Telling
    refunds: Refunds
    subscribing: Subscribing
    statement: StatementWatch


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
    paying = Paying(database, settings.packs, orders, settings.ledger_days)
    inviting = Inviting(database, settings.referral_credits if settings.packs else 0)
    news = TelegramPaymentNews(outgoing, users, paying)
    stars = TelegramStars(outgoing.bot)
    statement = StatementWatch(database, stars, is_on=paying.is_on)
    is_on = bool(settings.packs)
    giving = Giving(database, settings.free_credits if is_on else 0, is_on=is_on)
    telling = Telling(database, news, paying, inviting)
    refunds = Refunds(database, stars)
    subscribing = Subscribing(database, stars, settings.monthly, is_on=is_on)
    return PayingParts(paying, giving, inviting, news, telling, refunds, subscribing, statement)
