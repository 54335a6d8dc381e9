"""Counts at the places that everything passes: updates in, calls out, jobs at their end."""

import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from aiogram import BaseMiddleware, Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import TelegramObject, Update
from aiogram.types.update import UpdateTypeLookupError

from bot.metrics.figures import Counted
from handlers.telegram.middlewares import is_no_answer
from services.domain.trouble import DatabaseUnavailable
from services.domain.values import Measured, Rating
from services.errors import DomainError
from services.fal.transport import HOST_PREFIXES
from services.jobs.kind import End
from services.webhooks.sending import GIVEN_UP

OK, REFUSED, FLOOD, NO_ANSWER, FAILED, PUT_OFF = (
    "ok",
    "refused",
    "flood",
    "no_answer",
    "failed",
    "put_off",
)


_OF_REQUEST = re.compile(r"/requests/[^/]+(?:/(?P<about>status|cancel))?/?$")


class UpdateFigures(BaseMiddleware):
    """Counts what comes in; it stands before all others that take time."""

    def __init__(self, counted: Counted) -> None:
        self._counted = counted

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:  # noqa: ANN401  # whatever the handler returns
        """Handle an update and note how long it took."""
        began, outcome = time.perf_counter(), OK
        try:
            with self._counted.updates_in_progress.track_inprogress():
                return await handler(event, data)
        except DomainError:
            outcome = REFUSED
            raise
        except DatabaseUnavailable:
            outcome = PUT_OFF
            raise
        except BaseException:
            outcome = FAILED
            raise
        finally:
            took_s = time.perf_counter() - began
            self._counted.updates.labels(_kind_of(event), outcome).observe(took_s)


def _kind_of(event: TelegramObject) -> str:
    if not isinstance(event, Update):
        return "other"
    try:
        return event.event_type
    except UpdateTypeLookupError:
        return "other"


class TelegramFigures(BaseRequestMiddleware):
    """Counts what goes out; it stands behind all that waits and repeats."""

    def __init__(self, counted: Counted) -> None:
        self._counted = counted

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Send a request and note what came of it."""
        began, outcome = time.perf_counter(), OK
        try:
            return await make_request(bot, method)
        except TelegramRetryAfter:
            outcome = FLOOD
            raise
        except Exception as error:
            is_refusal = isinstance(error, TelegramAPIError) and not is_no_answer(error)
            outcome = REFUSED if is_refusal else NO_ANSWER
            raise
        finally:
            took_s = time.perf_counter() - began
            self._counted.telegram.labels(method.__api_method__, outcome).observe(took_s)


class FalFigures:
    """Counts requests to fal, see `services.fal.transport.Observer`."""

    def __init__(self, counted: Counted) -> None:
        self._counted = counted

    def __call__(self, method: str, url: httpx.URL, status: int | None, took_s: float) -> None:
        """Note a request."""
        self._counted.fal.labels(call_of(method, url), _outcome_of(status)).observe(took_s)


def call_of(method: str, url: httpx.URL) -> str:
    """Return what a request asks fal for, in a word of which there are few."""
    # The addresses of a request are fal's own words, and name the stand-in where there is one.
    if found := _OF_REQUEST.search(url.path):
        return found["about"] or "result"
    part = HOST_PREFIXES.get(url.host)
    if part == "queue" and method == "POST":
        return "submit"
    return {"rest": "storage", "cdn": "upload", "api": "platform"}.get(part or "", "other")


def _outcome_of(status: int | None) -> str:
    if status is None:
        return NO_ANSWER
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return FLOOD
    if status >= httpx.codes.INTERNAL_SERVER_ERROR:
        return FAILED
    return REFUSED if status >= httpx.codes.BAD_REQUEST else OK


class JobFigures:
    """Counts the ends of jobs, see `services.jobs.kind.JobContext.ended`."""

    def __init__(self, counted: Counted) -> None:
        self._counted = counted

    def __call__(self, end: End) -> None:
        """Note an end."""
        self._counted.jobs.labels(end.kind, end.state).observe(end.elapsed_s)
        if end.failure is not None:
            self._counted.failures.labels(end.kind, end.failure).inc()


class ProgramFigures:
    """Counts what is sent to users' programs, see `services.webhooks.sending.Sending`."""

    def __init__(self, counted: Counted) -> None:
        self._counted = counted

    def __call__(self, outcome: str, took_s: float) -> None:
        """Note a try, or that there will be none any more."""
        if outcome == GIVEN_UP:
            self._counted.given_up.inc()
        else:
            self._counted.programs.labels(outcome).observe(took_s)


class LikenessFigures:
    """Notes the likeness of models, see `services.training.comparing.Comparing`."""

    def __init__(self, counted: Counted) -> None:
        self._counted = counted

    def __call__(self, measured: Measured) -> None:
        """Note a new model."""
        labels = measured.trainer, measured.mode.value
        self._counted.likeness.labels(*labels).observe(measured.percent)


class RatingFigures:
    """Counts ratings, see `services.pictures.ratings.RatingService`."""

    def __init__(self, counted: Counted) -> None:
        self._counted = counted

    def __call__(self, rating: Rating) -> None:
        """Note a rating; the names of presets are the operator's."""
        verdict = "good" if rating.is_good else "bad"
        labels = (rating.trainer, rating.mode.value, rating.preset, verdict)
        self._counted.ratings.labels(*labels).inc()
