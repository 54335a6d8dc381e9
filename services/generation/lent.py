"""Whether what a generation has borrowed can still be used."""

from db import tables
from db.database import Transaction
from services.generation.edits import editor_of
from services.lending.holding import has_ended


async def is_loan_over(tx: Transaction, row: tables.Generation) -> bool:
    """Return whether a loan that a generation needs is over; what fal has is finished."""
    editor = editor_of(row)
    is_lent = row.is_borrowed or row.second_is_borrowed
    if not is_lent or (editor is not None and not editor.takes_lora):
        return False
    is_gone = row.is_borrowed and row.model_id is None
    is_second_gone = row.second_is_borrowed and row.second_model_id is None
    if row.submit_started_at is not None:
        # It is found again by the trigger word of either model.
        return is_gone and row.second_model_id is None
    return is_gone or is_second_gone or await has_ended(tx, row.id)
