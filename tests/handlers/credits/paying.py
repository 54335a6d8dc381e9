"""What a person does with invoices."""

from sandbox.telegram.stars.checkouts import confirm
from sandbox.telegram.stars.records import Checkout, Invoice, Place
from tests.handlers.chat import Chat


def bills(chat: Chat) -> list[tuple[Place, Invoice]]:
    """The invoices in a chat, oldest first."""
    found = chat.product.sandbox.state.telegram.stars.bills
    return sorted((place, bill) for place, bill in found.items() if place[0] == chat.id)


def amounts(chat: Chat) -> list[int]:
    return [bill.amount for _, bill in bills(chat)]


async def pay(chat: Chat, number: int = -1) -> Checkout:
    """Press Pay on an invoice, the newest one, and let the bot answer and be told."""
    emulator = chat.product.sandbox.state.telegram
    place, bill = bills(chat)[number]
    (checkout, *_) = confirm(emulator, emulator.users[chat.id], bill, place)
    await chat.product.handle()
    await chat.product.handle()
    return checkout


async def pots(chat: Chat) -> tuple[int, int, int]:
    """What a person has, with a ledger that is in order."""
    async with chat.product.database.transaction() as tx:
        assert await tx.invariants.broken() == {}
        wallet = await tx.wallets.find(chat.id)
    return (wallet.paid, wallet.bonus, wallet.held) if wallet else (0, 0, 0)
