"""aiogram, with each of its models built when it is first used.

Importing aiogram builds a validator and a serializer for each of its types and methods, hundreds
of pydantic models of which a bot meets a small part. That was most of a start's time and of an
idle bot's memory (docs/benchmarks.md). pydantic builds a model at its first use where its
configuration says `defer_build`. aiogram's types say so, and are built all the same at the end of
`aiogram.types`, because their annotations name types that their modules do not import. Its
methods do not say so.

What is used here, pydantic documents: `ConfigDict`, `defer_build`, `model_rebuild`. An aiogram
that makes its models in another way has them built when it is imported, as everywhere else.

Until it has been built (by its first use, or by `model_rebuild`), a model can be no field of a
pydantic model of one's own, and no value of a field that takes `Any`, where that is dumped.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import cast

import pydantic
from pydantic import BaseModel, ConfigDict

REBUILD = "model_rebuild"

Build = Callable[..., bool | None]
"""As `BaseModel.model_rebuild`, called with the class."""


def import_aiogram() -> None:
    """Import aiogram, so that each of its models is built when it is first used.

    Nothing happens where it has been imported already.
    """
    if "aiogram" in sys.modules:
        return
    build = cast("Build", vars(BaseModel)[REBUILD].__func__)
    names: dict[str, object] = {}

    def note(
        cls: type[BaseModel],
        /,
        *,
        _types_namespace: Mapping[str, object] | None = None,
        **options: object,
    ) -> bool | None:
        if _types_namespace is None:
            return build(cls, **options)
        names.update(_types_namespace)
        return None

    def build_with_names(
        cls: type[BaseModel],
        /,
        *,
        _types_namespace: Mapping[str, object] | None = None,
        **options: object,
    ) -> bool | None:
        return build(cls, _types_namespace=_types_namespace or names, **options)

    with (
        _replaced(BaseModel, REBUILD, classmethod(note)),
        _replaced(pydantic, "ConfigDict", partial(ConfigDict, defer_build=True)),
    ):
        from aiogram.methods.base import Response, TelegramMethod  # noqa: PLC0415
        from aiogram.types import Message, TelegramObject  # noqa: PLC0415
    for base in (TelegramObject, TelegramMethod, Response):
        setattr(base, REBUILD, classmethod(build_with_names))
    # What holds a model that is built uses it; else it builds a copy of its own, which for a
    # message, as half of the methods return one, is most of what there is.
    Message.model_rebuild()


@contextmanager
def _replaced(owner: object, name: str, value: object) -> Iterator[None]:
    before = vars(owner)[name]
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)
