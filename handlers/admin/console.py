"""/admin: the screens of the console, and maintenance."""

from aiogram import F, Router
from aiogram.filters import CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from handlers.admin import screens
from handlers.admin.callbacks import ConsoleButton, ConsolePlace, RepairsButton
from handlers.admin.report_sender import ReportSender
from handlers.admin.states import ConsoleForm
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.keyboards import back_and_cancel
from handlers.telegram.messages import turn_into
from handlers.telegram.replies import place_of, release, reply
from handlers.telegram.ways_out import WaysBack, show_main_menu
from services.console.maintenance import MaintenanceMode
from services.console.reading import ConsoleReading
from services.domain.values import User
from texts.reader import Texts

DAYS = {ConsolePlace.TODAY: 1, ConsolePlace.WEEK: 7, ConsolePlace.MONTH: 30}


def build_router() -> Router:
    """Return the router of the first screens."""
    router = Router(name="console")
    router.message.register(show_report, TextCommand("admin"))
    router.message.register(maintain, TextCommand("maintenance"))
    presses = router.callback_query
    presses.register(show_home, ConsoleButton.filter(F.place == ConsolePlace.HOME))
    presses.register(show_period, ConsoleButton.filter(F.place.in_(set(DAYS))))
    presses.register(show_jobs, ConsoleButton.filter(F.place == ConsolePlace.JOBS))
    presses.register(show_lost, ConsoleButton.filter(F.place == ConsolePlace.LOST))
    presses.register(show_prices, ConsoleButton.filter(F.place == ConsolePlace.PRICES))
    presses.register(show_log, ConsoleButton.filter(F.place == ConsolePlace.LOG))
    presses.register(ask_whom, ConsoleButton.filter(F.place == ConsolePlace.FIND))
    presses.register(show_repairs, ConsoleButton.filter(F.place == ConsolePlace.REPAIRS))
    presses.register(switch_repairs, RepairsButton.filter())
    return router


async def show_report(message: Message, t: Texts, report_sender: ReportSender) -> None:
    """Have spending, balance and what is under way sent, with the way to everything else."""
    report_sender.send(place_of(message), t)


async def show_home(query: CallbackQuery, t: Texts, report_sender: ReportSender) -> None:
    """Have the report sent again."""
    await release(query)
    report_sender.send(place_of(query), t)


async def show_period(
    query: CallbackQuery, callback_data: ConsoleButton, t: Texts, console: ConsoleReading
) -> None:
    """Show the figures of some days."""
    days = DAYS[callback_data.place]
    shown = await console.period(days)
    await turn_into(query, screens.period(t, days, shown, console.star_usd))


async def show_jobs(query: CallbackQuery, t: Texts, console: ConsoleReading) -> None:
    """Show what is under way."""
    await turn_into(query, screens.jobs(t, await console.under_way(), are_lost=False))


async def show_lost(query: CallbackQuery, t: Texts, console: ConsoleReading) -> None:
    """Show what failed and may have a result."""
    await turn_into(query, screens.jobs(t, await console.lost(), are_lost=True))


async def show_prices(query: CallbackQuery, t: Texts, console: ConsoleReading) -> None:
    """Show what things cost us and bring."""
    await turn_into(query, screens.prices(t, console.prices(), console.star_usd))


async def show_log(query: CallbackQuery, t: Texts, console: ConsoleReading) -> None:
    """Show what admins did last."""
    await turn_into(query, screens.log(t, await console.actions()))


async def ask_whom(query: CallbackQuery, state: FSMContext, t: Texts) -> None:
    """Ask for an id, a code, or a forwarded message."""
    await state.set_state(ConsoleForm.find)
    await reply(query, t("console-ask-find"), back_and_cancel(t, ConsoleForm.find))


async def show_repairs(query: CallbackQuery, t: Texts, maintenance: MaintenanceMode) -> None:
    """Show whether new orders are taken."""
    await turn_into(query, screens.repairs(t, is_on=await maintenance.is_on()))


async def switch_repairs(
    query: CallbackQuery,
    callback_data: RepairsButton,
    user: User,
    t: Texts,
    maintenance: MaintenanceMode,
) -> None:
    """Take no new orders, or take them again."""
    await maintenance.switch(user.id, on=callback_data.on)
    await turn_into(query, screens.repairs(t, is_on=callback_data.on))


async def maintain(
    message: Message,
    command: CommandObject,
    user: User,
    t: Texts,
    maintenance: MaintenanceMode,
) -> None:
    """Switch maintenance by `/maintenance on|off` and a reason; without them, show it."""
    word, _, reason = (command.args or "").partition(" ")
    if word in {"on", "off"}:
        await maintenance.switch(user.id, on=word == "on", reason=reason.strip())
    screen = screens.repairs(t, is_on=await maintenance.is_on())
    await message.answer(screen.text, reply_markup=screen.keyboard)


WAYS_BACK: WaysBack = {
    ConsoleForm.find: show_main_menu,
    ConsoleForm.reason: show_main_menu,
    ConsoleForm.broadcast: show_main_menu,
    ConsoleForm.grant: show_main_menu,
    ConsoleForm.refund: show_main_menu,
}
