"""The consent to the use of photos: asked before the first, and again when its wording changes."""

from datetime import date

from db.database import Transaction
from services.domain.values import Consent
from services.errors import ConsentChanged

CONSENT_DATE = date(2026, 11, 30)
"""Since when `ask-consent` in the locale files says what it says; it changes with the sentence."""

CONSENT_VERSION = CONSENT_DATE.isoformat()
"""Which wording was agreed to."""


def given_now() -> Consent:
    """Return a consent to the present wording."""
    return Consent(version=CONSENT_VERSION)


async def is_current(tx: Transaction, set_id: str) -> bool:
    """Return whether the present wording was agreed to for the photos of a draft or training."""
    return (await tx.photos.consent_to(set_id)).version == CONSENT_VERSION


async def require_current(tx: Transaction, set_id: str) -> None:
    """Return if the present wording was agreed to for the photos of a draft or training.

    Raises:
        ConsentChanged: Another one was.
    """
    if not await is_current(tx, set_id):
        raise ConsentChanged
