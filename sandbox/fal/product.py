"""What a worker hands back before anything is stored or charged."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.fal.failures import JsonObject


@dataclass(frozen=True)
class ProducedFile:
    """A file to be put on the CDN."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True)
class Product:
    """Files, the units to charge, and how the answer is written once the files have addresses."""

    files: tuple[ProducedFile, ...]
    units: float
    answer: Callable[[list[str]], JsonObject]
