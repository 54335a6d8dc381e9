"""The credits of users: their wallets, and the ledger of everything that changed one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import credit_tables as tables
from db.tables import User
from db.upsert import insert_missing
from db.values import columns_of, value_of, value_or_none
from services.domain.clock import now
from services.domain.credits import Entry, EntryKind, Movement, Pot, Wallet


class Wallets:
    """Wallets with their entries.

    Locks are taken in this order: orders, invoices, payments, wallets by id. A wallet is locked
    without its key, so that rows which only refer to it can be inserted meanwhile: a full lock
    has been seen to deadlock with them.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_user(self, user_id: int) -> Wallet:
        """Return a user's wallet; who has none gets one."""
        await insert_missing(
            self._session,
            tables.Wallet,
            {"user_id": user_id, "created_at": now()},
            index_elements=["user_id"],
        )
        row = await self._session.scalars(
            select(tables.Wallet).where(tables.Wallet.user_id == user_id)
        )
        return value_of(Wallet, row.one())

    async def find(self, user_id: int) -> Wallet | None:
        """Return a user's wallet, if there is one."""
        row = await self._session.scalar(
            select(tables.Wallet)
            .where(tables.Wallet.user_id == user_id)
            .execution_options(populate_existing=True)
        )
        return value_or_none(Wallet, row)

    async def lock(self, wallet_id: int) -> Wallet:
        """Return a wallet that nobody else changes until the transaction ends."""
        return value_of(Wallet, await self._locked(wallet_id))

    async def post(self, entry: Entry, movements: Sequence[Movement]) -> bool:
        """Write one event with its movements: the only way that credits move.

        Args:
            entry: What happens; its number and the balances after it are filled in here.
            movements: What goes from where to where; those of nothing are left out.

        Returns:
            Whether it was written: False where its key is there already or nothing moves.
        """
        movements = [one for one in movements if one.amount]
        if not movements:
            return False
        wallet = await self._locked(entry.wallet_id)
        if await self.entry(entry.key) is not None:
            return False
        pots = {Pot.PAID: wallet.paid, Pot.BONUS: wallet.bonus, Pot.HELD: wallet.held}
        for one in movements:
            if one.source in pots:
                pots[one.source] -= one.amount
            if one.target in pots:
                pots[one.target] += one.amount
        wallet.paid, wallet.bonus, wallet.held = pots[Pot.PAID], pots[Pot.BONUS], pots[Pot.HELD]
        wallet.seq += 1
        written = replace(
            entry,
            seq=wallet.seq,
            paid_after=wallet.paid,
            bonus_after=wallet.bonus,
            held_after=wallet.held,
        )
        row = tables.Entry(**{**columns_of(written), "id": None})
        self._session.add(row)
        await self._session.flush()
        self._session.add_all(
            tables.Movement(
                entry_id=row.id,
                number=number,
                source=one.source,
                target=one.target,
                amount=one.amount,
            )
            for number, one in enumerate(movements)
        )
        await self._session.flush()
        return True

    async def entry(self, key: str) -> Entry | None:
        """Return the entry that has a key."""
        row = await self._session.scalar(select(tables.Entry).where(tables.Entry.key == key))
        return value_or_none(Entry, row)

    async def entries(self, wallet_id: int, limit: int, before_seq: int | None) -> Sequence[Entry]:
        """Return entries of a wallet, newest first, those before a number or the newest."""
        query = select(tables.Entry).where(tables.Entry.wallet_id == wallet_id)
        if before_seq is not None:
            query = query.where(tables.Entry.seq < before_seq)
        rows = await self._session.scalars(query.order_by(tables.Entry.seq.desc()).limit(limit))
        return [value_of(Entry, row) for row in rows]

    async def of_payment(self, charge_id: str, kind: EntryKind) -> Sequence[Entry]:
        """Return the entries of a kind that a payment has brought, by the number of the wallet."""
        rows = await self._session.scalars(
            select(tables.Entry)
            .where(tables.Entry.charge_id == charge_id, tables.Entry.kind == kind)
            .order_by(tables.Entry.wallet_id)
        )
        return [value_of(Entry, row) for row in rows]

    async def moved(self, entry_id: int) -> int:
        """Return how many credits an entry has moved."""
        query = select(func.sum(tables.Movement.amount)).where(
            tables.Movement.entry_id == entry_id
        )
        return int(await self._session.scalar(query) or 0)

    async def note_deleted(self, wallet_id: int, moment: datetime | None) -> None:
        """Note when a user has deleted their data, or None: that they are back."""
        await self._session.execute(
            update(tables.Wallet).where(tables.Wallet.id == wallet_id).values(deleted_at=moment)
        )

    async def left(self) -> Sequence[Wallet]:
        """Return the wallets whose users have deleted their data and have not come back."""
        rows = await self._session.scalars(
            select(tables.Wallet)
            .where(
                tables.Wallet.user_id.is_not(None),
                ~exists().where(User.id == tables.Wallet.user_id),
            )
            .order_by(tables.Wallet.id)
        )
        return [value_of(Wallet, row) for row in rows]

    async def forget_user(self, wallet_id: int) -> None:
        """Take the user's id from a wallet; what has moved stays."""
        await self._session.execute(
            update(tables.Wallet).where(tables.Wallet.id == wallet_id).values(user_id=None)
        )

    async def _locked(self, wallet_id: int) -> tables.Wallet:
        return await self._session.get_one(
            tables.Wallet,
            wallet_id,
            with_for_update={"key_share": True},
            populate_existing=True,
        )
