"""The locale files and the code that uses them, read as trees."""

import ast
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from services.domain.vocabulary import Language
from texts.reader import LOCALES, Value

ROOT = LOCALES.parents[1]
API = ROOT / "api"
HANDLERS = ROOT / "handlers"
SERVICES = ROOT / "services"
WEBAPP = ROOT / "webapp"
PLURAL_NUMBERS = (0, 1, 2, 5, 21)
AWKWARD = "<b>Tom</b> & «Ünsal» {x}"
"""A value that would be markup if it were not escaped."""


def _entries(language: Language) -> Iterator[ftl.EntryType]:
    for path in sorted((LOCALES / language.value).glob("*.ftl")):
        yield from FluentParser().parse(path.read_text(encoding="utf-8")).body


@cache
def messages(language: Language) -> dict[str, ftl.Message]:
    body = list(_entries(language))
    junk = [entry.content for entry in body if isinstance(entry, ftl.Junk)]
    assert not junk, junk
    return {entry.id.name: entry for entry in body if isinstance(entry, ftl.Message)}


def duplicates(language: Language) -> list[str]:
    names = [entry.id.name for entry in _entries(language) if isinstance(entry, ftl.Message)]
    return sorted({name for name in names if names.count(name) > 1})


class _Variables(Visitor):
    """Variables of a message, the number or word each selects by, and those that are days."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.days: set[str] = set()
        self.selected: dict[str, set[str]] = {}

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802
        self.names.add(node.id.name)

    def visit_FunctionReference(self, node: ftl.FunctionReference) -> None:  # noqa: N802
        if node.id.name == "DATETIME":
            given = node.arguments.positional
            self.days |= {one.id.name for one in given if isinstance(one, ftl.VariableReference)}
        self.generic_visit(node)

    def visit_SelectExpression(self, node: ftl.SelectExpression) -> None:  # noqa: N802
        if isinstance(node.selector, ftl.VariableReference):
            keys = {
                key.name if isinstance(key, ftl.Identifier) else key.value
                for key in (variant.key for variant in node.variants)
            }
            self.selected.setdefault(node.selector.id.name, set()).update(keys)
        self.generic_visit(node)


def variables(message: ftl.Message) -> set[str]:
    found = _Variables()
    found.visit(message)
    return found.names


def plausible_values(message: ftl.Message) -> Iterator[dict[str, Value]]:
    """Values to render a message with: all plural forms, and text that must be escaped."""
    found = _Variables()
    found.visit(message)
    choices: list[tuple[Value, ...]] = []
    names = sorted(found.names)
    for name in names:
        keys = found.selected.get(name, set())
        if name in found.days:
            choices.append((date(2026, 11, 29),))
        elif keys & {"one", "few", "many"} or any(key.isdigit() for key in keys):
            choices.append(PLURAL_NUMBERS)
        elif keys:
            choices.append((*sorted(keys), AWKWARD))
        else:
            choices.append((AWKWARD, 20))
    for values in product(*choices) if len(names) < 4 else zip(*choices, strict=False):
        yield dict(zip(names, values, strict=True))


def trees(*folders: Path) -> Iterator[ast.Module]:
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            yield ast.parse(path.read_text(encoding="utf-8"))


def _keys_in(node: ast.expr) -> Iterator[str]:
    """Sentence keys an argument may be; a key with a hole ends in `*`."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from _keys_in(node.body)
            yield from _keys_in(node.orelse)
        case ast.JoinedStr(values=[ast.Constant(value=str(prefix)), *_]):
            yield f"{prefix}*"


def keys_used(*, only_plain: bool = False) -> set[str]:
    """Keys in calls of `t(…)` and `t.plain(…)`; `prefix-*` where the rest is computed."""
    used: set[str] = set()
    for tree in trees(HANDLERS, API):
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            is_plain = isinstance(call.func, ast.Attribute) and call.func.attr == "plain"
            is_html = isinstance(call.func, ast.Name) and call.func.id == "t"
            if is_plain or (is_html and not only_plain):
                used.update(_keys_in(call.args[0]))
    return used


def words_in_code() -> set[str]:
    """Every string in our code; of formatted ones the beginning, as `prefix*`."""
    words: set[str] = set()
    for tree in trees(API, HANDLERS, SERVICES):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant | ast.JoinedStr):
                words.update(_keys_in(node))
    for path in WEBAPP.rglob("*.js"):
        words.update(re.findall(r'"(page-[a-z-]+)"', path.read_text(encoding="utf-8")))
    return words
