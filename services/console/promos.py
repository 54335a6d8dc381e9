"""Promo codes, which admins make."""

import logging
import re
import secrets
from collections.abc import Sequence
from datetime import timedelta

from db.database import Database
from services.domain.clock import now
from services.domain.codes import Promo
from services.domain.console import Action, Deed
from services.errors import StaleButton

logger = logging.getLogger(__name__)

LISTED = 20

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""What a code is drawn from: nothing that is mistaken for another."""

DRAWN = 8

WISH = re.compile(
    r"([1-9]\d{0,4}) +([1-9]\d{0,5}) +([1-9]\d{0,3})(?: +([A-Za-z0-9_-]{3,32}))?", re.ASCII
)
"""Credits, uses, days, and a name; a link can carry no other letters."""


def read_promo(words: str) -> Promo | None:
    """Return the promo code that an admin describes as `50 100 30 SUMMER`; None if they do not."""
    found = WISH.fullmatch(words.strip())
    if found is None:
        return None
    return Promo(
        code=(found[4] or "".join(secrets.choice(LETTERS) for _ in range(DRAWN))).upper(),
        credits=int(found[1]),
        uses=int(found[2]),
        expires_at=now() + timedelta(days=int(found[3])),
    )


class Promos:
    """Use cases of admins.

    Args:
        database: Where codes are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self) -> Sequence[Promo]:
        """Return the newest codes."""
        async with self._database.transaction() as tx:
            return await tx.codes.newest_promos(LISTED)

    async def make(self, admin_id: int, promo: Promo) -> None:
        """Keep a new code.

        Raises:
            StaleButton: There was one of that name, in use or not.
        """
        async with self._database.transaction() as tx:
            if not await tx.codes.add_promo(promo):
                raise StaleButton
            words = f"{promo.credits} x {promo.uses}"
            await tx.actions.add(
                Action(admin_id=admin_id, deed=Deed.PROMO, of_id=promo.code, reason=words)
            )
        logger.info("admin %s has made promo code %s: %s", admin_id, promo.code, words)

    async def end(self, admin_id: int, code: str) -> None:
        """Have a code bring nothing from now on; who has used it keeps what it brought.

        Raises:
            StaleButton: It was worth nothing any more, or there is none of that name.
        """
        async with self._database.transaction() as tx:
            if not await tx.codes.end_promo(code, now()):
                raise StaleButton
            await tx.actions.add(Action(admin_id=admin_id, deed=Deed.PROMO_END, of_id=code))
        logger.info("admin %s has ended promo code %s", admin_id, code)
