"""Counts, and serves what was counted on a port of its own."""

import contextlib
import socket
from collections.abc import AsyncIterator, Mapping

from api.metrics import build_metrics_app
from bot.metrics.figures import Counted
from bot.metrics.scrape import Carried, Scrape
from bot.metrics.seams import (
    FalFigures,
    JobFigures,
    LikenessFigures,
    ProgramFigures,
    RatingFigures,
    TelegramFigures,
    UpdateFigures,
)
from bot.seams import Seams, Up
from bot.web import serving
from db.database import Database


class Metrics:
    """The figures of this process.

    Args:
        listener: Where they are read.
    """

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._counted = Counted()
        self.seams = Seams(
            updates=UpdateFigures(self._counted),
            telegram=TelegramFigures(self._counted),
            fal=FalFigures(self._counted),
            jobs=JobFigures(self._counted),
            rated=RatingFigures(self._counted),
            measured=LikenessFigures(self._counted),
            sent=ProgramFigures(self._counted),
        )

    @contextlib.asynccontextmanager
    async def served(
        self,
        database: Database,
        healths: Mapping[str, Up],
        refused: Mapping[str, Mapping[str, int]],
        budget_usd: float,
        carried: Mapping[str, Carried],
    ) -> AsyncIterator[None]:
        """Serve the figures; the arguments are those of `Scrape`."""
        scrape = Scrape(self._counted, database, healths, refused, budget_usd, carried)
        async with serving(build_metrics_app(scrape), self._listener):
            yield
