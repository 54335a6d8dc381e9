"""What users do about Stars."""

from aiogram import F, Router
from aiogram.types import BufferedInputFile, CallbackQuery, Message
from aiogram.utils.deep_linking import create_start_link

from handlers.credits import screens
from handlers.credits.callbacks import BuyPack, ReceiptsFile, ShowReceipts
from handlers.credits.invoices import send_invoice
from handlers.telegram.callbacks import Menu, MenuItem
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.links import REFERRAL
from handlers.telegram.replies import bot_of, place_of, release, replace, reply
from services.domain.values import User
from services.paying.inviting import Inviting
from services.paying.service import Paying
from services.paying.subscribing import Subscribing
from texts.reader import Texts

ALL_RECEIPTS = 10_000
"""So many of the newest are in the file."""


def build_router() -> Router:
    """Return the router of what can be bought, and of what was."""
    router = Router(name="credits")
    router.message.register(show_packs, TextCommand("buy"), is_concerned)
    router.message.register(show_balance, TextCommand("balance"), is_concerned)
    router.message.register(show_receipts, TextCommand("receipts"), is_concerned)
    router.message.register(show_terms, TextCommand("terms"), is_concerned)
    presses = router.callback_query
    presses.register(show_balance, Menu.filter(F.item == MenuItem.BALANCE), is_concerned)
    presses.register(buy, BuyPack.filter(), is_concerned)
    presses.register(newest_receipts, ShowReceipts.filter(F.before == 0), is_concerned)
    presses.register(older_receipts, ShowReceipts.filter(), is_concerned)
    presses.register(send_receipts, ReceiptsFile.filter(), is_concerned)
    return router


async def is_concerned(event: Message | CallbackQuery, user: User, paying: Paying) -> bool:
    """Return whether there is anything to say of payments; to others the commands are unknown."""
    del event
    return await paying.concerns(user.id)


async def show_packs(
    message: Message, user: User, t: Texts, paying: Paying, subscribing: Subscribing
) -> None:
    """Show what can be bought."""
    is_subscribed = any(one.renews for one in await subscribing.of(user.id))
    monthly = None if is_subscribed else subscribing.offered
    screen = screens.packs(t, paying.packs, monthly)
    await message.answer(screen.text, reply_markup=screen.keyboard)


async def show_balance(
    event: Message | CallbackQuery,
    user: User,
    t: Texts,
    paying: Paying,
    subscribing: Subscribing,
    inviting: Inviting,
) -> None:
    """Show what there is, and the link that invites others."""
    wallet = await paying.wallet(user.id)
    screen = screens.balance(t, wallet, paying.packs, await subscribing.of(user.id))
    parts = [screen.text]
    if code := await inviting.code_of(user.id):
        link = await create_start_link(bot_of(event), REFERRAL + code)
        parts.append(t("invite", stars=inviting.credits, link=link))
    await reply(event, "\n\n".join(parts), screen.keyboard)


async def show_receipts(message: Message, user: User, t: Texts, paying: Paying) -> None:
    """Show what has moved."""
    screen = screens.receipts(t, await paying.receipts(user.id, None))
    await message.answer(screen.text, reply_markup=screen.keyboard)


async def show_terms(message: Message, t: Texts, paying: Paying, subscribing: Subscribing) -> None:
    """Say what is promised for Stars."""
    parts = [t("terms", days=paying.kept_days)]
    if subscribing.offered is not None:
        parts.append(t("terms-subscription"))
    await message.answer("\n".join(parts))


async def buy(
    query: CallbackQuery, callback_data: BuyPack, user: User, t: Texts, paying: Paying
) -> None:
    """Send the invoice of a pack."""
    invoice = await paying.buy(user.id, callback_data.stars)
    await release(query)
    await send_invoice(bot_of(query), place_of(query), t, invoice)


async def newest_receipts(query: CallbackQuery, user: User, t: Texts, paying: Paying) -> None:
    """Show what has moved last."""
    screen = screens.receipts(t, await paying.receipts(user.id, None))
    await replace(query, screen.text, screen.keyboard)


async def older_receipts(
    query: CallbackQuery, callback_data: ShowReceipts, user: User, t: Texts, paying: Paying
) -> None:
    """Show what has moved before."""
    screen = screens.receipts(t, await paying.receipts(user.id, callback_data.before))
    await replace(query, screen.text, screen.keyboard)


async def send_receipts(query: CallbackQuery, user: User, t: Texts, paying: Paying) -> None:
    """Send all that has moved as a file."""
    page = await paying.receipts(user.id, None, ALL_RECEIPTS)
    await release(query)
    place = place_of(query)
    await bot_of(query).send_document(
        place.chat_id,
        BufferedInputFile(screens.as_csv(t, page.shown), "receipts.csv"),
        message_thread_id=place.thread_id,
    )
