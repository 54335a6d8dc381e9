"""Takes fal's calls: a job has ended, says somebody who may be fal."""

import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Mapping

from api.door import CallRefused
from services.fal.webhook import FalKeys, NotFromFal, ids_of, read_signature
from services.jobs.ended import EndedJobs

logger = logging.getLogger(__name__)

FOREIGN = "foreign"
"""A call at another address than fal was given with the submit."""


class FalCalls:
    """The door for fal's calls.

    What a call says of a result is never believed: it has the job looked at.

    Args:
        word: The end of the address, see `bot.fal_address`.
        keys: fal's.
        ended: Has jobs looked at.
        clock: Unix time.

    Attributes:
        refused: How many calls were refused, by the reason.
    """

    def __init__(
        self,
        word: str,
        keys: FalKeys,
        ended: EndedJobs,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._word = word
        self._keys = keys
        self._ended = ended
        self._clock = clock
        self.refused: Counter[str] = Counter()

    def admit(self, word: str, headers: Mapping[str, str]) -> None:
        """See `FalDoor.admit`."""
        if not secrets.compare_digest(word.encode(), self._word.encode()):
            raise self._refusal(FOREIGN)
        try:
            read_signature(headers, self._clock())
        except NotFromFal as error:
            raise self._refusal(error.refusal) from None

    async def take(self, headers: Mapping[str, str], body: bytes) -> None:
        """See `FalDoor.take`."""
        try:
            signature = read_signature(headers, self._clock())
            await self._keys.check(signature, body)
        except NotFromFal as error:
            raise self._refusal(error.refusal) from None
        await self._ended.look(ids_of(signature, body))

    def _refusal(self, reason: str) -> CallRefused:
        self.refused[reason] += 1
        if self.refused[reason] == 1:
            logger.warning("a call in fal's name is refused: %s; more are only counted", reason)
        return CallRefused(reason)
