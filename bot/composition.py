"""Puts the product together: the one place that knows every part of it."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from aiogram import Bot, Dispatcher

from api.door import FalDoor
from api.offered import ApiOffered
from bot.carriers import (
    ConsoleSteps,
    make_carriers,
    make_fal_door,
    make_loan_news_carrier,
    make_note_carrier,
    make_webhook_carrier,
)
from bot.exports import make_export_carrier
from bot.looks import again_and_again, by_eldest, start_copies
from bot.offered import for_api, for_handlers
from bot.parts import Parts, make_parts
from bot.seams import Seams, Up
from bot.settings import Settings
from handlers.admin.herald import TelegramHerald
from handlers.admin.notifier import TelegramAdminNotifier
from handlers.routing import build_router
from handlers.support.post import TelegramSupportPost
from handlers.telegram.middlewares import UserMiddleware
from handlers.telegram.mini_app import MiniApp
from handlers.telegram.own_pictures import OwnPictures
from handlers.telegram.taps import TapMiddleware
from services.console.broadcasts import SHARE, BroadcastSending
from services.health import Health
from services.jobs.replica import Replica
from services.jobs.shared import CHANNEL, EVERYBODY, SharedCarrier
from services.money.audit import LedgerAudit
from services.money.fal_account import AccountProbe, AccountWatch
from services.money.retention import Retention
from services.operator import Operator
from services.pictures.own import FileIds
from services.support.delivery import SupportDelivery
from services.training.draft_expiry import DraftExpiry
from services.users.access import Access
from services.users.service import UserService

PROBE_POLLS = 6
"""While orders are paused, fal is asked every sixth poll interval: half a minute by default."""


@dataclass(frozen=True)
class Composed:
    """What the product is run with.

    Attributes:
        dispatcher: Handles updates.
        fal_door: Where fal's calls go; None where it makes none.
        healths: Whether fal answers, and whether it calls where it is asked to, by name.
        carried: What takes rows from step to step here, by kind.
        api: What the API is built on.
        mini_app: The page, and the ways to it.
    """

    dispatcher: Dispatcher
    fal_door: FalDoor | None
    healths: Mapping[str, Up]
    carried: Mapping[str, SharedCarrier]
    api: ApiOffered
    mini_app: MiniApp


async def compose(
    settings: Settings,
    replica: Replica,
    bot: Bot,
    telegram_health: Health,
    access: Access,
    stack: AsyncExitStack,
    seams: Seams | None = None,
) -> Composed:
    """Wire services and handlers, start what runs in the background, and resume its work.

    Args:
        settings: The operator's choices.
        replica: This process among those on the database, which is migrated.
        bot: How Telegram is spoken to.
        telegram_health: Whether it answers.
        access: Who is let in, and who is an admin.
        stack: Closes what is opened here, in reverse order.
        seams: Count what goes on; None where nobody asks for it.
    """
    seams = seams or Seams()
    database = replica.database
    parts = await make_parts(settings, replica, bot, telegram_health, stack, seams)

    async def resume() -> None:
        async with database.transaction() as tx:
            await tx.wake(CHANNEL, EVERYBODY)

    users = UserService(
        database, resume, has_instant=bool(settings.instant_models), pays=bool(settings.packs)
    )
    operator = Operator(database, TelegramAdminNotifier(bot, users, access))
    replica.on_change(operator.others_changed)
    post = TelegramSupportPost(parts.outgoing, users)
    console = ConsoleSteps(
        SupportDelivery(database, access.admins, post), _broadcast_sending(parts, users)
    )
    carriers = make_carriers(parts, operator, console)
    accounts = AccountWatch(
        database, operator, parts.limits, parts.admin_fal, settings.low_balance_usd
    )
    # The intake hands over one update of a user at a time, so there is nothing to isolate, and
    # dialogues are read and written by the user's middleware.
    dispatcher = Dispatcher(disable_fsm=True)
    offered, paid = for_handlers(parts, carriers, users, access, accounts)
    dispatcher.workflow_data.update(offered)
    if seams.telegram is not None:
        bot.session.middleware(seams.telegram)
    if seams.updates is not None:
        dispatcher.update.outer_middleware(seams.updates)
    pays = bool(settings.packs)
    dispatcher.update.outer_middleware(TapMiddleware())
    dispatcher.update.outer_middleware(UserMiddleware(users, access, pays=pays))
    dispatcher.include_router(
        build_router(is_inline=settings.inline == "on", in_groups=settings.groups == "on")
    )
    bot.session.middleware(OwnPictures(FileIds(database, bot.id)))
    probe_s = PROBE_POLLS * parts.rules.poll_interval_s
    looks = {
        "price list": parts.prices.refresh,
        "accounts": by_eldest(replica, accounts.look),
        "account probe": by_eldest(
            replica, AccountProbe(database, operator, parts.fal, every_s=probe_s).look
        ),
        "ledger": by_eldest(replica, LedgerAudit(database, operator).look),
        "refunds": by_eldest(replica, paid.refunds.look),
        "subscriptions": by_eldest(replica, paid.subscribing.look),
        "statement of Stars": by_eldest(replica, paid.statement.look),
        "left wallets": by_eldest(replica, Retention(database, parts.settings.ledger_days).look),
        "old drafts": by_eldest(replica, DraftExpiry(database, parts.announcer).look),
    }
    for name, look in looks.items():
        parts.nursery.keep(partial(again_and_again, look), name=name)
    all_carriers = {
        **carriers.all,
        "payment note": make_note_carrier(parts, paid.telling),
        "loan news": make_loan_news_carrier(parts, users),
        "export": make_export_carrier(parts, users, paid.paying),
    }
    if settings.http_port is not None:
        all_carriers["webhook"] = make_webhook_carrier(parts, users, carriers.lanes)
    for carrier in all_carriers.values():
        stack.push_async_callback(carrier.drain)
    stack.callback(carriers.lanes.close)
    if parts.copies is not None:
        start_copies(parts, parts.copies, stack)
    for carrier in all_carriers.values():
        await carrier.start()
    await parts.train_live.resume_counters()
    door = make_fal_door(parts, carriers)
    healths: dict[str, Up] = {"fal": parts.healths[0]}
    if settings.fal_calls_back:
        healths["fal_calls"] = carriers.pushes
    api = for_api(parts, carriers, offered)
    mini_app = offered["mini_app"]
    return Composed(dispatcher, door, healths, all_carriers, api, mini_app)


def _broadcast_sending(parts: Parts, users: UserService) -> BroadcastSending:
    def pace() -> float:
        # A replica may send its share of them all.
        all_of_them = parts.settings.telegram_messages_per_second
        return SHARE * all_of_them / max(1, len(parts.replica.live))

    herald = TelegramHerald(parts.outgoing, users)
    return BroadcastSending(parts.database, herald, pace, lambda: parts.healths[1].is_down)
