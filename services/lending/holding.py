"""What an order takes of a loan, within the transactions that make and end its job."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from db.database import Transaction
from services.domain.loans import Borrowed, Loan, LoanEvent, LoanNews, LoanState, LoanUse
from services.domain.values import Model
from services.errors import LoanOver, LoanUsedUp, NotFound, SecondUnfit
from services.identifiers import new_id

CHANNEL = "loan-news"
"""Woken with the id of news that are to be told now."""


@dataclass(frozen=True)
class Need:
    """Pictures that an order takes of a model, alone or with somebody else beside its person."""

    model: Model
    pictures: int
    beside_others: bool = False


async def loan_for(
    tx: Transaction, user_id: int, model: Model, *, beside_others: bool = False
) -> Borrowed | None:
    """Return the loan by which a user generates with a model; None for one of their own.

    Of several, it is one that pictures can be ordered with.

    Args:
        tx: The transaction.
        user_id: Who generates.
        model: With which model.
        beside_others: Whether somebody else is in the pictures, too.

    Raises:
        LoanOver: They have none of this model.
        SecondUnfit: None of them lets its person be in a picture with somebody else.
    """
    if model.user_id == user_id:
        return None
    loans = await tx.loans.of_borrower(user_id, model.id)
    if not loans:
        raise LoanOver
    if beside_others:
        loans = [one for one in loans if one.loan.allows_others]
        if not loans:
            raise SecondUnfit
    return next((one for one in loans if one.is_usable), loans[0])


async def is_usable(
    tx: Transaction, user_id: int, model: Model, *, beside_others: bool = False
) -> bool:
    """Return whether a user can order pictures of a model: their own, or one that is lent still.

    Args:
        tx: The transaction.
        user_id: Who orders.
        model: Whose pictures.
        beside_others: Whether somebody else is in them, too.
    """
    try:
        borrowed = await loan_for(tx, user_id, model, beside_others=beside_others)
    except (LoanOver, SecondUnfit):
        return False
    return borrowed is None or borrowed.is_usable


async def require(
    tx: Transaction, user_id: int, needs: Sequence[Need]
) -> Sequence[tuple[str, int]]:
    """Lock the loans for an order, so that two orders never take the same last picture.

    Args:
        tx: The transaction that makes the job, before it has written anything.
        user_id: Who orders.
        needs: What the order takes, in all.

    Returns:
        The ids of the loans, and how many pictures each; models of their own need none.

    Raises:
        LoanOver: A loan has ended.
        LoanUsedUp: One has fewer pictures left.
        SecondUnfit: One is of a person alone.
    """
    if all(need.model.user_id == user_id for need in needs):
        return []
    await tx.users.lock(user_id)
    taken: Counter[str] = Counter()
    for need in needs:
        found = await loan_for(tx, user_id, need.model, beside_others=need.beside_others)
        if found is not None:
            taken[found.loan.id] += need.pictures
    for loan_id, pictures in sorted(taken.items()):
        loan = await tx.loans.lock(loan_id)
        if loan is None or not loan.is_open:
            raise LoanOver
        await _require_left(tx, loan, pictures)
    return sorted(taken.items())


async def _require_left(tx: Transaction, loan: Loan, pictures: int) -> None:
    if loan.pictures is not None:
        left = loan.pictures - await tx.loans.used(loan.id)
        if left < pictures:
            raise LoanUsedUp(left=max(0, left), count=pictures)


async def hold(tx: Transaction, generation_id: str, user_id: int, needs: Sequence[Need]) -> None:
    """Count the pictures of a new job, until they arrive or its end gives them back.

    Raises:
        LoanOver: As `require`, and the others.
    """
    for loan_id, pictures in await require(tx, user_id, needs):
        use = LoanUse(generation_id=generation_id, loan_id=loan_id, pictures=pictures)
        await tx.loans.hold(use)


async def hold_more(tx: Transaction, generation_id: str, pictures: int) -> None:
    """Count pictures that were made but could not be sent, and are tried again.

    They are their maker's also when the loan has ended; only its number is kept to.

    Raises:
        LoanUsedUp: The loan has fewer pictures left.
    """
    for loan_id in sorted(await tx.loans.ids_of_use(generation_id)):
        loan = await tx.loans.lock(loan_id)
        if loan is not None and pictures:
            await _require_left(tx, loan, pictures)
            await tx.loans.count_more(generation_id, loan_id, pictures)


async def has_ended(tx: Transaction, generation_id: str) -> bool:
    """Return whether a loan that a job uses was taken back or deleted, or its time is over."""
    loan_ids = await tx.loans.ids_of_use(generation_id)
    loans = [await tx.loans.get(loan_id) for loan_id in loan_ids]
    return not loans or any(loan is None or not loan.is_open for loan in loans)


async def give_back(tx: Transaction, job_id: str) -> None:
    """Give back to loans what a job without a result has held; of other jobs, nothing."""
    await tx.loans.count(job_id, 0)


async def withdraw(tx: Transaction, loan: Loan, model: Model) -> bool:
    """End a locked loan or offer, and have its borrower told; False where it has ended before."""
    if not (loan.is_offered or loan.state is LoanState.LENT):
        return False
    if loan.is_open and loan.borrower_id is not None:
        await tell(tx, loan.borrower_id, LoanEvent.WITHDRAWN, name=model.name)
    await tx.loans.end(loan.id, LoanState.WITHDRAWN)
    return True


async def withdraw_all(tx: Transaction, user_id: int) -> None:
    """End all loans and offers of a user's models, who can no longer end them."""
    await tx.loans.lock_all_of(user_id)
    for model in await tx.models.all_of(user_id):
        for standing in await tx.loans.of_model(model.id):
            loan = await tx.loans.lock(standing.id)
            if loan is not None:
                await withdraw(tx, loan, model)


async def end_of_model(tx: Transaction, model: Model) -> None:
    """End all loans of a model that is about to be deleted; what was made stays its maker's."""
    for loan in await tx.loans.of_model(model.id):
        locked = await tx.loans.lock(loan.id)
        if locked is not None and locked.is_open and locked.borrower_id is not None:
            await tell(tx, locked.borrower_id, LoanEvent.DELETED, name=model.name)
    await tx.generations.detach(model.id, model.user_id)


async def end_of_borrower(tx: Transaction, user_id: int) -> None:
    """Return all that a user has borrowed, who is about to be deleted."""
    for one in await tx.loans.of_borrower(user_id):
        await _return(tx, one)
    await tx.loan_news.remove_of(user_id)


async def give_up(tx: Transaction, user_id: int, loan_id: str) -> Borrowed | None:
    """Return one loan of a user; None where there is no such loan."""
    found = [one for one in await tx.loans.of_borrower(user_id) if one.loan.id == loan_id]
    for one in found:
        await _return(tx, one)
    return found[0] if found else None


async def _return(tx: Transaction, one: Borrowed) -> None:
    loan = await tx.loans.lock(one.loan.id)
    if loan is None or loan.borrower_id is None:
        return
    if loan.is_open:
        await tell(tx, one.model.user_id, LoanEvent.RETURNED, name=one.model.name)
        await tx.loans.leave(loan.id, LoanState.RETURNED)
    else:
        await tx.loans.leave(loan.id, LoanState.WITHDRAWN)


async def tell(tx: Transaction, user_id: int, event: LoanEvent, **words: str) -> None:
    """Have a user told of a loan once this has been committed."""
    news = LoanNews(id=new_id(), user_id=user_id, kind=event, words=words)
    await tx.loan_news.add(news)
    await tx.wake(CHANNEL, news.id)


async def by_public_id(tx: Transaction, user_id: int, called: str) -> Model:
    """Return a model of a user's, or one they have or had borrowed; see `public_id`.

    Raises:
        NotFound: No such model of this user.
    """
    for one in await tx.loans.of_borrower(user_id):
        if one.loan.id == called:
            return one.model
    model = await tx.models.of_training(called)
    if model is None or model.user_id != user_id:
        raise NotFound
    return model


async def public_id(tx: Transaction, user_id: int, model: Model | None) -> str | None:
    """Return what programs of a user call a model: by its training, or by the loan."""
    return None if model is None else (await public_ids(tx, user_id, [model]))[model.id]


async def public_ids(
    tx: Transaction, user_id: int, models: Collection[Model]
) -> Mapping[str, str | None]:
    """Return what programs of a user call models, by their ids; None where a loan is no more."""
    named = {model.id: model.training_id if model.user_id == user_id else None for model in models}
    if None in named.values():
        # The newest loan of a model comes first, and is the one that counts.
        loans = reversed(await tx.loans.of_borrower(user_id))
        lent = {one.model.id: one.loan.id for one in loans}
        named = {model_id: name or lent.get(model_id) for model_id, name in named.items()}
    return named
