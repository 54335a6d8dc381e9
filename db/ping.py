"""Looks at connections before they are used, if they may have been cut since."""

import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine

TRUSTED_S = 1.0
"""A connection that was in use so shortly ago is used without a look, which costs as much as a
small transaction. A cut one then fails as one does that is cut in the midst of a transaction."""

USED_AT = "used_at"


def ping_what_was_idle(engine: AsyncEngine) -> None:
    """Have connections that were idle pinged, and replaced when they do not answer."""
    dialect = engine.dialect

    def check(connection: Any, record: Any, _: Any) -> None:  # noqa: ANN401  # the driver's own
        idle_s = time.monotonic() - record.info.get(USED_AT, time.monotonic())
        if idle_s < TRUSTED_S:
            return
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error

    def note(_: Any, record: Any) -> None:  # noqa: ANN401  # the driver's own
        record.info[USED_AT] = time.monotonic()

    event.listen(engine.sync_engine, "checkout", check)
    event.listen(engine.sync_engine, "checkin", note)
