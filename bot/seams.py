"""Where the figures of a running bot are counted, if somebody asks for them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from aiogram import BaseMiddleware
from aiogram.client.session.middlewares.base import BaseRequestMiddleware

from services.domain.values import Measured, Rating
from services.fal.transport import Observer
from services.jobs.kind import End


class Up(Protocol):
    """A service outside."""

    @property
    def is_down(self) -> bool:
        """Whether it is in an outage."""
        ...


@dataclass(frozen=True)
class Seams:
    """The places that everything passes.

    Attributes:
        updates: Stands before all handlers.
        telegram: Stands behind all that waits and repeats on the way to Telegram.
        fal: Is told of each request to fal.
        jobs: Is told of each end of a job.
        rated: Is told of each rating of a picture.
        measured: Is told of the likeness of each new model.
        sent: Is told of each message to a user's program.
    """

    updates: BaseMiddleware | None = None
    telegram: BaseRequestMiddleware | None = None
    fal: Observer | None = None
    jobs: Callable[[End], None] | None = None
    rated: Callable[[Rating], None] | None = None
    measured: Callable[[Measured], None] | None = None
    sent: Callable[[str, float], None] | None = None
