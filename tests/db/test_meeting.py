"""An update of somebody known costs one read."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event

from db.database import Database
from db.meeting import Meeting, meet
from services.domain.values import Dialogue
from services.domain.vocabulary import Language
from tests.db.conftest import USER

KEY = "1:2:3"


async def met(database: Database, user_id: int, language: Language = Language.EN) -> Meeting:
    return await database.at_once(lambda connection: meet(connection, user_id, language, KEY))


@contextmanager
def statements() -> Iterator[list[str]]:
    """List the first words of what databases are told."""
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            told.append(statement.split(maxsplit=1)[0])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_who_is_known_is_read_with_their_dialogue_and_nothing_is_written(
    database: Database,
) -> None:
    here = Dialogue(state="Form:name", data={"draft": "a"})
    async with database.transaction() as tx:
        known = await tx.users.get(USER)
        await tx.dialogues.put(KEY, here)
    with statements() as told:
        meeting = await met(database, USER)
    assert (meeting.user, meeting.dialogue, meeting.has_returned) == (known, here, False)
    assert told == ["SELECT"]


async def test_a_stranger_is_made_known_once(database: Database) -> None:
    first = await met(database, 7, Language.RU)
    assert (first.user.id, first.user.language, first.dialogue) == (7, Language.RU, Dialogue())
    assert await met(database, 7, Language.RU) == first


async def test_the_language_is_followed_until_one_is_chosen(database: Database) -> None:
    assert (await met(database, USER, Language.RU)).user.language is Language.RU
    async with database.transaction() as tx:
        await tx.users.choose_language(USER, Language.EN)
    assert (await met(database, USER, Language.RU)).user.language is Language.EN


async def test_who_writes_again_is_reachable_again(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.users.note_unreachable(USER)
    meeting = await met(database, USER)
    assert meeting.has_returned
    assert meeting.user.unreachable_since is None
    assert not (await met(database, USER)).has_returned


async def test_what_raises_is_rolled_back(database: Database) -> None:
    def fail(connection: Connection) -> None:
        meet(connection, 7, Language.EN, KEY)
        raise LookupError

    with pytest.raises(LookupError):
        await database.at_once(fail)
    async with database.transaction() as tx:
        assert await tx.users.get(7) is None
