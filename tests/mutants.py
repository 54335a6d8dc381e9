"""Judge the mutants that mutmut has made: `make mutants`.

mutmut collects the tests for each mutant, which takes longer than they run. Here everything is
collected once, and a mutant is a fork that runs its tests one after another until one fails:

    python -m tests.mutants [--sample COUNT] [--seed SEED] [PATTERN ...]

First come tests that have killed others of its function, module or package, then those that
mirror its module, then quick ones of every file. Most mutants die within a second, and what
survives runs all tests: so each is given a few seconds first, and what is alive then comes again
when all have had theirs, once. Verdicts are kept: what has one is not judged again unless a
pattern names it.
"""

import argparse
import gc
import json
import os
import random
import select
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

import pytest

FOLDER = Path("mutants")
VERDICTS = Path("verdicts.json")
KILLERS_FIRST = 8
LAPS_S = (10, 60)

CONTROL_EVERY, CONTROLS = 50, 20
"""So often nothing is changed before so many tests: what fails then kills mutants wrongly, too."""

OPTIONS = ("-q", "--no-header", "-p", "no:cacheprovider", "--tb=short")
SURVIVED, UNREACHED, UNDECIDED = "survived", "not reached", "undecided"
"""What is no kill; undecided is what was alive when its time was up."""

CRASHED, CONTROL = "crashed", "nothing changed"


def time_limit_s(usual_s: float) -> float:
    """Return how long a test may run that usually takes so long: mutants often wait for ever."""
    return 5 + 10 * usual_s


class Order:
    """Which tests a mutant has to pass, and in which order.

    Args:
        reached: The tests that reach each function.
        durations: How long each test usually takes, in seconds.
    """

    def __init__(
        self, reached: Mapping[str, Sequence[str]], durations: Mapping[str, float]
    ) -> None:
        self._reached = reached
        self._durations = durations
        self._killers: dict[str, Counter[str]] = defaultdict(Counter)

    def of(self, mutant: str) -> Sequence[str]:
        function, module, package = parts(mutant)
        near, ranks = mirrors(module), Counter[str]()
        costs: dict[str, tuple[int, float]] = {}
        for test in sorted(self._reached.get(function, ()), key=self._durations.__getitem__):
            file = test.partition("::")[0]
            ranks[file] += 1
            # The next test of a file rarely sees what those before it have not.
            cost = (0.05 + self._durations[test]) * ranks[file]
            costs[test] = (next((at for at, one in enumerate(near) if file.startswith(one))), cost)
        known = [
            test
            for name in (function, module, package)
            for test, _ in self._killers[name].most_common(KILLERS_FIRST)
            if test in costs
        ]
        return list(dict.fromkeys([*known, *sorted(costs, key=costs.__getitem__)]))

    def killed(self, mutant: str, test: str) -> None:
        for name in parts(mutant):
            self._killers[name][test] += 1


class Judge:
    """The plugin that runs the forks instead of the tests."""

    def __init__(self, wanted: Sequence[str]) -> None:
        self.wanted = wanted
        self.failed = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            waited = " (waited)" if "Timeout (>" in str(report.longrepr) else ""
            self.failed = named(report.nodeid) + waited

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        # Migrating takes longer than most tests, so the forks have it, too.
        sys.modules["tests.conftest"].sqlite_template()
        stats = json.loads(Path("mutmut-stats.json").read_text())
        durations: dict[str, float] = stats["duration_by_test"]
        items = {named(item.nodeid): item for item in session.items}
        items = {name: item for name, item in items.items() if name in durations}
        for name, item in items.items():
            item.add_marker(pytest.mark.timeout(time_limit_s(durations[name])))
        reached: dict[str, list[str]] = {
            function: [test for test in tests if test in items]
            for function, tests in stats["tests_by_mangled_function_name"].items()
        }
        # A collector that goes over what is there already would copy all of it for each fork.
        gc.collect()
        gc.freeze()
        order = Order(reached, durations)
        verdicts = kept_verdicts()
        for mutant, killer in verdicts.items():
            if killer in items:
                order.killed(mutant, killer)
        todo = deque((mutant, LAPS_S[0]) for mutant in self.wanted)
        number = 0
        while todo:
            mutant, limit = todo.popleft()
            tests = order.of(mutant)
            if number % CONTROL_EVERY == 0:
                controls = [items[test] for test in tests[:CONTROLS]]
                say(f"{CONTROL}: {self.judge('', controls, LAPS_S[1])}")
            number += 1
            started = time.monotonic()
            verdict = self.judge(mutant, [items[test] for test in tests], limit)
            if verdict == UNDECIDED and limit != LAPS_S[1]:
                todo.append((mutant, LAPS_S[1]))
            verdicts[mutant] = verdict
            VERDICTS.write_text(json.dumps(verdicts, indent=1))
            if verdict in items:
                order.killed(mutant, verdict)
            say(f"{time.monotonic() - started:5.1f} s  {mutant}: {verdict}")
        return True

    def judge(self, mutant: str, items: Sequence[pytest.Item], limit: int) -> str:
        """Return the test that kills a mutant in so many seconds, or what else became of it."""
        if not items:
            return UNREACHED
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            os.environ["MUTANT_UNDER_TEST"] = mutant
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            for item, following in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if self.failed:
                    break
            os.write(writing, (self.failed or SURVIVED).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as answer:
            is_in_time, _, _ = select.select([answer], [], [], limit)
            if not is_in_time:
                os.kill(child, signal.SIGKILL)
            verdict = answer.read() if is_in_time else UNDECIDED
        os.waitpid(child, 0)
        return verdict or CRASHED


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, help="judge so many of all, drawn at random")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))  # noqa: S311
    parser.add_argument("patterns", nargs="*")
    arguments = parser.parse_args()
    os.chdir(FOLDER)
    sys.path.insert(0, str(Path.cwd()))
    durations = json.loads(Path("mutmut-stats.json").read_text())["duration_by_test"]
    os.environ["MUTANT_UNDER_TEST"] = ""
    files = sorted({name.split("::")[0] for name in durations})
    drawn = mutants()
    random.Random(arguments.seed).shuffle(drawn)  # noqa: S311
    drawn = drawn[: arguments.sample]
    if arguments.patterns:
        drawn = [one for one in drawn if any(fnmatch(one, glob) for glob in arguments.patterns)]
        wanted = drawn
    else:
        kept = kept_verdicts()
        wanted = [one for one in drawn if kept.get(one, UNDECIDED) == UNDECIDED]
        wanted.sort(key=lambda one: one in kept)
    say(f"seed {arguments.seed}: {len(drawn)} mutants, {len(wanted)} of them to be judged")
    with tempfile.TemporaryDirectory() as folder:
        # Each fork empties what the one before it has filled.
        where = f"--basetemp={folder}/tests"
        code = pytest.main([*OPTIONS, where, "-s", *files], plugins=[Judge(wanted)])
    report(drawn)
    sys.exit(code)


def mutants() -> list[str]:
    metas = (json.loads(path.read_text()) for path in sorted(Path().glob("*/**/*.meta")))
    return [mutant for meta in metas for mutant in meta["exit_code_by_key"]]


def kept_verdicts() -> dict[str, str]:
    verdicts: dict[str, str] = json.loads(VERDICTS.read_text()) if VERDICTS.exists() else {}
    return verdicts


def parts(mutant: str) -> tuple[str, str, str]:
    """Return the function that a mutant changes, its module and its package."""
    module = mutant.partition(".x")[0]
    return mutant.rpartition("__mutmut_")[0], module, module.rpartition(".")[0]


def mirrors(module: str) -> tuple[str, ...]:
    """Return how the paths of a module's tests begin, the nearest first."""
    path = PurePosixPath("tests", *module.split("."))
    return (f"{path.parent}/test_{path.name}.py", f"{path.parent}/", "")


def named(node_id: str) -> str:
    return node_id.removeprefix(f"{FOLDER}/")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def report(drawn: Sequence[str]) -> None:
    """Say what has survived, and how many of each module."""
    verdicts = kept_verdicts()
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for mutant in sorted(drawn):
        verdict = verdicts.get(mutant, UNDECIDED)
        end = verdict if verdict in {SURVIVED, UNREACHED, UNDECIDED} else "killed"
        for name in (parts(mutant)[1], "all"):
            counts[name][end] += 1
        if end != "killed":
            say(f"{verdict}: {mutant}")
    for name, ends in counts.items():
        words = ", ".join(f"{count} {end}" for end, count in ends.most_common())
        say(f"{name}: {words}; {ends['killed'] / ends.total():.1%} killed")


if __name__ == "__main__":
    main()
