"""Packs of credits, as the operator writes them: `100, 250+15, 500+50`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.domain.subscriptions import MOST_STARS


@dataclass(frozen=True)
class Pack:
    """So many Stars bring as many credits, and a bonus."""

    stars: int
    bonus: int = 0


def read_packs(words: str) -> tuple[Pack, ...]:
    """Return packs by price.

    Raises:
        ValueError: They are written in another form.
    """
    packs = []
    for word in words.replace(",", " ").split():
        found = re.fullmatch(r"([1-9]\d{0,5})(?:\+(\d{1,5}))?", word)
        if found is None:
            msg = "not a list of packs; write Stars and a bonus like 100, 250+15, 500+50"
            raise ValueError(msg)
        packs.append(Pack(int(found[1]), int(found[2] or 0)))
    if not packs or len({pack.stars for pack in packs}) != len(packs):
        msg = "name at least one pack, and each price once"
        raise ValueError(msg)
    return tuple(sorted(packs, key=lambda pack: pack.stars))


def worst_rate(packs: Sequence[Pack]) -> Decimal:
    """Return how much of a Star a credit brings in the pack with the largest bonus."""
    return min(Decimal(pack.stars) / (pack.stars + pack.bonus) for pack in packs)


def read_subscription(words: str) -> Pack | None:
    """Return what is sold each month, `250:300` for 300 credits for 250 Stars; None of nothing.

    Raises:
        ValueError: It is written in another form, or brings less than it costs.
    """
    if not words.strip():
        return None
    found = re.fullmatch(r"\s*([1-9]\d{0,5})\s*:\s*([1-9]\d{0,5})\s*", words)
    if found is None:
        msg = "not a subscription; write the Stars of a month and its credits like 250:300"
        raise ValueError(msg)
    stars, credits_ = int(found[1]), int(found[2])
    if stars > MOST_STARS:
        msg = f"Telegram takes at most {MOST_STARS} Stars a month"
        raise ValueError(msg)
    if credits_ < stars:
        msg = "a month must bring at least as many credits as it costs Stars"
        raise ValueError(msg)
    return Pack(stars, credits_ - stars)
