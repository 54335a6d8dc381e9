"""Deletes at fal what it keeps of the requests of deleted rows."""

import logging
from collections.abc import Sequence
from typing import Protocol

from db.database import Database
from services.domain.clock import now
from services.domain.deletion import DeletedPayload, Deletion, PayloadEnd
from services.errors import FalError, FalResultGone, FalUnavailable
from services.fal.gateway import Ended, FalGateway, Job
from services.jobs.pauses import pause_after
from services.rules import TrainingRules

logger = logging.getLogger(__name__)

AT_ONCE = 20
"""So many requests a step: a deletion shares its turns with others."""


class PayloadApi(Protocol):
    """Deletes what fal keeps of requests; fal lets only a key of scope ADMIN do that."""

    async def delete_payload(self, request_id: str) -> bool:
        """Delete input and output of a request, and the files that it made.

        Returns:
            Whether nothing of it is left, also where fal knows no such request.

        Raises:
            FalUnavailable: Try again later.
            FalRejected: fal refuses it.
        """
        ...


class Erasing:
    """The part of a deletion's steps that deletes at fal. All it knows is in rows.

    Args:
        database: Where deletions are kept.
        rules: How often fal is asked, and for how long.
        fal: Tells whether a job that was stopped has ended.
        payloads: Deletes; None without the key for it, and then all is left as it is.
    """

    def __init__(
        self,
        database: Database,
        rules: TrainingRules,
        fal: FalGateway,
        payloads: PayloadApi | None,
    ) -> None:
        self._database = database
        self._rules = rules
        self._fal = fal
        self._payloads = payloads

    async def step(self, deletion: Deletion) -> float | None:
        """Delete some of what is left.

        Returns:
            Seconds to wait before the next step, None when nothing is left to do.
        """
        async with self._database.transaction() as tx:
            payloads = await tx.deletions.open_payloads(deletion.id, AT_ONCE)
        if not payloads:
            return None
        age_s = (now() - deletion.created_at).total_seconds()
        is_last_try = age_s > self._rules.job_deadline_s
        if not await self._all(payloads, is_last_try=is_last_try):
            return pause_after(age_s, self._rules.poll_interval_s)
        return 0.0

    async def _all(self, payloads: Sequence[DeletedPayload], *, is_last_try: bool) -> bool:
        """Try each, up to the first that has to wait; return whether there was none."""
        for payload in payloads:
            end = await self._erase(payload, waits=not is_last_try)
            if end is None and is_last_try:
                end = PayloadEnd.LEFT
            if end is not None:
                logger.info("fal's payload of request %s: %s", payload.request_id, end)
            async with self._database.transaction() as tx:
                await tx.deletions.note_erasure(payload, end)
            if end is None:
                return False
        return True

    async def _erase(self, payload: DeletedPayload, *, waits: bool) -> PayloadEnd | None:
        if self._payloads is None:
            return PayloadEnd.LEFT
        try:
            if waits and payload.status_url and await self._goes_on(payload):
                return None
            is_gone = await self._payloads.delete_payload(payload.request_id)
        except FalUnavailable as error:
            logger.warning("request %s stays at fal for now: %s", payload.request_id, error)
            return None
        except FalError as error:
            logger.warning("request %s stays at fal: %s", payload.request_id, error)
            return PayloadEnd.LEFT
        return PayloadEnd.ERASED if is_gone else PayloadEnd.LEFT

    async def _goes_on(self, payload: DeletedPayload) -> bool:
        """Return whether a job may still make something, which a deletion now would miss."""
        job = Job(payload.request_id, payload.status_url or "", "", "")
        try:
            return not isinstance(await self._fal.status(job), Ended)
        except FalResultGone:
            return False
