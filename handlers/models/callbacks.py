"""What the buttons of loans carry."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from services.domain.loans import LoanTerm


class Lend(CallbackData, prefix="lend"):
    """Shows how a model is lent, or offers it for a term."""

    model_id: str
    term: LoanTerm | None = None


class LoanAction(StrEnum):
    """`SHOW` and `END` are the owner's; `OPEN`, `USE` and `RETURN` the borrower's.

    `ACCEPT` and `DECLINE` answer an offer.
    """

    SHOW = "show"
    END = "end"
    ACCEPT = "accept"
    DECLINE = "decline"
    OPEN = "open"
    USE = "use"
    RETURN = "return"


class LoanButton(CallbackData, prefix="loan"):
    """A button of a loan."""

    loan_id: str
    action: LoanAction
