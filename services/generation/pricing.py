"""What is paid for a generation: the pictures that it has brought."""

from db.database import Transaction
from services.money.credits import Credits


async def take_price(tx: Transaction, generation_id: str) -> None:
    """Take the price of a generation's pictures, and count them for the loans it uses.

    What was held back or lost is not paid for.

    Args:
        tx: The transaction that ends the job, or deletes it.
        generation_id: A generation that was made.
    """
    pictures = await tx.pictures.all_of(generation_id)
    arrived = sum(picture.is_shown for picture in pictures)
    await Credits().capture(tx, generation_id, arrived)
    await tx.loans.count(generation_id, arrived)
