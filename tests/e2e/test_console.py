"""The console with the real bot: maintenance, a block, and a broadcast that is killed."""

import pytest

from tests.e2e.driver import NEVER, Person, Sandbox, data_of, eventually, text_of
from tests.e2e.processes import Process, start_bot
from tests.e2e.test_operator import ADMIN, House, bot, house, server, somebody

__all__ = ["bot", "house", "server"]


@pytest.fixture
async def admin(sandbox: Sandbox) -> Person:
    return await somebody(sandbox, ADMIN)


async def test_maintenance_lets_running_ones_end_and_takes_no_new_ones(
    bot: Process, sandbox: Sandbox, admin: Person
) -> None:
    person, other = await sandbox.newcomer("ru"), await sandbox.newcomer()
    await sandbox.clock("polls", NEVER)
    await person.start_training()
    await person.one_training("IN_PROGRESS")
    await other.to_summary()
    said = await admin.say("/maintenance on new disks")
    await admin.reads("console-repairs-on", after=said)
    assert await other.press("start:") == other.words("error-under-maintenance")
    assert bot.stop() == 0
    start_bot(bot)
    assert await other.press("start:") == other.words("error-under-maintenance")
    await sandbox.clock("immediate")
    await person.told_ready()
    await person.reads("error-under-maintenance", after=await person.say("/generate портрет"))
    said = await admin.say("/maintenance off")
    await admin.reads("console-repairs-off", after=said)
    await other.press("start:")
    await other.told_ready()


async def test_who_is_blocked_is_told_so_and_their_training_ends(
    bot: Process, sandbox: Sandbox, admin: Person
) -> None:
    del bot
    person = await sandbox.newcomer()
    await sandbox.clock("polls", NEVER)
    await person.start_training()
    await person.one_training("IN_PROGRESS")
    said = await admin.say(f"/user {person.id}")
    card = await admin.sees_button(f"person:{person.id}:block", after=said)
    await admin.toast(await admin.tap(card, f"person:{person.id}:block"))
    said = await admin.say("Sends photos of strangers")
    await admin.sees("Sends photos of strangers", after=said)
    await person.reads("error-blocked", after=await person.say("/generate portrait"))
    await sandbox.clock("immediate")
    await person.told_ready()
    card = await admin.sees_button(f"person:{person.id}:allow", after=said)
    await admin.toast(await admin.tap(card, f"person:{person.id}:allow"))
    said = await admin.say("They have stopped")
    await admin.sees_button(f"person:{person.id}:block", after=said)
    await person.gets_picture(after=await person.say("/generate portrait"))


async def test_a_broadcast_goes_on_after_a_kill_and_reaches_nobody_twice(
    bot: Process, sandbox: Sandbox, admin: Person, house: House
) -> None:
    people = [await sandbox.newcomer("en") for _ in range(12)]
    for person in people:
        await person.say("/start")
        await person.sees_button("menu:")
    said = await admin.say("/admin")
    report = await admin.sees_button("console:casts", after=said)
    await admin.toast(await admin.tap(report, "console:casts"))
    await admin.press("cast:new:")
    await admin.reads("console-ask-broadcast")
    said = await admin.say("Great <news>")
    question = await admin.sees_button("cast:ask:", after=said)
    all_of_them = next(data for data in data_of(question, "cast:ask:") if data.endswith(":all"))
    await admin.toast(await admin.tap(question, all_of_them))
    await admin.press("cast:send:", after=said)

    def counts() -> tuple[int, ...]:
        (row,) = house.look(
            "SELECT audience_size, delivered, blocked, failed FROM broadcasts"
            " WHERE started_at IS NOT NULL"
        )
        return tuple(int(str(value)) for value in row)

    async def some_have_it() -> bool:
        return counts()[1] >= 3

    await eventually(some_have_it, "some have it", tell=admin.story)
    bot.kill()
    start_bot(bot)
    await admin.reads("console-sent-done", after=said)
    size, delivered, blocked, failed = counts()
    times = [
        sum(text_of(message) == "Great <news>" for message in await person.from_bot())
        for person in people
    ]
    assert set(times) <= {0, 1}
    # The kill may have cut off one.
    assert times.count(0) <= 1
    assert size - (delivered + blocked + failed) <= 1
