"""What admins see: what was spent in the last 24 hours."""

from aiogram import Router
from aiogram.types import Message

from handlers.admin.gate import from_admin
from handlers.admin.report_sender import ReportSender
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.replies import place_of
from texts.reader import Texts


def build_router() -> Router:
    """Return the router that answers admins only; to others its command is unknown."""
    router = Router(name="report")
    router.message.register(show_report, TextCommand("admin"), from_admin)
    return router


async def show_report(message: Message, t: Texts, report_sender: ReportSender) -> None:
    """Have spending, balance and what is under way sent."""
    report_sender.send(place_of(message), t)
