"""Which of a user's pictures are looked at, and one of them with what is told of it."""

from dataclasses import dataclass
from enum import StrEnum

from services.domain.values import Generation, Model, Picture


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of a user's delivered pictures are looked at: all, but for what is given.

    All `words` must be in the prompt, in any order and whatever the case.
    """

    user_id: int
    model_id: str | None = None
    only_favourites: bool = False
    words: str = ""


class Step(StrEnum):
    """Which picture is meant, seen from a place in the row of pictures."""

    HERE = "here"
    NEWER = "newer"
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture with what is told of it; only what is made of a photo alone has no model.

    `second` is the model of the other person in it, if there is one.
    """

    picture: Picture
    generation: Generation
    model: Model | None
    second: Model | None = None
