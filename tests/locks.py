"""Waits for what other transactions of PostgreSQL wait for."""

import asyncio

from sqlalchemy import text

from db.database import Database

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def until_somebody_waits_for_a_lock(database: Database) -> None:
    """Return once a transaction in the database waits for another one."""
    async with asyncio.timeout(30.0), database.engine.connect() as connection:
        while not await connection.scalar(_WAITING):
            # Within a transaction it is the same view all the time.
            await connection.rollback()
            await asyncio.sleep(0.01)
