"""Lending a model: what its owner presses, and what the one who borrows it does."""

from aiogram import F, Router
from aiogram.filters import CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message
from aiogram.utils.deep_linking import create_start_link

from handlers.models import lending_screens
from handlers.models.callbacks import Lend, LoanAction, LoanButton
from handlers.telegram.command_filters import TextCommandStart
from handlers.telegram.links import LOAN
from handlers.telegram.messages import turn_into
from handlers.telegram.replies import bot_of, replace, reply
from handlers.telegram.screen import Screen
from services.domain.values import User
from services.lending.service import LendingService
from services.models.service import ModelService
from texts.reader import Texts


def build_links_router() -> Router:
    """Return the router of invitations; it stands before /start."""
    router = Router(name="invitations")
    is_loan = TextCommandStart(deep_link=True, magic=F.args.startswith(LOAN))
    router.message.register(open_link, is_loan)
    return router


def build_router() -> Router:
    """Return the router of loans."""
    router = Router(name="lending")
    presses = router.callback_query
    presses.register(show_lent, Lend.filter(F.term.is_(None)))
    presses.register(lend, Lend.filter())
    presses.register(show_loan, LoanButton.filter(F.action == LoanAction.SHOW))
    presses.register(take_back, LoanButton.filter(F.action == LoanAction.END))
    presses.register(accept, LoanButton.filter(F.action == LoanAction.ACCEPT))
    presses.register(decline, LoanButton.filter(F.action == LoanAction.DECLINE))
    presses.register(open_borrowed, LoanButton.filter(F.action == LoanAction.OPEN))
    presses.register(use, LoanButton.filter(F.action == LoanAction.USE))
    presses.register(give_back, LoanButton.filter(F.action == LoanAction.RETURN))
    return router


async def open_link(
    message: Message,
    command: CommandObject,
    state: FSMContext,
    user: User,
    t: Texts,
    lending: LendingService,
) -> None:
    """Show what a link offers."""
    await state.clear()
    code = (command.args or "").removeprefix(LOAN)
    screen = lending_screens.invitation(t, await lending.invitation(user.id, code))
    await message.answer(screen.text, reply_markup=screen.keyboard)


async def show_lent(
    query: CallbackQuery, callback_data: Lend, user: User, t: Texts, lending: LendingService
) -> None:
    """Show how a model can be lent, and to how many it is."""
    shown = await lending.lent(user.id, callback_data.model_id)
    await turn_into(query, lending_screens.lent(t, shown))


async def lend(
    query: CallbackQuery, callback_data: Lend, user: User, t: Texts, lending: LendingService
) -> None:
    """Offer a model, and send the link to pass on."""
    if callback_data.term is None:
        return
    loan = await lending.lend(user.id, callback_data.model_id, callback_data.term)
    link = await create_start_link(bot_of(query), LOAN + loan.code)
    screen = lending_screens.offered(t, loan, link)
    await reply(query, screen.text, screen.keyboard)


async def show_loan(
    query: CallbackQuery, callback_data: LoanButton, user: User, t: Texts, lending: LendingService
) -> None:
    """Show a loan with its uses."""
    shown = await lending.card(user.id, callback_data.loan_id)
    await turn_into(query, lending_screens.loan_card(t, shown))


async def take_back(
    query: CallbackQuery, callback_data: LoanButton, user: User, t: Texts, lending: LendingService
) -> None:
    """End a loan or an offer."""
    shown = await lending.take_back(user.id, callback_data.loan_id)
    await turn_into(query, lending_screens.lent(t, shown), toast=t.plain("lend-ended"))


async def accept(
    query: CallbackQuery, callback_data: LoanButton, user: User, t: Texts, lending: LendingService
) -> None:
    """Borrow what a link offers."""
    name = query.from_user.full_name
    one = await lending.accept(user.id, callback_data.loan_id, name)
    screen = lending_screens.borrowed_card(t, one)
    await replace(query, screen.text, screen.keyboard, toast=t.plain("loan-accepted"))


async def decline(
    query: CallbackQuery, callback_data: LoanButton, user: User, t: Texts, lending: LendingService
) -> None:
    """Turn an offer down."""
    await lending.decline(user.id, callback_data.loan_id)
    await replace(query, t("loan-declined"))


async def open_borrowed(
    query: CallbackQuery, callback_data: LoanButton, user: User, t: Texts, lending: LendingService
) -> None:
    """Show a borrowed model."""
    one = await lending.borrowed_card(user.id, callback_data.loan_id)
    await turn_into(query, lending_screens.borrowed_card(t, one))


async def use(
    query: CallbackQuery,
    callback_data: LoanButton,
    user: User,
    t: Texts,
    models: ModelService,
    lending: LendingService,
) -> None:
    """Make a borrowed model active."""
    model = await models.activate(user.id, callback_data.loan_id)
    one = await lending.borrowed_card(user.id, callback_data.loan_id)
    toast = t.plain("model-activated", name=model.name)
    await turn_into(query, lending_screens.borrowed_card(t, one), toast=toast)


async def give_back(
    query: CallbackQuery, callback_data: LoanButton, user: User, t: Texts, lending: LendingService
) -> None:
    """Return a borrowed model."""
    one = await lending.give_back(user.id, callback_data.loan_id)
    await turn_into(query, Screen(t("borrowed-returned", name=one.model.name)))
