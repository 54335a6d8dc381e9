"""Models that are lent, their uses, and what is told of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import tables
from db.claims import Claims
from db.loan_tables import LoanNewsRow, LoanRow, LoanUseRow
from db.values import columns_of, value_of, value_or_none
from services.domain.loans import (
    Borrowed,
    ListedUse,
    Loan,
    LoanNews,
    LoanState,
    LoanUse,
)
from services.domain.values import Model

HAD = (LoanState.LENT, LoanState.WITHDRAWN)
"""What a borrower has, or had until its owner took it back."""


class Loans:
    """Loans. Their locks come after those of users, and before those of all else."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, loan: Loan) -> None:
        """Keep a new loan."""
        self._session.add(LoanRow(**columns_of(loan)))
        await self._session.flush()

    async def get(self, loan_id: str) -> Loan | None:
        """Return a loan."""
        return value_or_none(Loan, await self._session.get(LoanRow, loan_id))

    async def lock(self, loan_id: str) -> Loan | None:
        """Return a loan that nobody else changes until the transaction ends."""
        row = await self._session.get(
            LoanRow, loan_id, with_for_update=True, populate_existing=True
        )
        return value_or_none(Loan, row)

    async def lock_all_of(self, user_id: int) -> None:
        """Lock what a user lends and borrows, in one order, as others may lock some of it, too."""
        own = select(tables.Model.id).where(tables.Model.user_id == user_id)
        query = (
            select(LoanRow.id)
            .where((LoanRow.borrower_id == user_id) | LoanRow.model_id.in_(own))
            .order_by(LoanRow.id)
        )
        await self._session.execute(query.with_for_update())

    async def id_of_code(self, code: str) -> str | None:
        """Return the id of the loan whose link carries a code."""
        return await self._session.scalar(select(LoanRow.id).where(LoanRow.code == code))

    async def of_model(self, model_id: str) -> Sequence[Loan]:
        """Return the loans of a model, the newest first."""
        rows = await self._session.scalars(
            select(LoanRow)
            .where(LoanRow.model_id == model_id)
            .order_by(LoanRow.created_at.desc(), LoanRow.id)
        )
        return [value_of(Loan, row) for row in rows]

    async def of_borrower(self, user_id: int, model_id: str | None = None) -> Sequence[Borrowed]:
        """Return what a user has or had borrowed, of one model or of all, the newest first."""
        used = (
            select(func.coalesce(func.sum(LoanUseRow.pictures), 0))
            .where(LoanUseRow.loan_id == LoanRow.id)
            .scalar_subquery()
        )
        query = (
            select(LoanRow, tables.Model, used)
            .join(tables.Model, LoanRow.model_id == tables.Model.id)
            .where(LoanRow.borrower_id == user_id, LoanRow.state.in_(HAD))
            .order_by(LoanRow.created_at.desc(), LoanRow.id)
        )
        if model_id is not None:
            query = query.where(LoanRow.model_id == model_id)
        found = await self._session.execute(query)
        return [
            Borrowed(value_of(Loan, loan), value_of(Model, model), int(count))
            for loan, model, count in found
        ]

    async def accept(self, loan_id: str, borrower_id: int, ends_at: datetime | None) -> None:
        """Lend a locked loan to somebody."""
        await self._change(loan_id, state=LoanState.LENT, borrower_id=borrower_id, ends_at=ends_at)

    async def end(self, loan_id: str, state: LoanState) -> None:
        """Note what became of a locked loan; who had it keeps it chosen until another is."""
        await self._change(loan_id, state=state)

    async def leave(self, loan_id: str, state: LoanState) -> None:
        """Note that a locked loan has no borrower any more."""
        await self._change(loan_id, state=state, active=False, borrower_id=None)

    async def activate(self, user_id: int, loan_id: str | None) -> None:
        """Make a loan the one that its borrower generates with, or none of them."""
        await self._session.execute(
            update(LoanRow)
            .where(LoanRow.borrower_id == user_id, LoanRow.active)
            .values(active=False)
        )
        if loan_id is not None:
            await self._change(loan_id, active=True)

    async def hold(self, use: LoanUse) -> None:
        """Count pictures that are about to be made."""
        self._session.add(LoanUseRow(**columns_of(use)))
        await self._session.flush()

    async def count(self, generation_id: str, pictures: int) -> None:
        """Count the pictures of a generation that arrived, in place of what it held."""
        await self._session.execute(
            update(LoanUseRow)
            .where(LoanUseRow.generation_id == generation_id)
            .values(pictures=pictures)
        )

    async def count_more(self, generation_id: str, loan_id: str, pictures: int) -> None:
        """Count pictures of a generation besides those that are counted."""
        await self._session.execute(
            update(LoanUseRow)
            .where(LoanUseRow.generation_id == generation_id, LoanUseRow.loan_id == loan_id)
            .values(pictures=LoanUseRow.pictures + pictures)
        )

    async def ids_of_use(self, generation_id: str) -> Sequence[str]:
        """Return the loans that a generation uses."""
        rows = await self._session.scalars(
            select(LoanUseRow.loan_id).where(LoanUseRow.generation_id == generation_id)
        )
        return rows.all()

    async def uses_of(self, loan_id: str, limit: int) -> Sequence[ListedUse]:
        """Return the uses of a loan that made or make pictures, the newest first."""
        found = await self._session.execute(
            select(LoanUseRow.pictures, LoanUseRow.created_at, tables.Generation.prompt)
            .outerjoin(tables.Generation, tables.Generation.id == LoanUseRow.generation_id)
            .where(LoanUseRow.loan_id == loan_id, LoanUseRow.pictures > 0)
            .order_by(LoanUseRow.created_at.desc(), LoanUseRow.generation_id)
            .limit(limit)
        )
        return [ListedUse(count, at, prompt) for count, at, prompt in found]

    async def used(self, loan_id: str) -> int:
        """Return how many pictures of a loan have been used or are being made."""
        query = select(func.coalesce(func.sum(LoanUseRow.pictures), 0))
        return int(await self._session.scalar(query.where(LoanUseRow.loan_id == loan_id)) or 0)

    async def count_lent(self) -> int:
        """Count the models that are lent now."""
        query = select(func.count()).select_from(LoanRow).where(LoanRow.state == LoanState.LENT)
        return await self._session.scalar(query) or 0

    async def _change(self, loan_id: str, **changes: object) -> None:
        await self._session.execute(update(LoanRow).where(LoanRow.id == loan_id).values(**changes))


class LoanNewsRows:
    """News of loans, each until it has been told."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @property
    def claims(self) -> Claims:
        """What replicas have in hand."""
        return Claims(self._session, LoanNewsRow, true())

    async def add(self, news: LoanNews) -> None:
        """Keep news."""
        values = {**columns_of(news), "words": dict(news.words)}
        self._session.add(LoanNewsRow(**values))
        await self._session.flush()

    async def get(self, news_id: str) -> LoanNews | None:
        """Return news that have not been told."""
        row = await self._session.get(LoanNewsRow, news_id, populate_existing=True)
        return value_or_none(LoanNews, row)

    async def remove(self, news_id: str) -> None:
        """Forget news."""
        await self._session.execute(delete(LoanNewsRow).where(LoanNewsRow.id == news_id))

    async def remove_of(self, user_id: int) -> None:
        """Forget all news for a user."""
        await self._session.execute(delete(LoanNewsRow).where(LoanNewsRow.user_id == user_id))
