"""What is read at the moment when somebody asks: the database, outages, refused calls."""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from prometheus_client import generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.metrics.figures import Counted
from bot.seams import Up
from db.database import Database
from db.figures import Figures
from services.domain.clock import now

logger = logging.getLogger(__name__)

DATABASE_WITHIN_S = 2.0
"""Prometheus gives a scrape 10 s. What the database does not say in time is left out."""

READ_EVERY_S = 5.0
"""Whoever asks more often is told the same."""


class Carried(Protocol):
    """The rows of one kind that this process carries."""

    @property
    def taken_over(self) -> int:
        """How many it has taken up that another process had, or the one before it."""
        ...

    def __len__(self) -> int:
        """Count those in its hands."""
        ...


class Scrape(Collector):
    """All figures, as text.

    Args:
        counted: What is counted while the bot works.
        database: Where the rest is.
        healths: Whether the services outside answer, by their names.
        refused: How many calls to the HTTP server were refused, by the caller's name and reason.
        budget_usd: What may be ordered within 24 hours.
        carried: What this process works on, by kind.
    """

    def __init__(
        self,
        counted: Counted,
        database: Database,
        healths: Mapping[str, Up],
        refused: Mapping[str, Mapping[str, int]],
        budget_usd: float,
        carried: Mapping[str, Carried],
    ) -> None:
        self._registry = counted.registry
        self._database = database
        self._healths = healths
        self._refused = refused
        self._budget_usd = budget_usd
        self._carried = carried
        self._figures: Figures | None = None
        self._read_at: float | None = None
        self._reading = asyncio.Lock()
        counted.registry.register(self)

    async def __call__(self) -> bytes:
        """Return the figures of this moment in Prometheus' text format."""
        async with self._reading:
            if self._read_at is None or time.monotonic() - self._read_at >= READ_EVERY_S:
                self._figures = await self._read()
                self._read_at = time.monotonic()
            return generate_latest(self._registry)

    async def _read(self) -> Figures | None:
        try:
            async with asyncio.timeout(DATABASE_WITHIN_S), self._database.transaction() as tx:
                return await tx.figures.read()
        except Exception as error:  # noqa: BLE001  # drivers raise whatever they like
            logger.warning("the figures of the database are left out: %s", type(error).__name__)
            return None

    def collect(self) -> Iterable[Metric]:
        """Yield what is not counted while the bot works."""
        yield _labelled(
            "neurophoto_service_up",
            "Whether a service outside answers; 0 in an outage.",
            "service",
            {name: 0 if health.is_down else 1 for name, health in self._healths.items()},
        )
        refused = CounterMetricFamily(
            "neurophoto_webhook_calls_refused",
            "Calls to the HTTP server in the name of Telegram or fal that were not believed.",
            labels=("caller", "reason"),
        )
        for caller, counts in self._refused.items():
            for reason, count in counts.items():
                refused.add_metric((caller, reason), count)
        yield refused
        yield _plain("neurophoto_budget_usd", "US dollars of DAILY_BUDGET_USD.", self._budget_usd)
        yield _labelled(
            "neurophoto_jobs_held",
            "Jobs, drafts with photos to check and deletions in the hands of this process.",
            "kind",
            {kind: len(carried) for kind, carried in self._carried.items()},
        )
        taken_over = CounterMetricFamily(
            "neurophoto_jobs_taken_over",
            "Those taken up that another process had, or the one before this.",
            labels=("kind",),
        )
        for kind, carried in self._carried.items():
            taken_over.add_metric((kind,), carried.taken_over)
        yield taken_over
        is_up = self._figures is not None
        yield _plain("neurophoto_database_up", "Whether the database answers.", int(is_up))
        if self._figures is not None:
            yield from _of_database(self._figures)


def _of_database(figures: Figures) -> Sequence[Metric]:
    oldest = figures.oldest_update
    age_s = max(0.0, (now() - oldest).total_seconds()) if oldest else 0.0
    jobs = GaugeMetricFamily(
        "neurophoto_jobs_under_way",
        "Trainings and generations under way, by kind and state.",
        labels=("kind", "state"),
    )
    of_kinds: dict[str, Mapping[Any, int]] = {
        "training": figures.trainings,
        "generation": figures.generations,
        "enlargement": figures.enlargements,
    }
    for kind, states in of_kinds.items():
        for state, count in states.items():
            jobs.add_metric((kind, str(state)), count)
    return (
        _plain("neurophoto_inbox_updates", "Updates not handled yet.", figures.updates_waiting),
        _plain("neurophoto_inbox_oldest_seconds", "Age of the oldest of them.", age_s),
        jobs,
        _plain("neurophoto_photos_waiting", "Photos not checked yet.", figures.photos_waiting),
        _plain("neurophoto_deletions_under_way", "Deletions under way.", figures.deletions),
        _plain("neurophoto_replicas", "Processes on the database.", figures.replicas),
        _plain(
            "neurophoto_spent_usd",
            "US dollars ordered within 24 hours, by the price list.",
            float(figures.spent_usd),
        ),
    )


def _plain(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value=value)


def _labelled(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=(label,))
    for key, value in values.items():
        family.add_metric((key,), value)
    return family
