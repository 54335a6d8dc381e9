"""What admins see: what was spent in the last 24 hours."""

from aiogram import Router
from aiogram.types import Message

from handlers.telegram.command_filters import TextCommand
from services.money.fal_account import AccountWatch
from services.users.access import Access
from texts.reader import Texts


def build_router() -> Router:
    """Return the router that answers admins only; to others its command is unknown."""
    router = Router(name="admin")
    router.message.register(show_report, TextCommand("admin"), from_admin)
    return router


async def from_admin(message: Message, access: Access) -> bool:
    """Return whether an admin wrote this."""
    return message.from_user is not None and message.from_user.id in await access.admins()


async def show_report(message: Message, t: Texts, accounts: AccountWatch) -> None:
    """Show spending, balance and what is under way."""
    report = await accounts.report()
    lines = [
        t(
            "admin-spending",
            spent=t.usd(report.spent_usd),
            budget=t.usd(report.budget_usd),
            running=report.trainings_under_way,
        )
    ]
    if report.balance_usd is not None:
        lines.append(t("admin-balance", balance=t.usd(report.balance_usd)))
    if report.is_paused:
        lines.append(t("admin-paused"))
    await message.answer("\n".join(lines))
