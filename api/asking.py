"""How something that costs is asked for: once, however often the request comes."""

import hashlib
import json
from typing import Annotated

from fastapi import Header
from pydantic import BaseModel

from api.callers import Caller
from services.domain.api_keys import Asking

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,100}$",
        description=(
            "A new word of yours for each order, such as a UUID. The same request with the same"
            " word, within 30 days, orders nothing more and is answered the same."
        ),
    ),
]


def asking_of(caller: Caller, key: str, body: BaseModel) -> Asking:
    """Return how a caller asks for what is in a body."""
    asked = json.dumps(body.model_dump(mode="json"), sort_keys=True)
    return Asking(key, hashlib.sha256(asked.encode()).hexdigest(), caller.key)
