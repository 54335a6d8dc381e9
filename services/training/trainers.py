"""The trainers on offer, by what a screen says of them."""

from services.fal.endpoints import TRAINERS


def nickname_of(trainer: str) -> str:
    """Return the short name of a trainer, which sentences and buttons call it by."""
    return TRAINERS[trainer].nickname


def generator_of(trainer: str) -> str:
    """Return the endpoint that makes pictures with the models of a trainer."""
    return TRAINERS[trainer].generator
