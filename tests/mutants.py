"""Judge the mutants that mutmut has made: `make mutants`.

mutmut collects the tests for each mutant, which takes longer than they run. Here everything is
imported once, and a mutant is a fork that first runs what has killed others of its function.

    python -m tests.mutants [PATTERN ...]
"""

import contextlib
import json
import os
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path

import pytest

FOLDER = Path("mutants")
VERDICTS = Path("verdicts.json")
KILLERS_FIRST = 8
CPU_S = 90
"""A mutant that computes for longer never ends; one that waits is ended by pytest's timeout."""

OPTIONS = ("-x", "-q", "--no-header", "-p", "no:cacheprovider", "--timeout=60", "--tb=no")
SURVIVED, CUT_OFF = "survived", "cut off"


class FirstFailure:
    """Notes which test fails."""

    test = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.test:
            self.test = report.nodeid.removeprefix(f"{FOLDER}/")


def main(patterns: Sequence[str]) -> None:
    os.chdir(FOLDER)
    sys.path.insert(0, str(Path.cwd()))
    stats = json.loads(Path("mutmut-stats.json").read_text())
    reached: dict[str, list[str]] = stats["tests_by_mangled_function_name"]
    durations: dict[str, float] = stats["duration_by_test"]
    os.environ["MUTANT_UNDER_TEST"] = ""
    with muted():
        pytest.main([*OPTIONS, "--collect-only", *{name.split("::")[0] for name in durations}])
        # Migrating takes longer than most tests, so the forks have it, too.
        sys.modules["tests.conftest"].sqlite_template()
    verdicts: dict[str, str] = json.loads(VERDICTS.read_text()) if VERDICTS.exists() else {}
    killers: dict[str, Counter[str]] = defaultdict(Counter)
    functions = {mutant: mutant.rpartition("__mutmut_")[0] for mutant in wanted(patterns)}
    longest = {name: sum(map(durations.__getitem__, tests)) for name, tests in reached.items()}
    for mutant, function in sorted(functions.items(), key=lambda one: longest.get(one[1], 0.0)):
        if mutant in verdicts and not patterns:
            continue
        tests = sorted(reached.get(function, ()), key=durations.__getitem__)
        known = [test for test, _ in killers[function].most_common(KILLERS_FIRST)]
        started = time.monotonic()
        verdict = judge(mutant, [known, [test for test in tests if test not in known]])
        verdicts[mutant] = verdict
        if verdict in tests:
            killers[function][verdict] += 1
        VERDICTS.write_text(json.dumps(verdicts, indent=1))
        say(f"{time.monotonic() - started:5.1f} s  {mutant}: {verdict}")
    report(verdicts)


def wanted(patterns: Sequence[str]) -> list[str]:
    metas = (json.loads(path.read_text()) for path in sorted(Path().glob("*/**/*.meta")))
    every = [mutant for meta in metas for mutant in meta["exit_code_by_key"]]
    return [name for name in every if not patterns or any(fnmatch(name, p) for p in patterns)]


def judge(mutant: str, rounds: list[list[str]]) -> str:
    """Return the test that kills a mutant, or what else became of it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
        os.environ["MUTANT_UNDER_TEST"] = mutant
        first = FirstFailure()
        with muted():
            for tests in rounds:
                if tests and not first.test:
                    code = pytest.main([*OPTIONS, *tests], plugins=[first])
                    if code not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
                        os._exit(1)  # else a mutant would survive what was never run
        os.write(writing, (first.test or SURVIVED).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        verdict = answer.read()
    os.waitpid(child, 0)
    return verdict or CUT_OFF


@contextlib.contextmanager
def muted() -> Iterator[None]:
    with (
        Path(os.devnull).open("w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        yield


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def report(verdicts: dict[str, str]) -> None:
    judged, survivors = Counter[str](), Counter[str]()
    for mutant, verdict in verdicts.items():
        module = mutant.partition(".x")[0]
        judged[module] += 1
        survivors[module] += verdict == SURVIVED
        if verdict == SURVIVED:
            say(f"survived: {mutant}")
    for module, count in sorted(judged.items()):
        say(f"{module}: {count} judged, {survivors[module]} survived")
    killed = 1 - survivors.total() / max(1, judged.total())
    say(f"{judged.total()} judged, {killed:.1%} killed")


if __name__ == "__main__":
    main(sys.argv[1:])
