"""Many people write, and the bot is stopped or killed in the middle of it."""

import asyncio

import pytest

from tests.e2e.crowd import heard_in_order, some_answer, write_much
from tests.e2e.driver import Sandbox
from tests.e2e.processes import Process, start_bot

PEOPLE = 8


@pytest.mark.parametrize("end", ["SIGTERM", "SIGKILL"])
async def test_an_end_in_the_middle_of_much_loses_nothing_and_keeps_the_order(
    bot: Process, sandbox: Sandbox, end: str
) -> None:
    people = [await sandbox.newcomer() for _ in range(PEOPLE)]
    await asyncio.gather(*map(write_much, people))
    await some_answer(people)
    if end == "SIGTERM":
        assert bot.stop() == 0
    else:
        bot.kill()
    start_bot(bot)
    for person in people:
        # Those that were being answered are answered again.
        await heard_in_order(person, steps=int(end == "SIGKILL"))
