"""The bot is killed, restarted, and cut off at the worst moments."""

import re
import sqlite3
from contextlib import closing

import pytest

from tests.e2e import pictures
from tests.e2e.driver import NEVER, Person, Sandbox, eventually, text_of
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot


async def test_killed_in_the_photo_step_it_still_has_the_photos_and_the_step(
    bot: Process, person: Person
) -> None:
    await person.to_photos()
    await person.send(*pictures.photos(4))
    await person.counted(4)
    bot.kill()
    # Sent while the bot is away: Telegram keeps it.
    await person.send(*pictures.photos(3))
    start_bot(bot)
    await person.counted(7)
    await person.press_action("photos:", "done")
    await person.press_action("mode:", "economy")
    await person.press("start:")
    await person.told_ready()
    assert len(await person.trainings()) == 1


async def test_killed_while_photos_are_checked_it_checks_the_rest(
    bot: Process, sandbox: Sandbox, person: Person
) -> None:
    await person.to_photos()
    await sandbox.fault("telegram", "GET /file/", "hang", seconds=60, times=0)
    await person.send(*pictures.photos(6))
    await person.sees("⏳")
    bot.kill()
    await sandbox.calm()
    start_bot(bot)
    await person.counted(6)


@pytest.mark.one_bot
async def test_killed_before_the_counter_was_shown_it_shows_the_counter(
    bot: Process, sandbox: Sandbox, person: Person
) -> None:
    asked = (await person.to_photos())["message_id"]
    await sandbox.fault("telegram", "/sendMessage", "hang", seconds=120, times=0)
    await person.send(*pictures.photos(5))

    async def all_accepted() -> bool:
        query = (
            "SELECT count(*) FROM photos JOIN photo_sets ON photo_sets.id = training_id"
            " WHERE user_id = ? AND photos.state = 'accepted'"
        )
        with closing(sqlite3.connect(bot.folder / "bot.db", timeout=10)) as connection:
            (count,) = connection.execute(query, (person.id,)).fetchone()
        return bool(count == 5)

    await eventually(all_accepted, "five accepted photos", tell=person.story)
    assert not await person.from_bot(after=asked)
    bot.kill()
    await sandbox.calm()
    start_bot(bot)
    await person.counted(5)
    await person.press_action("photos:", "done")
    await person.sees_button("mode:")


async def test_killed_while_an_answer_hangs_it_answers_after_the_restart(
    bot: Process, sandbox: Sandbox, person: Person
) -> None:
    other = await sandbox.newcomer()
    await sandbox.fault("telegram", "/sendMessage", "hang", seconds=120)
    asked = await person.say("/help")

    async def hangs() -> bool:
        return not await sandbox.faults()

    await eventually(hangs, "the answer hangs", tell=person.story)
    # The others are answered meanwhile, and each answer lets the bot ask for more updates.
    for _ in range(3):
        said = await other.say("/help")
        await other.sees("\n/cancel ", after=said)
    assert not await person.from_bot(after=asked)
    bot.kill()
    start_bot(bot)
    await person.sees("\n/cancel ", after=asked)


@pytest.mark.parametrize("state", ["IN_QUEUE", "IN_PROGRESS"])
async def test_killed_during_a_training_it_delivers_the_model_once(
    bot: Process, sandbox: Sandbox, person: Person, state: str
) -> None:
    await sandbox.clock("polls", NEVER)
    if state == "IN_QUEUE":
        await sandbox.fill_runners()
    await person.start_training()
    await person.one_training(state)
    await person.sees("🕐" if state == "IN_QUEUE" else "🧠")
    bot.kill()
    await sandbox.clock("immediate")
    start_bot(bot)
    await person.told_ready()
    await person.answers(0)
    assert len(await person.trainings()) == 1
    assert await person.times_told_ready() == 1


async def test_killed_while_it_prepares_photos_it_starts_over_and_submits_once(
    bot: Process, sandbox: Sandbox, person: Person
) -> None:
    await person.to_summary()
    await sandbox.fault("telegram", "GET /file/", "hang", seconds=60, times=0)
    await person.press("start:")
    await person.sees("🧩")
    bot.kill()
    await sandbox.calm()
    start_bot(bot)
    await person.told_ready()
    assert len(await person.trainings()) == 1
    assert await person.times_told_ready() == 1


async def test_killed_while_it_submits_it_finds_the_training_and_submits_no_second_one(
    bot: Process, sandbox: Sandbox, person: Person
) -> None:
    await sandbox.clock("polls", 3)
    await person.to_summary()
    # The submit reaches fal, and the answer does not reach the bot before it dies.
    await sandbox.fault("fal", "POST /fal/queue/", "slow", seconds=1.5)
    await person.press("start:")

    async def arrived() -> bool | None:
        return not await sandbox.faults() or None

    await eventually(arrived, "the submit has left the bot", tell=person.story)
    bot.freeze()
    await person.one_training()
    bot.kill()
    start_bot(bot)
    await person.told_ready()
    assert len(await person.trainings()) == 1
    assert await person.times_told_ready() == 1


async def test_killed_during_a_generation_it_delivers_the_picture_once(
    bot: Process, sandbox: Sandbox, owner: Person
) -> None:
    before = len(await owner.generations())
    await sandbox.clock("polls", NEVER)
    said = await owner.say("/generate portrait photo")
    await owner.reads("generating", after=said, prompt="portrait photo")

    async def running() -> bool | None:
        states = [job["state"] for job in (await owner.generations())[before:]]
        return states == ["IN_PROGRESS"] or None

    await eventually(running, "a generation under way", tell=owner.story)
    bot.kill()
    await sandbox.clock("immediate")
    start_bot(bot)
    await owner.gets_picture(after=said)
    await owner.answers(0)
    assert len(await owner.generations()) == before + 1
    assert len(await owner.pictures(after=said)) == 1


async def test_a_lost_answer_to_a_submit_is_found_in_the_history(
    sandbox: Sandbox, person: Person
) -> None:
    await sandbox.clock("polls", 3)
    await sandbox.scenario(drop_answer_of_submit=1)
    await person.start_training()
    await person.told_ready()
    assert len(await person.trainings()) == 1
    assert await person.times_told_ready() == 1


async def test_a_lost_answer_is_waited_for_while_the_history_lags(
    sandbox: Sandbox, person: Person
) -> None:
    await sandbox.scenario(drop_answer_of_submit=1, history_lag_s=3600)
    await person.start_training()
    await person.reads("progress-unconfirmed")
    await sandbox.scenario(history_lag_s=0)
    await person.told_ready()
    assert len(await person.trainings()) == 1


async def test_while_the_history_cannot_tell_the_user_is_told_and_the_search_goes_on(
    sandbox: Sandbox, person: Person
) -> None:
    await sandbox.scenario(drop_answer_of_submit=1, history_forbidden=True)
    await person.start_training()
    await person.reads("training-in-doubt", name=person.name)
    await sandbox.calm()
    await person.told_ready()
    assert len(await person.trainings()) == 1


async def test_a_lost_answer_to_a_generation_is_found_in_the_history(
    sandbox: Sandbox, owner: Person
) -> None:
    before = len(await owner.generations())
    await sandbox.scenario(drop_answer_of_submit=1)
    said = await owner.say("/generate portrait photo")
    await owner.gets_picture(after=said)
    await owner.answers(0)
    assert len(await owner.generations()) == before + 1
    assert len(await owner.pictures(after=said)) == 1


async def test_a_server_error_to_a_submit_is_never_answered_with_a_second_submit(
    sandbox: Sandbox, person: Person
) -> None:
    await sandbox.fault("fal", "POST /fal/queue/", "drop_after")
    await person.start_training()
    await person.told_ready()
    assert len(await person.trainings()) == 1


async def test_asked_to_stop_in_the_middle_of_work_it_stops_in_order(
    server: str, sandbox: Sandbox, bot: Process, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # Two bots on one token disturb each other, so the one of the session leaves first.
    assert bot.stop() == 0
    other = bot_process(
        server, tmp_path_factory.mktemp("stopped"), launcher=["env"], LOG_FORMAT="json"
    )
    try:
        start_bot(other)
        person = await sandbox.newcomer()
        await sandbox.clock("polls", NEVER)
        await person.start_training()
        await person.sees("🧠")
        assert other.stop() == 0
        printed = other.printed()
        assert not complaints_in(printed), printed
        assert re.search(r'"message": "stopped"', printed)
    finally:
        other.kill()
    start_bot(bot)


def test_without_a_token_it_stops_with_one_clear_line(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    process = bot_process(
        "http://127.0.0.1:1", tmp_path_factory.mktemp("bare"), launcher=["env"], BOT_TOKEN=""
    )
    process.start()
    assert process.wait() == 2
    assert re.fullmatch(r"BOT_TOKEN: [^\n]+\n", process.printed())


async def test_what_a_person_wrote_is_not_in_the_log(bot: Process, person: Person) -> None:
    before = bot.printed_bytes
    await person.own_model()
    said = await person.say("/generate a very private wish")
    await person.gets_picture(after=said)
    printed = bot.printed(before)
    assert "private wish" not in printed
    assert person.name not in printed
    assert text_of(await person.told_ready()) not in printed
