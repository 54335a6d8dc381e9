"""Updates that Telegram delivers twice or in another order do no harm."""

import pytest

from tests.e2e import pictures
from tests.e2e.driver import Person, Sandbox, eventually


async def fault_met(sandbox: Sandbox) -> None:
    """Wait until something was delivered twice."""

    async def look() -> bool:
        faults = await sandbox.faults()
        return not faults or any(fault["hits"] for fault in faults)

    await eventually(look, "the fault was met")


async def test_a_press_on_remove_last_delivered_twice_removes_one_photo(
    sandbox: Sandbox, person: Person
) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(6))
    await person.counted(6)
    await sandbox.fault("telegram", "", "duplicate")
    await person.press_action("photos:", "last")
    await fault_met(sandbox)
    await person.answers(0)
    await person.counted(5)
    await person.press_action("photos:", "last")
    await person.counted(4)


async def test_photos_delivered_twice_are_counted_once_and_are_no_repeats(
    sandbox: Sandbox, person: Person
) -> None:
    await person.to_photos()
    await sandbox.fault("telegram", "", "duplicate", times=3)
    await person.send(*pictures.photos(6))
    await fault_met(sandbox)
    counter = await person.counted(6)
    await person.answers(0)
    assert "🔁" not in counter["text"]


# Of a chat's messages Telegram pushes one after the other.
@pytest.mark.one_bot
async def test_updates_in_another_order_are_all_handled(sandbox: Sandbox, person: Person) -> None:
    await person.to_photos()
    await sandbox.fault("telegram", "", "reorder", times=0)
    await person.send(*pictures.photos(8))
    await person.counted(8)
