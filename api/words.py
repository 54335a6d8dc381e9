"""What callers may send where any text would do."""

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

_UNKEPT = re.compile(r"[\x00\ud800-\udfff]")


def _that_can_be_kept(text: str) -> str:
    if _UNKEPT.search(text):
        msg = "has characters that are no text: U+0000, or half of a surrogate pair"
        raise ValueError(msg)
    return text


Words = Annotated[str, AfterValidator(_that_can_be_kept)]
"""A text that every database takes."""

RowId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,16}$")]
"""The id of a row."""

CategoryId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
"""The id of a category of presets."""
