"""No regular expression of the product goes over what people sent again and again.

Every pattern in the product is found, fed with growing runs of what it tells apart, and its steps
are counted: twice the text may take about twice the steps, never four times.
"""

import ast
import importlib
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.regexes.steps import StepCounter, samples

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("bot", "db", "handlers", "sandbox", "services", "texts")
SHORT, LONG = 120, 240
WORST_GROWTH = 2.6
"""Linear is 2, with some steps that do not grow; quadratic is nearly 4."""
RUNS_A_PATTERN = 25

MADE_AT_RUN_TIME = {
    "sandbox/drawing/moods.py": "words of our own, one beside the other",
    "sandbox/fal/language_model.py": "words of our own, one beside the other",
    "services/fal/marks.py": "quoted texts",
    "services/fal/words.py": "quoted words, one beside the other",
    "services/prompts/answer.py": "a quoted word",
}

Pattern = re.Pattern[Any]


def sources() -> Iterator[Path]:
    for room in ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def calls_of_re(path: Path) -> Iterator[ast.Call]:
    source = path.read_text("utf-8")
    if "import re\n" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr != "escape"
        ):
            yield node


def in_module(path: Path) -> list[Pattern]:
    """The patterns among a module's globals, also within tables."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)

    def within(value: object) -> Iterator[Pattern]:
        if isinstance(value, re.Pattern):
            yield value
        elif isinstance(value, (list, tuple)):
            for item in value:
                yield from within(item)
        elif isinstance(value, dict):
            for item in value.values():
                yield from within(item)

    return [
        found for value in vars(importlib.import_module(name)).values() for found in within(value)
    ]


def constant(call: ast.Call) -> str | bytes | None:
    first = call.args[0]
    is_text = isinstance(first, ast.Constant) and isinstance(first.value, str | bytes)
    return ast.literal_eval(first) if is_text else None


def patterns() -> dict[str, tuple[Pattern, bool]]:
    """Every pattern with its place, and whether it is tried at the beginning of a text only."""
    found: dict[str, tuple[Pattern, bool]] = {}
    for path in sources():
        calls = list(calls_of_re(path))
        if not calls:
            continue
        where = str(path.relative_to(ROOT))
        for call in calls:
            if (source := constant(call)) is not None:
                is_anchored = ast.unparse(call.func) in {"re.match", "re.fullmatch"}
                found[f"{where}: {source!r}"] = re.compile(source), is_anchored
        held = {f"{where}: {pattern.pattern!r}": (pattern, False) for pattern in in_module(path)}
        made = [call for call in calls if constant(call) is None]
        assert len(made) <= len(held.keys() - found.keys()) or where in MADE_AT_RUN_TIME, where
        found |= held
    return found


PATTERNS = patterns()


def texts(pattern: Pattern, length: int) -> Iterator[str]:
    """Runs of one or two things, alone and behind or before another one."""
    chance = random.Random(7)  # noqa: S311  # no secret
    known: Sequence[str] = sorted(samples(pattern))
    for char in known:
        yield char * length
    for _ in range(RUNS_A_PATTERN):
        head, one, two, tail = (
            "".join(chance.choices(known, k=chance.randint(0, 3))) for _ in range(4)
        )
        half = length // 2
        yield head + (one * half)[:half] + (two * half)[:half] + tail
        yield head + ((one + two) * length)[:length] + tail


def test_the_patterns_of_the_product_are_found() -> None:
    assert len(PATTERNS) > 25


@pytest.mark.parametrize("name", PATTERNS)
def test_twice_the_text_takes_about_twice_the_steps(name: str) -> None:
    pattern, is_anchored = PATTERNS[name]
    counter = StepCounter(pattern, is_anchored=is_anchored)
    for short, long in zip(texts(pattern, SHORT), texts(pattern, LONG), strict=True):
        few, many = counter.search(short), counter.search(long)
        assert many <= few * WORST_GROWTH + 5 * LONG, f"{short!r}: {few}, twice: {many}"


def test_the_counter_tells_a_quadratic_pattern_from_a_linear_one() -> None:
    quadratic = StepCounter(re.compile(rb"\xff+[^\xff]"))
    linear = StepCounter(re.compile(rb"\xff[^\xff]"))
    assert quadratic.search("\xff" * LONG) > 3.5 * quadratic.search("\xff" * SHORT)
    assert linear.search("\xff" * LONG) < 2.1 * linear.search("\xff" * SHORT)
