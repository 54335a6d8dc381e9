"""What every update needs, in one short transaction: its user, and where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, select, update

from db import console_tables, tables
from db.ready import Ready
from db.upsert import insertion_if_missing
from services.domain.values import Dialogue, User
from services.domain.vocabulary import Language

# Plain tables: these statements run for every update, and need none of the session's work.
_USERS = cast("Table", tables.User.__table__)
_DIALOGUES = cast("Table", tables.DialogueState.__table__)
_BLOCKS = cast("Table", console_tables.BlockRow.__table__)
_USER_FIELDS = tuple(field.name for field in fields(User))
_KNOWN = Ready(
    select(
        *(_USERS.c[name] for name in _USER_FIELDS),
        _DIALOGUES.c.state,
        _DIALOGUES.c.data,
        _BLOCKS.c.user_id.is_not(None),
    )
    .outerjoin(_BLOCKS, _BLOCKS.c.user_id == _USERS.c.id)
    .outerjoin(_DIALOGUES, _DIALOGUES.c.key == bindparam("dialogue_key"))
    .where(_USERS.c.id == bindparam("user_id"))
)


@dataclass(frozen=True)
class Meeting:
    """Whom an update is from.

    Attributes:
        user: Their record.
        dialogue: Where they stand.
        has_returned: Whether nothing could be sent to them until now.
        is_blocked: Whether the operator keeps them out.
    """

    user: User
    dialogue: Dialogue
    has_returned: bool = False
    is_blocked: bool = False


def see(
    connection: Connection, user_id: int, language: Language, dialogue_key: str
) -> Meeting | None:
    """Return a user with their dialogue if nothing is to be written; otherwise `meet` them.

    It is one statement. The arguments are those of `meet`.
    """
    found = _KNOWN.execute(connection, _key(user_id, dialogue_key))
    if not found:
        return None
    met = _meeting(found[0])
    return None if _changes(met, language) else met


def meet(connection: Connection, user_id: int, language: Language, dialogue_key: str) -> Meeting:
    """Return a user, made at first sight, with their dialogue.

    One statement for who is known; a write only where something has changed.

    Args:
        connection: In a transaction.
        user_id: Telegram's id.
        language: The one that Telegram reports; it is followed until the user chooses one.
        dialogue_key: Tells the dialogue from others.
    """
    key = _key(user_id, dialogue_key)
    found = _KNOWN.execute(connection, key)
    if not found:
        values = {"id": user_id, "language": language}
        connection.execute(
            insertion_if_missing(connection.dialect.name, tables.User, values, ["id"])
        )
        found = _KNOWN.execute(connection, key)
    met = _meeting(found[0])
    if not (changes := _changes(met, language)):
        return met
    connection.execute(update(_USERS).where(_USERS.c.id == user_id).values(changes))
    return replace(met, user=replace(met.user, **changes))


def _key(user_id: int, dialogue_key: str) -> dict[str, Any]:
    return {"user_id": user_id, "dialogue_key": dialogue_key}


def _changes(met: Meeting, language: Language) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if met.user.language != language and not met.user.language_chosen:
        changes["language"] = language
    if met.has_returned:
        changes["unreachable_since"] = None
    return changes


def _meeting(row: Sequence[Any]) -> Meeting:
    *values, state, data, is_blocked = row
    user = User(**dict(zip(_USER_FIELDS, values, strict=True)))
    # Without a row there is neither.
    dialogue = Dialogue(state=state, data=data or {})
    return Meeting(user, dialogue, user.unreachable_since is not None, bool(is_blocked))
