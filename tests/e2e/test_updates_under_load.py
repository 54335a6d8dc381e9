"""Many people write, and the bot is stopped or killed in the middle of it."""

import asyncio

import pytest

from tests.e2e.driver import Json, Person, Sandbox, eventually, text_of
from tests.e2e.processes import Process, start_bot

PEOPLE = 8
ROUNDS = 4
PATIENCE_S = 90.0


async def write_much(person: Person) -> None:
    """Ask two things by turns."""
    for _ in range(ROUNDS):
        await person.say("/help")
        await person.say("/status")


def kind(message: Json) -> str:
    return "help" if "\n/cancel " in text_of(message) else "status"


async def heard(person: Person) -> list[str]:
    return [kind(message) for message in await person.from_bot()]


async def answered(person: Person, least: int) -> list[str]:
    """Wait for so many answers, and give all of them in order."""

    async def look() -> list[str] | None:
        found = await heard(person)
        return found if len(found) >= least else None

    return await eventually(look, f"{least} answers", PATIENCE_S, person.story)


async def some_answer(people: list[Person]) -> None:
    async def look() -> bool:
        return any([await heard(person) for person in people])

    await eventually(look, "the first answers", PATIENCE_S)


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
    wanted = ["help", "status"] * ROUNDS
    for person in people:
        await answered(person, len(wanted))
        # Its own answer comes after all others of the same person.
        await person.say("/language")
        await person.reads("choose-language")
        found = (await heard(person))[:-1]
        if end == "SIGKILL" and found != wanted:
            # The one that was being answered is answered again.
            repeated = [at for at in range(1, len(found)) if found[at] == found[at - 1]]
            assert len(repeated) == 1, found
            del found[repeated[0]]
        assert found == wanted
