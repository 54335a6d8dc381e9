"""What owners and borrowers do with loans."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from db.database import Database, Transaction
from services.domain.clock import now
from services.domain.loans import (
    Borrowed,
    ListedUse,
    Loan,
    LoanEvent,
    LoanState,
    LoanTerm,
)
from services.domain.values import Model
from services.errors import (
    LoanGone,
    LoanOwn,
    NotFound,
    StaleButton,
    TooManyLoans,
)
from services.identifiers import new_id
from services.lending.holding import give_up, tell, withdraw

MAX_LOANS = 10
"""Of one model, offered or lent at once."""

USES_LISTED = 10
"""What one message shows of the newest uses."""


@dataclass(frozen=True)
class LentModel:
    """A model, and its loans and offers that have not ended, the newest first."""

    model: Model
    loans: Sequence[Loan]


@dataclass(frozen=True)
class LoanCard:
    """A loan as the owner sees it: how many pictures were made, and the newest uses."""

    model: Model
    loan: Loan
    used: int
    uses: Sequence[ListedUse]


@dataclass(frozen=True)
class Invitation:
    """What whoever opens a link reads: the name of the model, and for how long it is lent."""

    loan: Loan
    model_name: str


class LendingService:
    """Use cases of loans.

    Args:
        database: Where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lent(self, user_id: int, model_id: str) -> LentModel:
        """Return a model of the user with its loans.

        Raises:
            NotFound: No such model of this user.
        """
        async with self._database.transaction() as tx:
            model = await _own(tx, user_id, model_id)
            return LentModel(model, await _standing(tx, model.id))

    async def lend(self, user_id: int, model_id: str, term: LoanTerm) -> Loan:
        """Offer a model to whoever opens the link first.

        Raises:
            NotFound: No such model of this user.
            TooManyLoans: There are enough of this model.
        """
        async with self._database.transaction() as tx:
            await tx.users.lock(user_id)
            model = await _own(tx, user_id, model_id)
            if len(await _standing(tx, model.id)) >= MAX_LOANS:
                raise TooManyLoans(max=MAX_LOANS)
            loan = Loan(
                id=new_id(),
                model_id=model.id,
                code=secrets.token_urlsafe(15),
                pictures=term.pictures,
                days=term.days,
                # Since the words of both sides say so, see `lend` and `loan-invitation`.
                allows_others=True,
            )
            await tx.loans.add(loan)
            return loan

    async def card(self, user_id: int, loan_id: str) -> LoanCard:
        """Return a loan to the owner of its model.

        Raises:
            NotFound: No such loan of a model of this user.
        """
        async with self._database.transaction() as tx:
            loan, model = await _lent_by(tx, user_id, loan_id)
            uses = await tx.loans.uses_of(loan.id, USES_LISTED)
            return LoanCard(model, loan, await tx.loans.used(loan.id), uses)

    async def take_back(self, user_id: int, loan_id: str) -> LentModel:
        """End a loan, or an offer; what is at fal already is finished.

        Raises:
            NotFound: No such loan of a model of this user.
            StaleButton: It has ended before.
        """
        async with self._database.transaction() as tx:
            _, model = await _lent_by(tx, user_id, loan_id)
            loan = await tx.loans.lock(loan_id)
            if loan is None or not await withdraw(tx, loan, model):
                raise StaleButton
            return LentModel(model, await _standing(tx, model.id))

    async def invitation(self, user_id: int, code: str) -> Invitation:
        """Return what is offered by a link.

        Raises:
            LoanOwn: The model is the user's own.
            LoanGone: There is no such offer, or no more.
        """
        async with self._database.transaction() as tx:
            loan_id = await tx.loans.id_of_code(code)
            loan, model = await _offered(tx, user_id, loan_id or "")
            return Invitation(loan, model.name)

    async def accept(self, user_id: int, loan_id: str, name: str) -> Borrowed:
        """Borrow what is offered; who has no other model generates with it at once.

        Args:
            user_id: Who accepts.
            loan_id: The offer.
            name: What Telegram calls them; the owner is told once, and it is not kept.

        Raises:
            LoanOwn: The model is the user's own.
            LoanGone: There is no such offer, or no more: somebody else has it.
        """
        async with self._database.transaction() as tx:
            await tx.users.lock(user_id)
            if await tx.loans.lock(loan_id) is None:
                raise LoanGone
            known = await _borrowed(tx, user_id, loan_id)
            if known is not None:
                return known
            loan, model = await _offered(tx, user_id, loan_id)
            ends_at = None if loan.days is None else now() + timedelta(days=loan.days)
            await tx.loans.accept(loan.id, user_id, ends_at)
            await tell(tx, model.user_id, LoanEvent.ACCEPTED, name=model.name, who=name)
            if await tx.models.active_of(user_id) is None:
                await tx.loans.activate(user_id, loan.id)
            accepted = await _borrowed(tx, user_id, loan_id)
        if accepted is None:
            raise LoanGone
        return accepted

    async def decline(self, user_id: int, loan_id: str) -> None:
        """Turn an offer down; its link is worth nothing any more.

        Raises:
            LoanOwn: The model is the user's own.
            LoanGone: There is no such offer, or no more.
        """
        async with self._database.transaction() as tx:
            await tx.loans.lock(loan_id)
            loan, model = await _offered(tx, user_id, loan_id)
            await tx.loans.end(loan.id, LoanState.DECLINED)
            await tell(tx, model.user_id, LoanEvent.DECLINED, name=model.name)

    async def borrowed_card(self, user_id: int, loan_id: str) -> Borrowed:
        """Return a loan to who has borrowed it, over or not.

        Raises:
            NotFound: No such loan of this user.
        """
        async with self._database.transaction() as tx:
            found = await _borrowed(tx, user_id, loan_id)
        if found is None:
            raise NotFound
        return found

    async def give_back(self, user_id: int, loan_id: str) -> Borrowed:
        """Return a borrowed model before its time.

        Raises:
            NotFound: No such loan of this user.
        """
        async with self._database.transaction() as tx:
            await tx.users.lock(user_id)
            found = await give_up(tx, user_id, loan_id)
        if found is None:
            raise NotFound
        return found


async def _own(tx: Transaction, user_id: int, model_id: str) -> Model:
    model = await tx.models.get(model_id)
    if model is None or model.user_id != user_id:
        raise NotFound
    return model


async def _lent_by(tx: Transaction, user_id: int, loan_id: str) -> tuple[Loan, Model]:
    loan = await tx.loans.get(loan_id)
    if loan is None:
        raise NotFound
    return loan, await _own(tx, user_id, loan.model_id)


async def _offered(tx: Transaction, user_id: int, loan_id: str) -> tuple[Loan, Model]:
    loan = await tx.loans.get(loan_id)
    model = await tx.models.get(loan.model_id) if loan else None
    if loan is None or model is None:
        raise LoanGone
    if model.user_id == user_id:
        raise LoanOwn
    if not loan.is_offered:
        raise LoanGone
    return loan, model


async def _borrowed(tx: Transaction, user_id: int, loan_id: str) -> Borrowed | None:
    loans = await tx.loans.of_borrower(user_id)
    return next((one for one in loans if one.loan.id == loan_id), None)


async def _standing(tx: Transaction, model_id: str) -> list[Loan]:
    return [one for one in await tx.loans.of_model(model_id) if one.is_standing]
