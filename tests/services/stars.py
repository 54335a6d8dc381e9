"""Telegram's side of Stars, and a person whose chat is told what becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from db.database import Database, Transaction
from services.domain.credits import Note, NoteKind, StatementLine, Wallet
from services.domain.subscriptions import Subscription
from services.errors import CreditsMissing, DeliveryFailed
from services.money.stars import StarsRefused, StarsUnavailable
from services.money.statement import PAGE
from tests.services.kit import USER


@dataclass
class Telegram:
    """Gives a statement in pages, takes payments back and edits subscriptions, as Telegram does.

    Attributes:
        lines: The whole statement.
        asked: From which line on it was asked for.
        refunded: Whose payments it was asked to give back.
        edited: Whose subscriptions it was asked to edit, and whether to cancel them.
        unknown: The charges of which it knows nothing.
        is_down: Whether it answers nothing.
    """

    lines: list[StatementLine] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    refunded: list[tuple[int, str]] = field(default_factory=list)
    edited: list[tuple[int, str, bool]] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    is_down: bool = False

    async def statement(self, offset: int, limit: int) -> Sequence[StatementLine]:
        self.asked.append(offset)
        if self.is_down:
            raise StarsUnavailable
        assert limit == PAGE
        return self.lines[offset : offset + limit]

    async def refund(self, user_id: int, charge_id: str) -> None:
        self.refunded.append((user_id, charge_id))
        self._answer(charge_id)

    async def edit_subscription(self, user_id: int, charge_id: str, *, is_cancelled: bool) -> None:
        self.edited.append((user_id, charge_id, is_cancelled))
        self._answer(charge_id)

    def _answer(self, charge_id: str) -> None:
        if self.is_down:
            raise StarsUnavailable
        if charge_id in self.unknown:
            raise StarsRefused("CHARGE_NOT_FOUND")


@dataclass
class News:
    """Writes down what users are told of their money, and may fail to deliver it.

    Attributes:
        told: To whom what was told.
        started: Whom that also told that their order starts.
        asked: Whom it was asked for what an order lacks still.
        failure: What every delivery ends with, if it does not work out.
    """

    told: list[tuple[int, NoteKind]] = field(default_factory=list)
    started: list[int] = field(default_factory=list)
    asked: list[tuple[int, int]] = field(default_factory=list)
    failure: DeliveryFailed | None = None

    async def tell(
        self, user_id: int, note: Note, wallet: Wallet, *, starts_order: bool = False
    ) -> None:
        assert wallet.user_id == user_id
        if self.failure is not None:
            raise self.failure
        self.told.append((user_id, note.kind))
        if starts_order:
            self.started.append(user_id)

    async def ask_for_missing(self, user_id: int, error: CreditsMissing) -> None:
        self.asked.append((user_id, int(error.params["missing"])))


async def waiting_notes(database: Database) -> list[Note]:
    """Return what users have still to be told, oldest first."""
    async with database.transaction() as tx:
        note_ids = await tx.payment_notes.claims.unfinished()
        notes = [await tx.payment_notes.get(note_id) for note_id in note_ids]
    return [note for note in notes if note is not None]


async def only_subscription(tx: Transaction) -> Subscription:
    """Return the one subscription that the user has."""
    wallet = await tx.wallets.of_user(USER)
    (found,) = await tx.subscriptions.of_wallet(wallet.id)
    return found
