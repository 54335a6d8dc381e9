"""One thing has one name, and Python's docstrings say "Return"."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("api", "bot", "db", "handlers", "sandbox", "services", "texts")

INSTEAD = {
    r'"""Gives? (a|an|all|different|the)\b(?!.* back)': "Return or Yield",
    r"\b(\w+_)?books?(_\w+)?\b": "records, charges, ledger",
    r"\b(\w+_)?(board|desk|lid|till)(_\w+)?\b": "live message, admin notifier, limiter, ledger",
    r"(?<![\"-])\b(\w+_)?anew\b": "again, from scratch",
    r"\b(be had|bear to|struck by|are well)\b": "plain English",
}
ALLOWED = re.compile(r"books: list\[Color\]|dice\.choice\(books\)|Give the bot its picture")


@pytest.mark.parametrize("pattern", INSTEAD, ids=list(INSTEAD.values()))
def test_the_code_speaks_the_words_of_the_field(pattern: str) -> None:
    word = re.compile(pattern)
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if word.search(line) and not ALLOWED.search(line)
    ]
    assert not found, f"say {INSTEAD[pattern]}"
