"""Personal keys, by which a program of the user's own asks over HTTP."""

import hashlib
import logging
import secrets

from db.database import Database
from services.domain.api_keys import ApiKey, KeyScope
from services.errors import StaleButton
from services.identifiers import new_id

logger = logging.getLogger(__name__)

PREFIX = "np_"
"""Tells a key from other secrets, for people and for programs that look for leaked ones."""

KEY_BYTES = 32
"""256 random bits: with so many, a plain SHA-256 of the key is as good as the key itself."""

KEY_LENGTH = len(PREFIX) + 43
"""In characters: 32 bytes in URL-safe base64."""

DAILY_PICTURES = (10, 50, 200)
"""How many pictures a day a key may be let order; the first is where a new one begins."""

DAILY_TRAININGS = 1
"""How many trainings a day a key may start that may start any."""


class ApiKeys:
    """Use cases of personal keys.

    Args:
        database: Where their digests are kept.
        is_on: Whether there is an API that they could be used with.
        docs_address: Where the API is described, as far as it is known from outside.
    """

    def __init__(self, database: Database, *, is_on: bool, docs_address: str = "") -> None:
        self._database = database
        self.is_on = is_on
        self.docs_address = docs_address

    async def of(self, user_id: int) -> ApiKey | None:
        """Return what is known of somebody's key."""
        async with self._database.transaction() as tx:
            return await tx.api_keys.of(user_id)

    async def make(self, user_id: int, scope: KeyScope) -> tuple[ApiKey, str]:
        """Make a key in the place of the old one, which is worth nothing from now on.

        Returns:
            What is kept of it, and the key itself, which is told here and never again.
        """
        secret = PREFIX + secrets.token_urlsafe(KEY_BYTES)
        key = ApiKey(
            id=new_id(),
            user_id=user_id,
            scope=scope,
            daily_pictures=DAILY_PICTURES[0] if scope.allows(KeyScope.GENERATE) else 0,
            daily_trainings=DAILY_TRAININGS if scope.allows(KeyScope.TRAIN) else 0,
        )
        async with self._database.transaction() as tx:
            await tx.users.lock(user_id)
            await tx.api_keys.put(key, digest_of(secret))
        logger.info("user %s has a new key %s to %s", user_id, key.id, scope)
        return key, secret

    async def limit(self, user_id: int, key_id: str, daily_pictures: int) -> ApiKey:
        """Change how many pictures a day a key may order.

        Raises:
            StaleButton: The key was revoked, or may order none.
        """
        async with self._database.transaction() as tx:
            await tx.users.lock(user_id)
            key = await tx.api_keys.of(user_id)
            is_known = daily_pictures in DAILY_PICTURES
            if key is None or key.id != key_id or key.scope is KeyScope.READ or not is_known:
                raise StaleButton
            return await tx.api_keys.limit(key.id, daily_pictures)

    async def revoke(self, user_id: int) -> None:
        """Make somebody's key worth nothing, at once; where there is none, nothing happens."""
        async with self._database.transaction() as tx:
            await tx.api_keys.remove_of(user_id)
        logger.info("user %s has no key now", user_id)

    async def known(self, secret: str) -> ApiKey | None:
        """Return what is kept of a key that somebody shows; None where nobody has such a one."""
        if not secret.startswith(PREFIX) or len(secret) != KEY_LENGTH:
            return None
        async with self._database.transaction() as tx:
            return await tx.api_keys.by_digest(digest_of(secret))


def digest_of(secret: str) -> str:
    """Return what is kept of a key: its SHA-256 in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()
