"""Many people, random faults, random crashes, and then the records.

`python -m tests.soak --users 50 --minutes 10 --seed 1` says what is wrong and exits 1 when the
records do not agree. The seed draws the same troubles, not the same times.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.e2e import pictures
from tests.e2e.driver import Person
from tests.e2e.processes import complaints_in
from tests.soak.chats import Chats
from tests.soak.operator import Operator
from tests.soak.records import Database, Records
from tests.soak.shopper import Shopper
from tests.soak.stage import BUDGET_USD, Stage, running_stage
from tests.soak.till import Till, broken_invariants, unsettled
from tests.soak.walker import Walker
from tests.soak.weather import Weather

PICTURES = 20
SETTLE_S = 150.0
"""So long nothing may be done with. Rows whose service failed often are tried again after a minute
at most."""

FIRST_MODEL_S = 180.0
"""How much longer people go on where a busy machine has not let anybody have a model yet."""


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def soak(stage: Stage, users: int, minutes: float, dice: random.Random) -> list[str]:
    """Let people and weather loose, settle everything, and return what is wrong."""
    drawn = [pictures.photo(number, 520 + number, 560) for number in range(PICTURES)]
    chats, weather = Chats(), Weather(stage, dice)
    async with asyncio.TaskGroup() as tasks:
        following = tasks.create_task(chats.follow(stage))
        people: list[Person] = [await stage.sandbox.newcomer() for _ in range(users)]
        walkers = [Walker(person, chats, dice, stage, drawn) for person in people]
        gifts: list[str] = []
        shoppers = [Shopper(person, chats, dice, stage, gifts) for person in people]
        operator = await Operator.hired(stage, dice)
        walks = [tasks.create_task(walker.walk()) for walker in walkers]
        walks += [tasks.create_task(shopper.shop()) for shopper in shoppers]
        walks += [tasks.create_task(weather.blow()), tasks.create_task(operator.work())]
        await asyncio.sleep(minutes * 60)
        await first_model(stage)
        for walk in walks:
            walk.cancel()
        await asyncio.wait(walks)
        took_s, left = await settle(stage)
        following.cancel()
    tell(weather, [*walkers, *shoppers, operator], chats, stage, took_s)
    return [*left, *await check(stage, walkers, chats)]


async def first_model(stage: Stage) -> None:
    """Wait for somebody's first model: records without one would prove nothing."""
    database, deadline = Database(stage.database), time.monotonic() + FIRST_MODEL_S
    while True:
        if database.rows("SELECT id FROM models") or time.monotonic() > deadline:
            return
        await asyncio.sleep(0.5)


async def settle(stage: Stage) -> tuple[float, list[str]]:
    """Have everything work and wait until nothing is left to do."""
    await stage.calm()
    await stage.start_anew()
    database, started = Database(stage.database), time.monotonic()
    fewest, since = None, started
    while True:
        pending = await stage.pending_updates()
        left = database.unsettled()
        left += unsettled(database, await stage.sandbox.ask("GET", "stars"))
        now = time.monotonic()
        if not pending and not left:
            return now - started, []
        if fewest is None or pending + len(left) < fewest:
            fewest, since = pending + len(left), now
        if now - since > SETTLE_S:
            return now - started, [*left, *([f"{pending} updates wait"] if pending else [])]
        await asyncio.sleep(0.5)


async def check(stage: Stage, walkers: list[Walker], chats: Chats) -> list[str]:
    """Return everything that is wrong."""
    jobs = (await stage.sandbox.ask("GET", "fal/jobs"))["jobs"]
    at_telegram = await stage.sandbox.ask("GET", "stars")
    seen = {walker.person.id: await walker.person.from_bot() for walker in walkers}
    wrong = [f"the bot ended by itself: {words}" for words in stage.deaths]
    codes = [await asyncio.to_thread(bot.stop) for bot in stage.bots]
    wrong += [f"a bot's exit code is {code}" for code in codes if code != 0]
    records = Records(Database(stage.database), jobs)
    if not records.models:
        wrong.append("nobody got a model, so the records prove nothing")
    wrong += [*records.jobs_and_rows(), *records.budgets(BUDGET_USD), *records.one_at_a_time()]
    wrong += [*records.enlarged_once(), *records.endings()]
    wrong += records.deliveries(seen, chats.sends, stage.kills)
    till = Till(Database(stage.database), records, at_telegram)
    wrong += [*till.all(), *await broken_invariants(stage.database)]
    for walker in walkers:
        wrong += records.photos_of(walker.person.id, walker.photos, walker.removals)
        wrong += records.odd_files_of(walker.person.id, walker.odd)
    tell_records(records)
    for line in till.told():
        say(line)
    if (code := await asyncio.to_thread(stage.server.stop)) != 0:
        wrong.append(f"the sandbox's exit code is {code}")
    for process in (*stage.bots, stage.server):
        wrong += complaints_in(process.printed())
    return wrong


def tell(
    weather: Weather,
    people: Sequence[Walker | Shopper | Operator],
    chats: Chats,
    stage: Stage,
    took_s: float,
) -> None:
    """Print what happened."""
    did = sum((one.did for one in people), Counter[str]())
    walkers = sum(isinstance(one, Walker) for one in people)
    say(f"people: {walkers}, did {dict(did)}")
    say(f"weather: {dict(weather.made)}")
    say(f"calls: {chats.calls}, failed or refused: {chats.failed}, kills: {len(stage.kills)}")
    say(f"settled after {took_s:.1f} s")


def tell_records(records: Records) -> None:
    """Print what is in the records."""
    states = Counter(row["failure"] or row["state"] for row in records.trainings)
    say(f"fal's jobs: {len(records.jobs)}; trainings: {dict(states)}")
    states = Counter(row["failure"] or row["state"] for row in records.generations)
    say(f"generations: {dict(states)}")
    states = Counter(row["failure"] or row["state"] for row in records.enlargements)
    say(f"enlargements: {dict(states)}")
    verdicts = Counter(row["refusal"] or row["state"] for row in records.photos)
    say(f"photos: {dict(verdicts)}; models: {len(records.models)}")


async def main() -> int:
    """Read the command line and soak."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=None, help="default: another one each time")
    parser.add_argument(
        "--replicas", type=int, default=1, help="bots; more than one need PostgreSQL"
    )
    parser.add_argument("--keep", type=Path, help="folder for the logs and the database")
    wanted = parser.parse_args()
    seed = wanted.seed if wanted.seed is not None else random.SystemRandom().randrange(10**6)
    bots = "one bot" if wanted.replicas == 1 else f"{wanted.replicas} replicas"
    say(f"soak: {wanted.users} people, {wanted.minutes:g} minutes, {bots}, seed {seed}")
    with tempfile.TemporaryDirectory() as made:
        folder = wanted.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        dice = random.Random(seed)  # noqa: S311  # no secret
        async with running_stage(folder, wanted.replicas) as stage:
            wrong = await soak(stage, wanted.users, wanted.minutes, dice)
    for line in wrong:
        say(f"WRONG: {line}")
    say("the records agree" if not wrong else f"{len(wrong)} things are wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
