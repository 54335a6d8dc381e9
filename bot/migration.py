"""The migration at every start, in a process of its own: the 20 MB that it takes go with it."""

import asyncio
import multiprocessing
import signal
import sys
from multiprocessing.connection import Connection

from db.database import Database
from db.refused import DatabaseOutOfReach, SchemaRefused

STOPS = {signal.SIGINT, signal.SIGTERM}


def migrate_apart(database_url: str) -> None:
    """Bring a database to the newest schema, before there are threads or an event loop.

    SIGINT and SIGTERM wait from here on until somebody unblocks them, so that neither cuts off a
    migration nor is lost.

    Raises:
        SchemaRefused: The database is not one of this version.
        DatabaseOutOfReach: The database cannot be opened.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    if sys.platform != "linux":
        # Forking is not safe everywhere.
        asyncio.run(_migrate(database_url))
        return
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(database_url, there))
    process.start()
    there.close()
    try:
        refusal = here.recv()
    except EOFError:
        # It has said itself what went wrong.
        raise SystemExit(1) from None
    finally:
        process.join()
    if refusal is not None:
        raise refusal


def _run(database_url: str, told: Connection) -> None:
    refusal = None
    try:
        asyncio.run(_migrate(database_url))
    except (SchemaRefused, DatabaseOutOfReach) as error:
        refusal = error
    told.send(refusal)


async def _migrate(database_url: str) -> None:
    from db.migrate import migrate  # noqa: PLC0415  # see above

    database = Database(database_url)
    try:
        await migrate(database)
    finally:
        await database.close()
