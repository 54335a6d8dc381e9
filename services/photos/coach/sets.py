"""The photos of a set as they are kept, and what the coach says of them."""

from collections.abc import Mapping, Sequence
from statistics import median

from services.domain.values import Photo
from services.domain.vocabulary import PhotoState
from services.photos.coach.judging import Flaw, SetVerdict, judge
from services.photos.coach.seen import Seen, seen_in
from services.photos.likeness import near_copies


def accepted_of(photos: Sequence[Photo]) -> list[Photo]:
    """Return the photos that are accepted."""
    return [photo for photo in photos if photo.state == PhotoState.ACCEPTED]


def near_copies_among(photos: Sequence[Photo]) -> tuple[tuple[Photo, Photo], ...]:
    """Return accepted photos almost the same as an earlier one, each with the first such."""
    accepted = accepted_of(photos)
    pairs = near_copies([photo.fingerprint for photo in accepted])
    return tuple((accepted[later], accepted[first]) for later, first in pairs)


def seen_among(photos: Sequence[Photo]) -> list[tuple[Photo, Seen]]:
    """Return the accepted photos on which the coach saw somebody, with what it saw."""
    found = ((photo, seen_in(photo.seen)) for photo in accepted_of(photos))
    return [(photo, seen) for photo, seen in found if seen is not None and seen.faces]


def verdict_on(photos: Sequence[Photo], recommended: int) -> SetVerdict | None:
    """Return what the coach says of the accepted photos; None where it has seen none.

    Args:
        photos: Those of one set.
        recommended: How many photos a good set has.
    """
    seen = seen_among(photos)
    if not seen:
        return None
    copies = {later.id for later, _ in near_copies_among(photos)}
    indices = [index for index, (photo, _) in enumerate(seen) if photo.id in copies]
    return judge([each for _, each in seen], indices, recommended)


def numbers_by_flaw(photos: Sequence[Photo], verdict: SetVerdict) -> Mapping[Flaw, Sequence[int]]:
    """Return the numbers of the photos that have each flaw, the worst flaw first."""
    seen = list(zip(seen_among(photos), verdict.flaws, strict=True))
    found = {flaw: [photo.number for (photo, _), its in seen if flaw in its] for flaw in Flaw}
    return {flaw: numbers for flaw, numbers in found.items() if numbers}


def own_likeness(photos: Sequence[Photo]) -> float | None:
    """Return how much the faces of a set are alike among themselves, where that is known."""
    alike = [seen.alike for _, seen in seen_among(photos) if seen.alike is not None]
    return median(alike) if alike else None
