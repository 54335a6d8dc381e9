"""Codes that bring Stars: by a link, or by /redeem."""

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.types import Message

from handlers.credits.states import RedeemForm
from handlers.telegram.command_filters import TextCommand, TextCommandStart
from handlers.telegram.keyboards import back_and_cancel
from handlers.telegram.links import PROMO, REFERRAL
from handlers.telegram.ways_out import WaysBack, show_main_menu
from services.domain.values import User
from services.paying.giving import GIFT_PREFIX, Giving, Redeemed
from services.paying.inviting import Inviting
from texts.reader import Texts


def build_links_router() -> Router:
    """Return the router of links; it stands before /start, which then greets."""
    router = Router(name="links")
    codes = TextCommandStart(deep_link=True, magic=F.args.regexp(f"{PROMO}|{GIFT_PREFIX}"))
    router.message.register(take_link, codes, is_on)
    referral = TextCommandStart(deep_link=True, magic=F.args.startswith(REFERRAL))
    router.message.register(follow, referral, invites)
    return router


def build_router() -> Router:
    """Return the router of /redeem."""
    router = Router(name="codes")
    router.message.register(redeem, TextCommand("redeem"), is_on)
    router.message.register(take_code, RedeemForm.code, F.text, ~F.text.startswith("/"))
    return router


async def is_on(message: Message, giving: Giving) -> bool:
    """Return whether codes are worth something; else links only start, and /redeem is unknown."""
    del message
    return giving.is_on


async def invites(message: Message, inviting: Inviting) -> bool:
    """Return whether invitations bring something; else their links only start."""
    del message
    return bool(inviting.credits)


async def follow(
    message: Message, command: CommandObject, user: User, t: Texts, inviting: Inviting
) -> None:
    """Note who has invited a new user, and leave the greeting to /start."""
    code = (command.args or "").removeprefix(REFERRAL)
    is_followed = await inviting.follow(user, code)
    await message.answer(t("invited", stars=inviting.credits) if is_followed else t("invited-not"))
    raise SkipHandler


async def take_link(
    message: Message, command: CommandObject, user: User, t: Texts, giving: Giving
) -> None:
    """Take what the code of a link brings, and leave the greeting to /start."""
    code = (command.args or "").removeprefix(PROMO)
    await _answer(message, t, await giving.redeem(user.id, code))
    raise SkipHandler


async def redeem(
    message: Message,
    command: CommandObject,
    state: FSMContext,
    user: User,
    t: Texts,
    giving: Giving,
) -> None:
    """Take what the code behind the command brings, or ask for one."""
    code = (command.args or "").strip()
    if code:
        await _answer(message, t, await giving.redeem(user.id, code))
        return
    await state.set_state(RedeemForm.code)
    await state.set_data({})
    await message.answer(t("ask-code"), reply_markup=back_and_cancel(t, RedeemForm.code))


async def take_code(
    message: Message, state: FSMContext, user: User, t: Texts, giving: Giving
) -> None:
    """Take what the code brings that was asked for; after a wrong one, another can be sent."""
    outcome = await giving.redeem(user.id, (message.text or "").strip())
    if outcome.error is None:
        await state.clear()
    await _answer(message, t, outcome)


async def _answer(message: Message, t: Texts, outcome: Redeemed) -> None:
    """Say why a code brings nothing; what it has brought is told by a note, after a kill, too."""
    if outcome.error is not None:
        await message.answer(t(f"error-{outcome.error.code}", **outcome.error.params))


WAYS_BACK: WaysBack = {RedeemForm.code: show_main_menu}
"""What Back shows under the question."""
