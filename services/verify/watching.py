"""Submits jobs once, watches them to the end, and leaves none running."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from services.domain.clock import now
from services.errors import FalError, FalOutcomeUnknown, FalResultGone, FalUnavailable
from services.fal.client import FalClient
from services.fal.gateway import Ended, Job
from services.fal.words import Words
from services.verify.evidence import Asked, Evidence, JobSeen
from services.verify.open_jobs import OpenJobs

BEFORE = timedelta(minutes=10)
"""fal's clock may differ from ours by less than this."""

R = TypeVar("R")


@dataclass(frozen=True)
class Pace:
    """How often is asked and how long is waited, in seconds; `looks` are those after an end."""

    poll_s: float = 2.0
    look_s: float = 15.0
    looks: int = 8
    deadline_s: float = 10800.0


class Watcher:
    """Everything about single jobs.

    Args:
        fal: The gateway, which shows its answers to `evidence`.
        evidence: Where it is noted what was seen.
        open_jobs: Where it is written down what is under way.
        pace: How often is asked.
        say: Tells the operator.
    """

    def __init__(
        self,
        fal: FalClient,
        evidence: Evidence,
        open_jobs: OpenJobs,
        pace: Pace,
        say: Callable[[str], object],
    ) -> None:
        self._fal = fal
        self._seen = evidence
        self._open = open_jobs
        self._pace = pace
        self._say = say
        self.since = now() - BEFORE

    async def submit(
        self, name: str, endpoint: str, mark: str, price_usd: Decimal, request: Awaitable[Job]
    ) -> JobSeen:
        """Send a paid request, once; the intention is written down before.

        Raises:
            FalError: It was refused, or it is not known whether it was taken.
        """
        began_s = self._seen.now_s
        seen = JobSeen(
            name=name, endpoint=endpoint, mark=mark, price_usd=price_usd, submitted_s=began_s
        )
        self._seen.jobs.append(seen)
        self._open.keep(self._seen.jobs)
        try:
            seen.job = await request
        except FalOutcomeUnknown:
            raise
        except FalError as error:
            seen.is_refused, seen.outcome = True, _words(error)
            raise
        finally:
            self._open.keep(self._seen.jobs)
        self._say(f"{name}: request {seen.job.request_id}")
        return seen

    async def watch(self, seen: JobSeen, result: Callable[[Job], Awaitable[R]]) -> R | None:
        """Return the result of a job, None if it has none."""
        assert seen.job is not None  # noqa: S101  # it was submitted
        look_at_s = 0.0
        while not await self._has_ended(seen, seen.job):
            if self._seen.now_s >= look_at_s:
                await self.look(seen)
                look_at_s = self._seen.now_s + self._pace.look_s
            if self._seen.now_s - seen.submitted_s > self._pace.deadline_s:
                self._seen.trouble.append(f"{seen.name}: no end within {self._pace.deadline_s} s")
                return None
            await asyncio.sleep(self._pace.poll_s)
        return await self._result(seen, seen.job, result)

    async def _result(
        self, seen: JobSeen, job: Job, result: Callable[[Job], Awaitable[R]]
    ) -> R | None:
        made = None
        for _ in range(self._pace.looks):
            try:
                made = await result(job)
                seen.outcome = "ok"
            except (FalUnavailable, FalResultGone) as error:
                seen.outcome = _words(error)
                await asyncio.sleep(self._pace.poll_s)
                continue
            except FalError as error:
                seen.outcome = _words(error)
            break
        seen.ended_s = self._seen.now_s
        self._open.keep(self._seen.jobs)
        self._say(f"{seen.name}: {seen.outcome}")
        await self._look_after_the_end(seen)
        return made

    async def _has_ended(self, seen: JobSeen, job: Job) -> bool:
        try:
            status = await self._fal.status(job)
        except FalError as error:
            if self._may_go_on(seen, error):
                self._seen.trouble.append(f"{seen.name}: a status was not told: {_words(error)}")
                return False
            seen.states.append((self._seen.now_s, _words(error).partition(":")[0]))
            return True
        seen.gone_looks = 0
        self._note_status(seen)
        return isinstance(status, Ended)

    def _may_go_on(self, seen: JobSeen, error: FalError) -> bool:
        """Return whether a job may go on and cost something; a 404 may be a hiccup."""
        if isinstance(error, FalResultGone) and not seen.stop_said:
            seen.gone_looks += 1
            return seen.gone_looks < self._pace.looks
        return isinstance(error, FalUnavailable)

    def _note_status(self, seen: JobSeen) -> None:
        """Keep the word and the lines as fal spelled them; the window of lines moves."""
        answers = list(self._seen.of(Asked.STATUS, seen))
        if not answers:
            # The address that fal gave has another form than all that are known.
            seen.states.append((self._seen.now_s, "at an unknown address"))
            return
        answer = answers[-1]
        word = str(answer.body.get("status"))[:40]
        if not seen.states or seen.states[-1][1] != word:
            seen.states.append((answer.at_s, word))
        logs = answer.body.get("logs")
        for entry in logs if isinstance(logs, list) else []:
            if isinstance(entry, dict) and isinstance(entry.get("message"), str):
                line = (str(entry.get("timestamp")), entry["message"])
                seen.logs.setdefault(line, answer.at_s)

    async def look(self, seen: JobSeen) -> bool | None:
        """Look for a job in the request history, by its input as the bot does.

        Returns:
            Whether it is listed; None where fal does not say.
        """
        try:
            found = await self._fal.find_submissions(seen.endpoint, [seen.mark], self.since)
        except FalUnavailable:
            return None
        ids = {
            str(row["request_id"]) for a in self._seen.of(Asked.HISTORY) for row in a.body["items"]
        }
        is_listed = None if found is None else bool(seen.job and seen.job.request_id in found)
        seen.sightings.append((self._seen.now_s, is_listed))
        seen.found_bare |= is_listed is False and bool(seen.job and seen.job.request_id in ids)
        return is_listed

    async def _look_after_the_end(self, seen: JobSeen) -> None:
        for number in range(self._pace.looks):
            if number:
                await asyncio.sleep(self._pace.look_s)
            if await self.look(seen) is not False:
                return

    async def stop(self, seen: JobSeen) -> None:
        """Ask fal to cancel a job, and note what it said."""
        if seen.job is None:
            return
        try:
            seen.stop_said = str(await self._fal.cancel(seen.job))
        except FalError as error:
            seen.stop_said = _words(error)
        self._say(f"{seen.name}: cancel asked for; fal said: {seen.stop_said}")

    async def clear(self) -> None:
        """Cancel what is under way; say what may go on all the same."""
        for seen in self._seen.jobs:
            if not seen.is_under_way:
                continue
            if seen.job is None:
                await self._find(seen)
            await self.stop(seen)
            request_id = seen.job.request_id if seen.job else "not known"
            self._seen.trouble.append(
                f"{seen.name} may still run at fal: request id {request_id}, {seen.endpoint};"
                f" a cancel was answered: {seen.stop_said or 'not asked'}"
            )
            self._say(self._seen.trouble[-1])
        self._open.keep(self._seen.jobs)

    async def _find(self, seen: JobSeen) -> None:
        """Look for a submit whose answer was lost; nothing but one match is an answer."""
        try:
            found = await self._fal.find_submissions(seen.endpoint, [seen.mark], self.since)
            if found is not None and len(found) == 1:
                seen.job = await self._fal.job_of(seen.endpoint, found[0])
        except FalError:
            return


def _words(error: FalError) -> str:
    return Words().short(f"{type(error).__name__}: {error}")
