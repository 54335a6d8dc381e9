"""What admins see: the books of the last 24 hours."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import Message

from services.money.fal_account import AccountWatch
from texts.reader import Texts


def build_router(admins: frozenset[int]) -> Router:
    """Give the router that answers admins only; to others its command is unknown."""
    router = Router(name="admin")
    router.message.register(show_books, Command("admin"), F.from_user.id.in_(admins))
    return router


async def show_books(message: Message, t: Texts, accounts: AccountWatch) -> None:
    """Show spending, balance and what is under way."""
    books = await accounts.books()
    lines = [
        t(
            "admin-books",
            spent=t.usd(books.spent_usd),
            budget=t.usd(books.budget_usd),
            running=books.trainings_under_way,
        )
    ]
    if books.balance_usd is not None:
        lines.append(t("admin-balance", balance=t.usd(books.balance_usd)))
    if books.is_paused:
        lines.append(t("admin-paused"))
    await message.answer("\n".join(lines))
