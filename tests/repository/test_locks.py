"""What the locks promise beside what CI proves by installing them (.ci/locks)."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def requirements(lock: str) -> dict[str, str]:
    """The packages of a lock by name, each with its pin, its marker and its hashes."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / lock).read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").strip().splitlines()
    return {re.split(r"[=\[ ;]", line, maxsplit=1)[0]: line for line in lines}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_and_hashes_everything_and_names_no_index(lock: str) -> None:
    for line in requirements(lock).values():
        assert re.fullmatch(
            r"[a-z0-9-]+==[\w.]+( ; [^-]+)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", line
        ), line
    assert "://" not in (ROOT / lock).read_text()


def test_the_packages_of_the_tests_include_those_of_the_bot() -> None:
    assert requirements(LOCKS[0]).items() <= requirements(LOCKS[1]).items()


@pytest.mark.parametrize("name", ["Makefile", "Dockerfile", ".ci/locks"])
def test_locks_are_installed_without_resolving_and_then_checked(name: str) -> None:
    text = (ROOT / name).read_text().replace("\\\n", " ").replace(chr(34), "")
    installs = [line for line in text.splitlines() if re.search(r"pip install .*-r ", line)]
    assert installs
    assert all("--no-deps" in line and "--require-hashes" in line for line in installs)
    assert "pip check" in text
