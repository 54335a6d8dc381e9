"""An update reads its user and dialogue once, and writes only what has changed."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from aiogram import Bot, Dispatcher, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import Message, Update
from sqlalchemy import Engine, event

from db.database import Database
from handlers.telegram.command_filters import TextCommand
from handlers.telegram.middlewares import UserMiddleware
from handlers.train.states import TrainForm
from services.domain.trouble import DatabaseUnavailable
from services.domain.values import User
from services.users.access import Access
from services.users.service import UserService
from tests.hang_up import hang_up

USER = 1001


class Hall:
    """A dispatcher with a few handlers, and what they did to the database."""

    def __init__(self, database: Database, bot: Bot) -> None:
        self.seen: list[tuple[int, str | None, dict[str, Any]]] = []
        self._bot = bot
        router = Router()
        router.message.register(self._look, TextCommand("look"))
        router.message.register(self._change, TextCommand("change"))
        router.message.register(self._fail, TextCommand("fail"))
        router.message.register(self._fail_for_database, TextCommand("unavailable"))
        router.message.register(self._look, TrainForm.name)
        self.dispatcher = Dispatcher(disable_fsm=True)
        users = UserService(database, self._resume)
        self.dispatcher.update.outer_middleware(
            UserMiddleware(users, Access(database, is_open=True))
        )
        self.dispatcher.include_router(router)

    async def _resume(self) -> None:
        return

    async def _look(self, _message: Message, user: User, state: FSMContext) -> None:
        self.seen.append((user.id, await state.get_state(), await state.get_data()))

    async def _change(self, _message: Message, state: FSMContext) -> None:
        await state.set_state(TrainForm.name)
        await state.update_data(ids=["a"])
        await state.update_data(more=1)

    async def _fail(self, _message: Message, state: FSMContext) -> None:
        await state.clear()
        raise RuntimeError

    async def _fail_for_database(self, _message: Message, state: FSMContext) -> None:
        await state.clear()
        raise DatabaseUnavailable

    async def hears(self, text: str) -> None:
        person = {"id": USER, "is_bot": False, "first_name": "Ann", "language_code": "en"}
        chat = {"id": USER, "type": "private"}
        message = {"message_id": 1, "date": 1, "from": person, "chat": chat, "text": text}
        update = {"update_id": 1, "message": message}
        parsed = Update.model_validate(update, context={"bot": self._bot})
        await self.dispatcher.feed_update(self._bot, parsed)


@pytest.fixture
async def hall(database: Database) -> AsyncIterator[Hall]:
    bot = Bot("123456:any")
    yield Hall(database, bot)
    await hang_up(bot.session)


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """What the database is asked for within its transactions."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if (word := statement.split(maxsplit=1)[0]) != "BEGIN":
            asked.append(word)

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


async def test_an_ordinary_update_reads_once_and_writes_nothing(
    hall: Hall, statements: list[str]
) -> None:
    await hall.hears("/look")
    statements.clear()
    await hall.hears("/look")
    assert statements == ["SELECT"]
    assert hall.seen == [(USER, None, {})] * 2


async def test_a_change_of_the_dialogue_is_written_once_at_the_end(
    hall: Hall, statements: list[str]
) -> None:
    await hall.hears("/look")
    statements.clear()
    await hall.hears("/change")
    assert statements == ["SELECT", "INSERT"]
    await hall.hears("a name")
    assert hall.seen[-1] == (USER, "TrainForm:name", {"ids": ["a"], "more": 1})
    statements.clear()
    await hall.hears("/change")
    assert statements == ["SELECT"]


async def test_a_bug_keeps_what_was_changed_before_it(hall: Hall) -> None:
    await hall.hears("/change")
    with pytest.raises(RuntimeError):
        await hall.hears("/fail")
    await hall.hears("/look")
    assert hall.seen[-1] == (USER, None, {})


async def test_what_failed_for_the_database_begins_again_from_where_it_stood(hall: Hall) -> None:
    await hall.hears("/change")
    with pytest.raises(DatabaseUnavailable):
        await hall.hears("/unavailable")
    await hall.hears("/look")
    assert hall.seen[-1] == (USER, "TrainForm:name", {"ids": ["a"], "more": 1})
