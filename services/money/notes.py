"""What users have to be told about their money, written in the transaction that moves it.

A process may be killed between the two: what is written is told by whoever goes on.
"""

from db.database import Transaction
from services.domain.credits import Note, NoteKind
from services.identifiers import new_id

CHANNEL = "payment-notes"
"""Woken with the id of a note that is to be told now."""


async def leave_note(
    tx: Transaction, wallet_id: int, kind: NoteKind, key: str, **words: str | int
) -> None:
    """Have the user of a wallet told something once this has been committed, and once.

    Args:
        tx: The transaction of the event.
        wallet_id: Whose user.
        kind: What is told.
        key: The event, unlike that of any other note of its kind.
        words: What its sentence needs.
    """
    note = Note(id=new_id(), key=f"{kind}:{key}", wallet_id=wallet_id, kind=kind, words=words)
    if await tx.payment_notes.add(note):
        await tx.wake(CHANNEL, note.id)


async def drop_note(tx: Transaction, kind: NoteKind, key: str) -> None:
    """Have something not told after all."""
    await tx.payment_notes.remove_key(f"{kind}:{key}")
