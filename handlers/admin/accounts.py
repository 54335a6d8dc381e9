"""The Stars of a user at the console: shown, given, and given back, each with a reason."""

import re

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.admin import account_screens as screens
from handlers.admin.callbacks import AccountButton, MovementsButton
from handlers.admin.states import ConsoleForm
from handlers.telegram.keyboards import back_and_cancel
from handlers.telegram.messages import turn_into
from handlers.telegram.replies import reply
from services.console.accounts import Accounts
from services.domain.console import Deed
from services.domain.values import User
from services.errors import StaleButton
from services.paying.service import Paying
from texts.reader import Texts

GIFT = re.compile(r"([1-9][0-9]{0,4})\s+(\S.*)", re.DOTALL)
"""How many and why; more than 99,999 at once is a slip of the finger."""


def build_router() -> Router:
    """Return the router of accounts."""
    router = Router(name="accounts")
    words = F.text & ~F.text.startswith("/")
    router.message.register(grant, ConsoleForm.grant, words)
    router.message.register(refund, ConsoleForm.refund, words)
    presses = router.callback_query
    presses.register(show, AccountButton.filter(~F.deed))
    presses.register(ask_gift, AccountButton.filter(F.deed == Deed.GRANT))
    presses.register(ask_refund, AccountButton.filter(F.deed == Deed.REFUND))
    presses.register(show_movements, MovementsButton.filter())
    return router


async def show(
    query: CallbackQuery, callback_data: AccountButton, t: Texts, accounts: Accounts
) -> None:
    """Show what a user has and has paid."""
    await turn_into(query, screens.account(t, await accounts.of(callback_data.user_id)))


async def show_movements(
    query: CallbackQuery, callback_data: MovementsButton, t: Texts, paying: Paying
) -> None:
    """Show what has moved."""
    user_id = callback_data.user_id
    page = await paying.receipts(user_id, callback_data.before or None)
    await turn_into(query, screens.movements(t, user_id, page))


async def ask_gift(
    query: CallbackQuery, callback_data: AccountButton, state: FSMContext, t: Texts
) -> None:
    """Ask how much to give, and why."""
    await state.set_state(ConsoleForm.grant)
    await state.set_data({"user_id": callback_data.user_id})
    words = t("console-ask-grant", id=str(callback_data.user_id))
    await reply(query, words, back_and_cancel(t, ConsoleForm.grant))


async def grant(
    message: Message, state: FSMContext, user: User, t: Texts, accounts: Accounts
) -> None:
    """Give it; words without a number are asked for again."""
    found = GIFT.fullmatch((message.text or "").strip())
    if found is None:
        await message.answer(t("expects-console-grant"))
        return
    user_id = int((await state.get_data())["user_id"])
    # The message is the wish: where it is handled twice, it is fulfilled once.
    asked_in = f"{message.chat.id}:{message.message_id}"
    await accounts.grant(user.id, user_id, int(found[1]), found[2].strip(), asked_in)
    await state.clear()
    screen = screens.account(t, await accounts.of(user_id))
    await message.answer(screen.text, reply_markup=screen.keyboard)


async def ask_refund(
    query: CallbackQuery,
    callback_data: AccountButton,
    state: FSMContext,
    t: Texts,
    accounts: Accounts,
) -> None:
    """Say what a refund takes, and ask why."""
    account = await accounts.of(callback_data.user_id)
    found = [one for one in account.purchases if one.mark == callback_data.mark]
    if not found:
        raise StaleButton
    await state.set_state(ConsoleForm.refund)
    await state.set_data({"user_id": callback_data.user_id, "mark": callback_data.mark})
    words = t("console-ask-refund", stars=found[0].payment.stars, unused=found[0].unused)
    await reply(query, words, back_and_cancel(t, ConsoleForm.refund))


async def refund(
    message: Message, state: FSMContext, user: User, t: Texts, accounts: Accounts
) -> None:
    """Give a payment back."""
    data = await state.get_data()
    user_id = int(data["user_id"])
    await state.clear()
    payment = await accounts.refund(user.id, user_id, str(data["mark"]), message.text or "")
    await message.answer(t("admin-refund-begun", stars=payment.stars, unused=payment.frozen_paid))
    screen = screens.account(t, await accounts.of(user_id))
    await message.answer(screen.text, reply_markup=screen.keyboard)
