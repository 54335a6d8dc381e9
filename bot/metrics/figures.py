"""The figures that are counted while the bot works."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.process_collector import ProcessCollector

HANDLING_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)
CALL_BUCKETS_S = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0)
JOB_BUCKETS_S = (2.0, 5.0, 10.0, 30.0, 60.0, 180.0, 600.0, 1800.0, 3600.0, 10800.0)


class Counted:
    """What happens in this process, by labels of which there are few: no ids and no words."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry(auto_describe=False)
        ProcessCollector(namespace="", registry=registry)
        self.updates = Histogram(
            "neurophoto_update_seconds",
            "Seconds that handling an update took, by its kind and outcome.",
            ("kind", "outcome"),
            buckets=HANDLING_BUCKETS_S,
            registry=registry,
        )
        self.updates_in_progress = Gauge(
            "neurophoto_updates_in_progress",
            "Updates that are being handled.",
            registry=registry,
        )
        self.telegram = Histogram(
            "neurophoto_telegram_call_seconds",
            "Seconds that a call of the Bot API took, by its method and outcome.",
            ("method", "outcome"),
            buckets=CALL_BUCKETS_S,
            registry=registry,
        )
        self.fal = Histogram(
            "neurophoto_fal_call_seconds",
            "Seconds that a request to fal took, by what was asked and the outcome.",
            ("call", "outcome"),
            buckets=CALL_BUCKETS_S,
            registry=registry,
        )
        self.jobs = Histogram(
            "neurophoto_job_seconds",
            "Seconds from the submit of a job to its end, by its kind and end.",
            ("kind", "end"),
            buckets=JOB_BUCKETS_S,
            registry=registry,
        )
        self.failures = Counter(
            "neurophoto_job_failures",
            "Jobs that have failed, by their kind and the reason.",
            ("kind", "reason"),
            registry=registry,
        )
        self.likeness = Histogram(
            "neurophoto_likeness_percent",
            "Likeness of new models, by trainer and mode.",
            ("trainer", "mode"),
            registry=registry,
            buckets=range(10, 101, 10),
        )
        self.programs = Histogram(
            "neurophoto_program_seconds",
            "Seconds that sending a message to a user's program took, by the outcome.",
            ("outcome",),
            buckets=CALL_BUCKETS_S,
            registry=registry,
        )
        self.given_up = Counter(
            "neurophoto_program_messages_given_up",
            "Messages to users' programs that were not taken in three days.",
            registry=registry,
        )
        self.ratings = Counter(
            "neurophoto_ratings",
            "Ratings of pictures, by trainer, mode and preset.",
            ("trainer", "mode", "preset", "verdict"),
            registry=registry,
        )
