"""Engine, transactions and the repositories they offer."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from db.actions import Actions
from db.admins import Admins
from db.api_keys import ApiKeys
from db.api_requests import ApiRequests
from db.blocks import Blocks, ErrorCodes
from db.broadcasts import Broadcasts
from db.charges import Charges
from db.codes import Codes
from db.console import Console
from db.copies import Copies
from db.deletions import Deletions
from db.dialogues import Dialogues
from db.done_once import Once
from db.drafts import Drafts
from db.enlargements import Enlargements
from db.exported import Exported
from db.exports import Exports
from db.fence import behind_fence, hold_fence
from db.figures import FiguresOf
from db.generations import Generations
from db.gifts import GiftCodes
from db.inbox import Inbox
from db.invariants import Invariants
from db.loans import LoanNewsRows, Loans
from db.models import Models
from db.notices import Notices
from db.orders import Orders
from db.own_pictures import OwnPictures
from db.payment_notes import PaymentNotes
from db.payments import Payments
from db.pending import PendingOrders
from db.photos import Photos
from db.pictures import Pictures
from db.ping import ping_what_was_idle
from db.postgres import PostgresAtOnce
from db.private_files import make_private
from db.ratings import Ratings
from db.referrals import Referrals
from db.replicas import APPLICATION, Replicas
from db.requests import Requests
from db.searches import Searches
from db.shared_inbox import SharedInbox
from db.sqlite import SqliteAtOnce, make_sqlite_engine, truncate_log
from db.star_statement import StarStatement
from db.subscriptions import Subscriptions
from db.support import Support
from db.trainings import Trainings
from db.trigger_words import TriggerWords
from db.unavailable import is_unavailable, note_failed_connecting
from db.users import Users
from db.wakes import Wakes
from db.wallets import Wallets
from db.webhooks import Webhooks
from services.domain.trouble import DatabaseUnavailable

T = TypeVar("T")

BUSY_TIMEOUT_MS = 10_000
"""How long SQLite waits for another writer before it gives up."""

IDLE_MS = 15_000
"""How long PostgreSQL waits for the next statement of a transaction before it ends it."""

KEPT, AT_MOST = 10, 15
"""Connections to PostgreSQL, besides the one that listens. To open one and to prepare its
statements costs more than an update, so what is often in use is kept."""

IN_MEMORY = (None, "", ":memory:")

LAST_PORT = 65535
BAD_PORT = f"the port must be a number from 1 to {LAST_PORT}"

SUPPORTED_DRIVERS = ("sqlite+aiosqlite", "postgresql+asyncpg")


class Transaction:
    """The repositories, all on one database transaction."""

    def __init__(self, session: AsyncSession, wakes: Wakes) -> None:
        self.users = Users(session)
        self.admins = Admins(session)
        self.trainings = Trainings(session)
        self.photos = Photos(session)
        self.drafts = Drafts(session)
        self.trigger_words = TriggerWords(session)
        self.models = Models(session)
        self.loans = Loans(session)
        self.loan_news = LoanNewsRows(session)
        self.generations = Generations(session)
        self.pictures = Pictures(session)
        self.enlargements = Enlargements(session)
        self.ratings = Ratings(session)
        self.searches = Searches(session)
        self.charges = Charges(session)
        self.api_keys = ApiKeys(session)
        self.api_requests = ApiRequests(session)
        self.webhooks = Webhooks(session)
        self.copies = Copies(session)
        self.notices = Notices(session)
        self.dialogues = Dialogues(session)
        self.deletions = Deletions(session)
        self.requests = Requests(session)
        self.inbox = Inbox(session)
        self.replicas = Replicas(session)
        self.once = Once(session)
        self.own_pictures = OwnPictures(session)
        self.shared_inbox = SharedInbox(session)
        self.figures = FiguresOf(session)
        self.wallets = Wallets(session)
        self.orders = Orders(session)
        self.payments = Payments(session)
        self.payment_notes = PaymentNotes(session)
        self.codes = Codes(session)
        self.gifts = GiftCodes(session)
        self.referrals = Referrals(session)
        self.invariants = Invariants(session)
        self.support = Support(session)
        self.actions = Actions(session)
        self.pending_orders = PendingOrders(session)
        self.star_statement = StarStatement(session)
        self.subscriptions = Subscriptions(session)
        self.blocks = Blocks(session)
        self.error_codes = ErrorCodes(session)
        self.console = Console(session)
        self.broadcasts = Broadcasts(session)
        self.exports = Exports(session)
        self.exported = Exported(session)
        self._session = session
        self._wakes = wakes

    async def flush(self) -> None:
        """Send pending changes to the database so that its constraints speak now."""
        await self._session.flush()

    async def wake(self, channel: str, words: str = "") -> None:
        """Wake whoever waits on a channel, in all processes, when this has been committed."""
        await self._wakes.publish(self._session, channel, words)


class DatabaseBusy(DatabaseUnavailable):
    """A SQLite database was held by others for too long."""

    def __init__(self) -> None:
        super().__init__("the database is busy")


class Database:
    """A SQLite file or a PostgreSQL database.

    Attributes:
        is_shared: Whether several processes may work on it.
        wakes: Wakes whoever waits for something in it.

    Args:
        url: An SQLAlchemy URL, `sqlite+aiosqlite:///path` or `postgresql+asyncpg://…`. The
            folder of a SQLite file is made.

    Raises:
        ValueError: The URL is not of a supported form.
    """

    def __init__(self, url: str) -> None:
        check_url(url)
        self.url = url
        parsed = make_url(url)
        is_sqlite = parsed.get_backend_name() == "sqlite"
        self._at_once: SqliteAtOnce | PostgresAtOnce | None = None
        if is_sqlite:
            if parsed.database not in IN_MEMORY:
                _make_file(Path(str(parsed.database)))
                self._at_once = SqliteAtOnce(parsed, BUSY_TIMEOUT_MS)
            self.engine = make_sqlite_engine(parsed, BUSY_TIMEOUT_MS)
        else:
            self.engine = _postgres_engine(parsed)
            self._at_once = PostgresAtOnce(self.engine)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)
        # SQLite lets one write at a time and has the others try again after naps, the unlucky one
        # for seconds. Waiting in line here is quicker and fair.
        self._turn = asyncio.Lock() if is_sqlite else None
        self._in_line = 0
        self.is_shared = not is_sqlite
        self.wakes = Wakes(url, is_shared=self.is_shared)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Open a transaction that commits on a clean exit and rolls back on an error.

        Raises:
            DatabaseUnavailable: The database is locked, full or out of reach; `DatabaseBusy` when
                others have kept a SQLite database busy for too long, `LeaseLost` when others have
                the work by now.
        """
        with _translated():
            async with self._in_turn(), self._sessions() as session, session.begin():
                if self.is_shared:
                    await hold_fence(session)
                yield Transaction(session, self.wakes)

    async def at_once(self, work: Callable[[Connection], T]) -> T:
        """Do a whole transaction of plain statements: the quick way for what every update needs.

        Args:
            work: What is done; where it raises, nothing is. On SQLite it may run in a thread, and
                goes on when this call is cancelled.

        Raises:
            DatabaseUnavailable: As for `transaction`.
        """
        with _translated():
            async with self._in_turn():
                if self._at_once is not None:
                    return await self._at_once.run(behind_fence(work) if self.is_shared else work)
                async with self.engine.begin() as connection:
                    return await connection.run_sync(work)

    async def by_itself(self, work: Callable[[Connection], T]) -> T:
        """Do one statement, which needs no transaction around it and is no claimed work.

        PostgreSQL then has one trip instead of three or four, and SQLite neither BEGIN nor COMMIT;
        otherwise it is as `at_once`.

        Args:
            work: Executes one statement, no more.

        Raises:
            DatabaseUnavailable: As for `transaction`, but there is no fence.
        """
        if self._at_once is None:
            return await self.at_once(work)
        with _translated():
            async with self._in_turn():
                return await self._at_once.run(work, alone=True)

    @asynccontextmanager
    async def _in_turn(self) -> AsyncIterator[None]:
        if self._turn is None:
            yield
            return
        if self._turn.locked() or self._in_line:
            await self._wait_in_line(self._turn)
        else:
            # Nothing is waited for, so that no limit need be set.
            await self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()

    async def _wait_in_line(self, turn: asyncio.Lock) -> None:
        # While another program holds the database, each in the line waits for it in vain; without
        # a limit here the last one would wait as many times as long as the line.
        self._in_line += 1
        try:
            async with asyncio.timeout(BUSY_TIMEOUT_MS / 1000):
                await turn.acquire()
        except TimeoutError:
            raise DatabaseBusy from None
        finally:
            self._in_line -= 1

    async def ping(self) -> None:
        """Return once the database has answered.

        Raises:
            DatabaseUnavailable: It does not answer.
        """
        async with self.transaction() as tx:
            await tx.users.get(0)

    async def forget_deleted_text(self) -> bool:
        """Have nothing of deleted rows left in SQLite's files; its log still holds old pages.

        Returns:
            Whether that is so; False while others read or write. PostgreSQL clears up by itself
            (autovacuum).
        """
        if self.engine.dialect.name != "sqlite":
            return True
        async with self._in_turn(), self.engine.connect() as connection:
            return await connection.run_sync(truncate_log)

    async def close(self) -> None:
        """Close all connections."""
        if self._at_once is not None:
            await self._at_once.close()
        await self.engine.dispose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if is_unavailable(error):
            raise DatabaseUnavailable(type(error).__name__) from error
        raise


def check_url(url: str) -> None:
    """Raise ValueError with one plain sentence when `url` is not usable."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        msg = "not a database URL"
        raise ValueError(msg) from error
    except ValueError as error:
        raise ValueError(BAD_PORT) from error
    if parsed.drivername not in SUPPORTED_DRIVERS:
        msg = f"use one of {', '.join(f'{name}://…' for name in SUPPORTED_DRIVERS)}"
        raise ValueError(msg)
    if parsed.port is not None and not 0 < parsed.port <= LAST_PORT:
        raise ValueError(BAD_PORT)


def is_in_memory(url: str) -> bool:
    """Return whether a usable URL names no file and no server: then nothing lasts."""
    parsed = make_url(url)
    return parsed.get_backend_name() == "sqlite" and parsed.database in IN_MEMORY


def _postgres_engine(url: URL) -> AsyncEngine:
    # A process that was stopped in a transaction holds what others wait for.
    limits = {
        "idle_in_transaction_session_timeout": str(IDLE_MS),
        "application_name": APPLICATION,
    }
    engine = create_async_engine(
        url,
        hide_parameters=True,
        connect_args={"server_settings": limits},
        pool_size=KEPT,
        max_overflow=AT_MOST - KEPT,
        # The one that was used last has its statements prepared, and is trusted without a look.
        pool_use_lifo=True,
    )
    ping_what_was_idle(engine)
    note_failed_connecting(engine)
    return engine


def _make_file(path: Path) -> None:
    # Where it cannot be made, opening the database fails, with a reason.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
    make_private(path)
