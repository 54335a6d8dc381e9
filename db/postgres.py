"""Connections to PostgreSQL that stay open for the short work of every update."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db import ping

T = TypeVar("T")

KEPT_IDLE = 3
"""So many are kept of each kind while nobody works on them; they count among the pool's."""

_PING = text("SELECT 1")


class PostgresAtOnce:
    """Does work of a few plain statements, without taking a connection from the pool each time.

    To take one and to give it back costs as much as two statements.

    Args:
        engine: Opens connections, and looks at those that it gives.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engines = {
            False: engine,
            True: engine.execution_options(isolation_level="AUTOCOMMIT"),
        }
        self._idle: dict[bool, list[tuple[AsyncConnection, float]]] = {False: [], True: []}

    async def run(self, work: Callable[[Connection], T], *, alone: bool = False) -> T:
        """Do a whole transaction; where the work raises, it is rolled back.

        Args:
            work: What is done.
            alone: Whether it is one statement, which PostgreSQL makes a transaction of by itself.
        """
        connection = await self._take(alone=alone)
        is_done = False
        try:
            result = await connection.run_sync(_alone if alone else _committed, work)
            is_done = True
        finally:
            idle = self._idle[alone]
            if is_done and len(idle) < KEPT_IDLE:
                idle.append((connection, time.monotonic()))
            else:
                # Rolls back, too. A task that was cancelled waits for that.
                await asyncio.shield(connection.close())
        return result

    async def _take(self, *, alone: bool) -> AsyncConnection:
        while self._idle[alone]:
            connection, used_at = self._idle[alone].pop()
            if time.monotonic() - used_at < ping.TRUSTED_S:
                return connection
            is_there = False
            try:
                with contextlib.suppress(DBAPIError, OSError):
                    await connection.run_sync(_committed, lambda told: told.execute(_PING))
                    is_there = True
            finally:
                if not is_there:
                    await asyncio.shield(connection.close())
            if is_there:
                return connection
        return await self._engines[alone].connect()

    async def close(self) -> None:
        """Give all connections back."""
        for idle in self._idle.values():
            while idle:
                await idle.pop()[0].close()


def _committed(connection: Connection, work: Callable[[Connection], T]) -> T:
    # What goes past SQLAlchemy (`db.ready`) begins nothing that it would commit.
    with connection.begin():
        return work(connection)


def _alone(connection: Connection, work: Callable[[Connection], T]) -> T:
    result = work(connection)
    # Nothing at PostgreSQL, but SQLAlchemy may have begun something of its own.
    connection.commit()
    return result
