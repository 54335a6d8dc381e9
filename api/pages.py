"""Lists of answers, a page at a time."""

from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

Item = TypeVar("Item")

MOST = 100

CURSOR = r"^[A-Za-z0-9_-]{1,16}(\.[0-9]{1,3})?$"
"""A place in a list: an id, and the position of a picture."""

Limit = Annotated[int, Query(ge=1, le=MOST, description="How many items a page has at most.")]
Cursor = Annotated[
    str | None,
    Query(
        pattern=CURSOR, description="The `next` of the page before; without it, the first page."
    ),
]


class Page(BaseModel, Generic[Item]):
    """A part of a list, newest first."""

    items: list[Item]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")
