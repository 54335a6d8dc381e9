"""Reads updates as aiogram has them, also those of a Bot API that is newer than its own."""

import copy
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from aiogram import Bot
from aiogram.types import Update
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.incoming import Json

logger = logging.getLogger(__name__)

PARTS_LEFT_OUT = 20
"""So many may have to go before an update is given up; each costs another reading."""

SMALL_PARTS = 10
"""After so many it is a part of the message itself that goes each time."""

UNKNOWN_ORIGIN: Mapping[str, Any] = {"type": "hidden_user", "date": 0, "sender_user_name": ""}
"""Stands for an origin that is not known: what is passed on is not said by its sender."""

Path = tuple[str | int, ...]


def understood(update: Json, bot: Bot) -> Update | None:
    """Return an update without the optional parts that aiogram cannot read, or None.

    Telegram adds kinds of origins, buttons and media, and aiogram refuses all of an update for one
    of a kind that is new to it. A photo is a photo wherever it was forwarded from.

    Args:
        update: As Telegram gave it; it stays as it is.
        bot: Given to the update.

    Returns:
        None where something is missing or odd that an update cannot be without.
    """
    context = {"bot": bot}
    try:
        return Update.model_validate(update, context=context)
    except ValidationError as error:
        path = _part(update, error)
    rest = copy.deepcopy(update)
    for number in range(PARTS_LEFT_OUT):
        if path is None:
            break
        path = path if number < SMALL_PARTS else path[:2]
        names = ".".join(part for part in path if isinstance(part, str))
        logger.warning("update %s is read without its %s", update.get("update_id"), names)
        _leave_out(rest, path)
        try:
            return Update.model_validate(rest, context=context)
        except ValidationError as error:
            path = _part(rest, error)
    return None


def _part(update: Json, error: ValidationError) -> Path | None:
    """Return where the part is that has to go, the innermost first; None where that is all."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    paths = [_path(update, one) for one in details]
    # Where a value may be one of several things, those that it is not complain higher up.
    innermost = max(paths, key=len)
    return innermost if len(innermost) > 1 else None


def _path(update: Json, error: ErrorDetails) -> Path:
    # What is missing is not there, so its owner goes.
    path = _there(update, error["loc"])
    # What has another value than the one that makes it this thing is another thing.
    return path[:-1] if error["type"] == "literal_error" else path


def _there(update: object, loc: Iterable[str | int]) -> Path:
    """Return the keys of a place; pydantic names the models of a choice in between."""
    path: list[str | int] = []
    for key in loc:
        match update, key:
            case dict(), str() if key in update:
                update = update[key]
            case list(), int() if key < len(update):
                update = update[key]
            case _:
                continue
        path.append(key)
    return tuple(path)


def _leave_out(update: Json, path: Path) -> None:
    owner: Any = update
    *above, last = path
    for key in above:
        owner = owner[key]
    if last == "forward_origin" and owner[last] != UNKNOWN_ORIGIN:
        owner[last] = dict(UNKNOWN_ORIGIN)
    else:
        del owner[last]
