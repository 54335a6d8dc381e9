"""The words of those who ask over HTTP: keys, what they may do, and requests that repeat."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.domain.clock import now


class KeyScope(StrEnum):
    """What a key may do; each may do what those before it may."""

    READ = "read"
    GENERATE = "generate"
    TRAIN = "train"

    def allows(self, scope: "KeyScope") -> bool:
        """Return whether a key of this scope may do what another scope is for."""
        order = list(KeyScope)
        return order.index(scope) <= order.index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A person's key, which is not here: only its digest is kept, and not as part of this value.

    `daily_pictures` and `daily_trainings` are what it may order within 24 hours.
    """

    id: str
    user_id: int
    scope: KeyScope
    daily_pictures: int
    daily_trainings: int
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRequest:
    """A request that was carried out; asked again, it leads to the same `result_id`.

    `key` is the caller's Idempotency-Key, `fingerprint` the SHA-256 of what was asked.
    """

    user_id: int
    key: str
    operation: str
    fingerprint: str
    result_id: str
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class Asking:
    """How something that costs is asked for over HTTP.

    `key` is the caller's Idempotency-Key, `fingerprint` the SHA-256 of what is asked, `by` the
    personal key that it is charged to as well; None for the Mini App.
    """

    key: str
    fingerprint: str
    by: ApiKey | None = None
