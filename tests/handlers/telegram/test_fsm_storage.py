"""The FSM storage keeps what aiogram's contract asks for, over restarts."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiogram.fsm.storage.base import BaseStorage, StorageKey
from aiogram.fsm.storage.memory import MemoryStorage
from sqlalchemy.exc import StatementError

from db.database import Database
from handlers.telegram.fsm_storage import DatabaseStorage, row_key
from handlers.train.states import TrainForm
from services.users.dialogues import Dialogues

KEY = StorageKey(bot_id=42, chat_id=-100, user_id=1001)
OTHERS = [
    replace(KEY, bot_id=43),
    replace(KEY, chat_id=-101),
    replace(KEY, user_id=1002),
    replace(KEY, thread_id=7),
    replace(KEY, business_connection_id="b"),
    replace(KEY, destiny="other"),
]


@pytest.fixture(params=["ours", "aiogram's"])
async def storage(
    request: pytest.FixtureRequest, database: Database
) -> AsyncIterator[BaseStorage]:
    """The same contract is checked on aiogram's own storage, so that it is aiogram's contract."""
    kept: BaseStorage = DatabaseStorage(Dialogues(database))
    if request.param != "ours":
        kept = MemoryStorage()
    yield kept
    await kept.close()


async def test_nothing_is_kept_at_first(storage: BaseStorage) -> None:
    assert await storage.get_state(KEY) is None
    assert await storage.get_data(KEY) == {}


async def test_a_state_is_kept_by_object_and_by_name_and_taken_back(storage: BaseStorage) -> None:
    await storage.set_state(KEY, TrainForm.name)
    assert await storage.get_state(KEY) == "TrainForm:name"
    await storage.set_state(KEY, "Other:state")
    assert await storage.get_state(KEY) == "Other:state"
    await storage.set_state(KEY, None)
    assert await storage.get_state(KEY) is None


async def test_state_and_data_do_not_touch_each_other(storage: BaseStorage) -> None:
    await storage.set_data(KEY, {"a": [1, {"b": "два"}]})
    await storage.set_state(KEY, TrainForm.name)
    assert await storage.get_data(KEY) == {"a": [1, {"b": "два"}]}
    await storage.set_state(KEY, None)
    assert await storage.get_data(KEY) == {"a": [1, {"b": "два"}]}
    await storage.set_state(KEY, TrainForm.name)
    await storage.set_data(KEY, {})
    assert await storage.get_state(KEY) == "TrainForm:name"


async def test_data_is_replaced_updated_and_read_by_name(storage: BaseStorage) -> None:
    await storage.set_data(KEY, {"a": 1})
    await storage.set_data(KEY, {"b": 2})
    assert await storage.get_data(KEY) == {"b": 2}
    assert await storage.update_data(KEY, {"c": 3}) == {"b": 2, "c": 3}
    assert await storage.get_value(KEY, "c") == 3
    assert await storage.get_value(KEY, "d", "default") == "default"


async def test_what_is_read_is_a_copy(storage: BaseStorage) -> None:
    await storage.set_data(KEY, {"a": 1})
    (await storage.get_data(KEY))["a"] = 2
    assert await storage.get_data(KEY) == {"a": 1}


@pytest.mark.parametrize("other", OTHERS, ids=repr)
async def test_every_part_of_the_key_counts(storage: BaseStorage, other: StorageKey) -> None:
    await storage.set_state(KEY, TrainForm.name)
    await storage.set_data(KEY, {"a": 1})
    assert await storage.get_state(other) is None
    assert await storage.get_data(other) == {}


def test_no_two_keys_share_a_row() -> None:
    keys = {row_key(key) for key in [KEY, *OTHERS]}
    assert len(keys) == len(OTHERS) + 1
    longest = replace(KEY, bot_id=2**52, chat_id=-(2**52), user_id=2**52, thread_id=2**31)
    assert len(row_key(longest)) <= 200


async def test_a_dialogue_survives_a_restart(sqlite_url: str) -> None:
    first = Database(sqlite_url)
    storage = DatabaseStorage(Dialogues(first))
    await storage.set_state(KEY, TrainForm.photos)
    await storage.set_data(KEY, {"id": "abc"})
    await first.close()
    second = Database(sqlite_url)
    storage = DatabaseStorage(Dialogues(second))
    assert await storage.get_state(KEY) == "TrainForm:photos"
    assert await storage.get_data(KEY) == {"id": "abc"}
    await second.close()


async def test_a_dialogue_that_is_over_leaves_no_row(database: Database) -> None:
    storage = DatabaseStorage(Dialogues(database))
    await storage.set_state(KEY, TrainForm.name)
    await storage.set_data(KEY, {"a": 1})
    await storage.set_state(KEY, None)
    await storage.set_data(KEY, {})
    async with database.transaction() as tx:
        assert await tx.dialogues.get(row_key(KEY)) is None


async def test_only_json_can_be_kept(database: Database) -> None:
    storage = DatabaseStorage(Dialogues(database))
    with pytest.raises(StatementError, match="not JSON serializable"):
        await storage.set_data(KEY, {"a": object()})
    assert await storage.get_data(KEY) == {}
