"""Judge the mutants that mutmut has made: `make mutants`.

mutmut collects the tests for each mutant, which takes longer than they run. Here everything is
collected once, and a mutant is a fork that first runs what has killed others of its function.

    python -m tests.mutants [PATTERN ...]

Without patterns those that have no verdict yet are judged, in an order that makes what a run
that is cut off has judged a sample of all; with patterns all that match, in this order. Most die
within a second, and what survives runs all tests: so each is given a few seconds first, and what
is alive then comes when all have had theirs. Verdicts are kept.
"""

import gc
import json
import os
import random
import resource
import select
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path

import pytest

FOLDER = Path("mutants")
VERDICTS = Path("verdicts.json")
KILLERS_FIRST = 8
FIRST_LAP_S = 10
CPU_S = 90
"""A mutant that computes for longer never ends; one that waits is ended by pytest's timeout."""

CONTROL_EVERY, CONTROLS = 50, 20
"""So often nothing is changed before so many tests: what fails then kills mutants wrongly, too."""

OPTIONS = ("-q", "--no-header", "-p", "no:cacheprovider", "--timeout=60", "--tb=short")
SURVIVED, UNREACHED, CUT_OFF, CONTROL = "survived", "not reached", "cut off", "nothing changed"
ALIVE = "alive"
"""After the first lap; no verdict."""


class Judge:
    """The plugin that runs the forks instead of the tests."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.patterns = patterns
        self.failed = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.failed:
            waited = " (waited)" if "Timeout (>" in str(report.longrepr) else ""
            self.failed = named(report.nodeid) + waited

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        # Migrating takes longer than most tests, so the forks have it, too.
        sys.modules["tests.conftest"].sqlite_template()
        # A collector that goes over what is there already would copy all of it for each fork.
        gc.collect()
        gc.freeze()
        items = {named(item.nodeid): item for item in session.items}
        stats = json.loads(Path("mutmut-stats.json").read_text())
        durations: dict[str, float] = stats["duration_by_test"]
        reached: dict[str, list[str]] = {
            function: sorted((test for test in tests if test in items), key=durations.__getitem__)
            for function, tests in stats["tests_by_mangled_function_name"].items()
        }
        verdicts: dict[str, str] = json.loads(VERDICTS.read_text()) if VERDICTS.exists() else {}
        killers: dict[str, Counter[str]] = defaultdict(Counter)
        wanted: deque[tuple[str, int | None]] = deque(
            (mutant, FIRST_LAP_S) for mutant in self.wanted(verdicts)
        )
        number = 0
        while wanted:
            mutant, limit = wanted.popleft()
            function = mutant.rpartition("__mutmut_")[0]
            tests = reached.get(function, [])
            if number % CONTROL_EVERY == 0:
                controls = [items[test] for test in tests[:CONTROLS]]
                say(f"{CONTROL}: {self.judge('', controls, None)}")
            number += 1
            known = [test for test, _ in killers[function].most_common(KILLERS_FIRST)]
            order = [*known, *(test for test in tests if test not in known)]
            started = time.monotonic()
            verdict = self.judge(mutant, [items[test] for test in order], limit)
            if verdict == ALIVE:
                wanted.append((mutant, None))
            else:
                verdicts[mutant] = verdict
                VERDICTS.write_text(json.dumps(verdicts, indent=1))
            if verdict in items:
                killers[function][verdict] += 1
            say(f"{time.monotonic() - started:5.1f} s  {mutant}: {verdict}")
        report(verdicts)
        return True

    def wanted(self, verdicts: dict[str, str]) -> list[str]:
        every = sorted(mutants(), key=number_in_function)
        if not self.patterns:
            # In any order, but always the same: what is judged is a sample of all.
            random.Random(0).shuffle(every)  # noqa: S311
            return [mutant for mutant in every if mutant not in verdicts]
        matching = (one for pattern in self.patterns for one in every if fnmatch(one, pattern))
        return list(dict.fromkeys(matching))

    def judge(self, mutant: str, items: Sequence[pytest.Item], limit: int | None) -> str:
        """Return the test that kills a mutant in so many seconds, or what else became of it."""
        if not items:
            return UNREACHED
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
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
            verdict = answer.read() if is_in_time else ALIVE
        os.waitpid(child, 0)
        return verdict or CUT_OFF


def main(patterns: Sequence[str]) -> None:
    os.chdir(FOLDER)
    sys.path.insert(0, str(Path.cwd()))
    durations = json.loads(Path("mutmut-stats.json").read_text())["duration_by_test"]
    os.environ["MUTANT_UNDER_TEST"] = ""
    files = sorted({name.split("::")[0] for name in durations})
    with tempfile.TemporaryDirectory() as folder:
        # Each fork empties what the one before it has filled.
        where = f"--basetemp={folder}/tests"
        code = pytest.main([*OPTIONS, where, "-s", *files], plugins=[Judge(patterns)])
    sys.exit(code)


def mutants() -> list[str]:
    metas = (json.loads(path.read_text()) for path in sorted(Path().glob("*/**/*.meta")))
    return [mutant for meta in metas for mutant in meta["exit_code_by_key"]]


def number_in_function(mutant: str) -> tuple[str, int]:
    function, _, number = mutant.rpartition("__mutmut_")
    return function, int(number)


def named(node_id: str) -> str:
    return node_id.removeprefix(f"{FOLDER}/")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def report(verdicts: dict[str, str]) -> None:
    """Say what has survived, and how many of each module."""
    made, judged, survivors = Counter[str](), Counter[str](), Counter[str]()
    for mutant in mutants():
        module = mutant.partition(".x")[0]
        made[module] += 1
        if mutant in verdicts:
            judged[module] += 1
            if verdicts[mutant] in {SURVIVED, UNREACHED}:
                survivors[module] += 1
                say(f"{verdicts[mutant]}: {mutant}")
    for module, count in sorted(made.items()):
        say(f"{module}: {count} made, {judged[module]} judged, {survivors[module]} survived")
    killed = 1 - survivors.total() / max(1, judged.total())
    say(f"{made.total()} made, {judged.total()} judged, {killed:.1%} killed")


if __name__ == "__main__":
    main(sys.argv[1:])
