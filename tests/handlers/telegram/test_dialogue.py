"""The dialogue of an update keeps what aiogram's contract asks for, and tells what has changed."""

from dataclasses import replace

import pytest
from aiogram.fsm.storage.base import BaseStorage, StorageKey
from aiogram.fsm.storage.memory import MemoryStorage

from handlers.telegram.dialogue import UpdateStorage, row_key
from handlers.train.states import TrainForm
from services.domain.values import Dialogue

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
def storage(request: pytest.FixtureRequest) -> BaseStorage:
    """The same contract is checked on aiogram's own storage, so that it is aiogram's contract."""
    return UpdateStorage(KEY, Dialogue()) if request.param == "ours" else MemoryStorage()


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


async def test_only_what_has_changed_is_told() -> None:
    known = Dialogue(state="TrainForm:name", data={"ids": ["a"]})
    storage = UpdateStorage(KEY, known)
    state = storage.context()
    assert await state.get_state() == "TrainForm:name"
    (await state.get_data())["ids"].append("b")
    await state.set_state(TrainForm.name)
    await state.update_data(ids=["a"])
    assert storage.changed() is None
    await state.update_data(ids=["a", "b"])
    assert storage.changed() == Dialogue(state="TrainForm:name", data={"ids": ["a", "b"]})
    await state.clear()
    assert storage.changed() == Dialogue()
    assert known == Dialogue(state="TrainForm:name", data={"ids": ["a"]})


@pytest.mark.parametrize("other", OTHERS, ids=repr)
async def test_another_dialogue_is_refused(other: StorageKey) -> None:
    storage = UpdateStorage(KEY, Dialogue())
    for reading in (storage.get_state(other), storage.get_data(other)):
        with pytest.raises(ValueError, match="its own user"):
            await reading


def test_no_two_keys_share_a_row() -> None:
    keys = {row_key(key) for key in [KEY, *OTHERS]}
    assert len(keys) == len(OTHERS) + 1
    longest = replace(KEY, bot_id=2**52, chat_id=-(2**52), user_id=2**52, thread_id=2**31)
    assert len(row_key(longest)) <= 200
