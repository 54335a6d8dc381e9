"""The trainers on offer, by what a screen says of them."""

from services.fal.endpoints import TRAINERS


def nickname_of(trainer: str) -> str:
    """Return the short name of a trainer, which sentences and buttons call it by."""
    return TRAINERS[trainer].nickname
