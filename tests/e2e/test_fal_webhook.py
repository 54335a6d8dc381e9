"""fal calls the bot when a job has ended; what it says is read from fal all the same."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.driver import Person, Sandbox, eventually
from tests.e2e.processes import Process, bot_process, start_bot
from tests.ports import free_port
from tests.values import labels_of

RARE_S = 60.0

SOON_S = 40.0
"""Below `RARE_S`, after which a training would be looked at anyway."""

OFTEN_S = 0.2


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture(scope="module")
def metrics_port() -> str:
    return str(free_port())


@pytest.fixture(scope="module")
def bot_of_session(
    server: str, tmp_path_factory: pytest.TempPathFactory, metrics_port: str
) -> Iterator[Process]:
    port, folder = str(free_port()), tmp_path_factory.mktemp("bot")
    bot = bot_process(
        server,
        folder,
        PUBLIC_URL=f"http://127.0.0.1:{port}",
        HTTP_PORT=port,
        METRICS_PORT=metrics_port,
        POLL_INTERVAL=str(RARE_S),
    )
    yield bot
    bot.kill()


@pytest.fixture
def often(bot: Process, server: str, tmp_path: Path, metrics_port: str) -> Iterator[Process]:
    """A bot in place of the other one, which looks often where no calls come."""
    bot.kill()
    port = str(free_port())
    often = bot_process(
        server,
        tmp_path,
        PUBLIC_URL=f"http://127.0.0.1:{port}",
        HTTP_PORT=port,
        METRICS_PORT=metrics_port,
        POLL_INTERVAL=str(OFTEN_S),
    )
    start_bot(often)
    yield often
    often.kill()


async def seen_running(sandbox: Sandbox, person: Person) -> str:
    """Wait until the bot has looked at its running training, and return the request."""
    request_id = str((await person.one_training("IN_PROGRESS"))["request_id"])

    async def is_looked_at() -> bool:
        return bool(await sandbox.calls("fal", f"{request_id}/status"))

    await eventually(is_looked_at, "a first look", tell=person.story)
    return request_id


async def answered(person: Person, answers: list[int]) -> None:
    """Wait until the calls about the newest job have these answers: the chat may tell first."""

    async def look() -> bool:
        jobs = await person.generations() or await person.trainings()
        return bool(jobs[-1]["webhook_answers"] == answers)

    await eventually(look, f"calls answered {answers}", tell=person.story)


async def test_a_training_and_a_picture_come_by_webhook(sandbox: Sandbox, person: Person) -> None:
    await sandbox.scenario(stall=True)
    await person.start_training()
    await seen_running(sandbox, person)
    await sandbox.scenario(stall=False)
    await person.told_ready(patience_s=SOON_S)
    await answered(person, [200])

    await sandbox.scenario(stall=True)
    said = await person.say("/generate portrait photo")

    async def is_running() -> bool:
        return any(job["state"] == "IN_PROGRESS" for job in await person.generations())

    await eventually(is_running, "a picture under way", tell=person.story)
    await sandbox.scenario(stall=False)
    await person.wait(lambda message: "photo" in message, "a picture", said, SOON_S)
    assert len(await person.generations()) == 1
    await answered(person, [200])


async def test_a_doubled_call_tells_once(sandbox: Sandbox, person: Person) -> None:
    await sandbox.scenario(stall=True, webhooks="doubled")
    await person.start_training()
    await seen_running(sandbox, person)
    await sandbox.scenario(stall=False)
    await person.told_ready(patience_s=SOON_S)
    await answered(person, [200, 200])
    assert await person.times_told_ready() == 1


async def test_forged_calls_change_nothing_and_are_counted(
    sandbox: Sandbox, person: Person, metrics_port: str
) -> None:
    await sandbox.scenario(stall=True, webhooks="forged")
    await person.start_training()
    await seen_running(sandbox, person)
    await sandbox.scenario(stall=False)
    await person.told_ready(patience_s=SOON_S)
    await answered(person, [200])
    (training,) = await person.trainings()
    assert training["forged_answers"] == [403] * 4
    figures = (await sandbox.download(f"http://127.0.0.1:{metrics_port}/metrics")).decode()
    for reason, count in {"unsigned": 1, "stale": 1, "forged": 2}.items():
        line = f'webhook_calls_refused_total{{caller="fal",reason="{reason}"}} {count}.0'
        assert line in figures
    assert 'update_seconds_count{kind="message",outcome="ok"}' in figures
    assert 'telegram_call_seconds_count{method="sendMessage",outcome="ok"}' in figures
    assert 'fal_call_seconds_count{call="submit",outcome="ok"}' in figures
    assert 'job_seconds_count{end="completed",kind="training"}' in figures
    assert "neurophoto_database_up 1.0" in figures
    assert not [one for one in labels_of(figures) if str(person.id) in one]


async def test_a_call_that_is_quicker_than_the_answer_to_the_submit_is_not_lost(
    sandbox: Sandbox, person: Person
) -> None:
    await sandbox.fault("fal", "fast-training?fal_webhook=", "trickle", seconds=3, times=1)
    await person.start_training()
    await person.told_ready(patience_s=SOON_S)
    await answered(person, [200])


async def test_killed_between_the_end_and_the_call_it_tells_once(
    bot: Process, sandbox: Sandbox, person: Person
) -> None:
    await sandbox.scenario(stall=True)
    await person.start_training()
    await seen_running(sandbox, person)
    bot.kill()
    await sandbox.scenario(stall=False)

    async def is_called_in_vain() -> bool:
        return bool((await person.trainings())[0]["webhook_answers"][:1] == [0])

    await eventually(is_called_in_vain, "a call that nobody takes", tell=person.story)
    start_bot(bot)
    await person.told_ready(patience_s=SOON_S)

    async def is_called_again() -> bool:
        return bool((await person.trainings())[0]["webhook_answers"][-1] == 200)

    await eventually(is_called_again, "a call that is taken", tell=person.story)
    assert await person.times_told_ready() == 1


async def test_where_every_call_is_lost_results_are_found_by_looking_as_often_as_ever(
    often: Process, sandbox: Sandbox, metrics_port: str
) -> None:
    async def begin() -> Person:
        person = await sandbox.newcomer()
        await person.start_training()
        await seen_running(sandbox, person)
        return person

    async def calls_are_up() -> str:
        figures = (await sandbox.download(f"http://127.0.0.1:{metrics_port}/metrics")).decode()
        return figures.partition('service_up{service="fal_calls"} ')[2].partition("\n")[0]

    await sandbox.scenario(stall=True, webhooks="lost")
    people = [await begin(), await begin()]
    assert await calls_are_up() == "1.0"
    before = often.printed_bytes
    await sandbox.scenario(stall=False)
    for person in people:
        await person.told_ready()
        assert (await person.trainings())[0]["webhook_answers"] == []
    await asyncio.to_thread(often.printed_match, "(ended without a call of fal's)", before)
    assert await calls_are_up() == "0.0"

    # The first call ends that.
    await sandbox.scenario(webhooks=None)
    person = await sandbox.newcomer()
    await person.start_training()
    await person.told_ready(patience_s=SOON_S)
    await asyncio.to_thread(often.printed_match, "(fal's calls come again)", before)
    assert await calls_are_up() == "1.0"
