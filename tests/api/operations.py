"""Every operation of the API, read from its own document, so that no new one is forgotten."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from api.public import build_api


@dataclass(frozen=True)
class Operation:
    """A method at a path, with what the document says of it."""

    method: str
    path: str
    said: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def ids(self) -> list[str]:
        """What is named in the path."""
        return re.findall(r"{(\w+)}", self.path)

    @property
    def costs(self) -> bool:
        """Whether somebody may have too little for it."""
        return "402" in self.said["responses"]

    @property
    def required_headers(self) -> set[str]:
        return {
            one["name"]
            for one in self.said.get("parameters", ())
            if one["in"] == "header" and one["required"]
        }

    @property
    def takes_json(self) -> bool:
        return "application/json" in self.said.get("requestBody", {}).get("content", {})

    def at(self, **ids: object) -> str:
        """Return the path with these ids."""
        return self.path.format(**ids)


DOCUMENT: Mapping[str, Any] = build_api(cast("Any", None)).openapi()

OPERATIONS = [
    Operation(method.upper(), path, said)
    for path, calls in DOCUMENT["paths"].items()
    for method, said in calls.items()
]
