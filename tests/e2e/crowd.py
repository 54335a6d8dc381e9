"""People who all write at once, and the order in which they are answered."""

import math

from tests.e2e.driver import Json, Person, eventually, text_of

ROUNDS = 4
WANTED = ["help", "status"] * ROUNDS
PATIENCE_S = 100.0
"""A lease lasts 20 s, and machines of CI are slow."""


async def write_much(person: Person) -> None:
    """Ask two things by turns."""
    for _ in range(ROUNDS):
        await person.say("/help")
        await person.say("/status")


def kind(message: Json) -> str:
    return "help" if "\n/cancel " in text_of(message) else "status"


async def heard(person: Person) -> list[str]:
    return [kind(message) for message in await person.from_bot()]


async def answered(person: Person, least: int) -> None:
    """Wait for so many answers."""

    async def look() -> bool:
        return len(await heard(person)) >= least

    await eventually(look, f"{least} answers", PATIENCE_S, person.story)


async def some_answer(people: list[Person]) -> None:
    """Wait for the first answer to anybody."""

    async def look() -> bool:
        return any([await heard(person) for person in people])

    await eventually(look, "the first answers", PATIENCE_S)


def steps_back(found: list[str]) -> float:
    """Return how often an answer in this order begins a repeat of what was answered before.

    What is handled is noted for several updates at once, so a repeat may be a few in a row.
    Infinite where the order cannot have come about so.
    """
    best: dict[int, float] = {0: 0}
    for one in found:
        following: dict[int, float] = {}
        for place, steps in best.items():
            for again in range(min(place + 1, len(WANTED))):
                if WANTED[again] == one:
                    needed = steps + (again < place)
                    following[again + 1] = min(following.get(again + 1, math.inf), needed)
        best = following
    return best.get(len(WANTED), math.inf)


async def heard_in_order(person: Person, steps: int, *, is_one_late: bool = False) -> None:
    """Check that all was answered in order, and that answers were repeated so often at most.

    Args:
        person: Wrote much.
        steps: See `steps_back`.
        is_one_late: Whether one more answer may have come whenever it liked, of a process that
            was stopped while it wrote to the socket and went on later.
    """
    await answered(person, len(WANTED))
    # Its own answer comes after all others of the same person.
    said = await person.say("/language")
    await person.reads("choose-language", after=said, patience_s=PATIENCE_S)
    found = (await heard(person))[:-1]
    readings = [found]
    if is_one_late:
        readings += [found[:at] + found[at + 1 :] for at in range(len(found))]
    assert any(
        steps_back(one) <= steps and len(one) - len(WANTED) <= 2 * steps for one in readings
    ), " ".join(found)
