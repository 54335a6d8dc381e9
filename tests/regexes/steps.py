"""A backtracking matcher that counts its steps, for the regular expressions of the product.

It tries what Python's own `re` tries, in the same order and without its shortcuts, and counts each
look at a character. So growth can be asserted without a clock.
"""

# Python's own parser of patterns; there is no public one.
import re
import re._constants as op  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from functools import cache
from typing import Any

Part = Any
"""Whatever the parser has in its tree."""
Node = tuple[Part, Part]


@cache
def _category(name: str, char: str, is_ascii: bool) -> bool:  # noqa: FBT001
    letter, wanted = name.rsplit("_", 1)[-1][0].lower(), "NOT" not in name
    pattern = re.compile(rf"\{letter}", re.ASCII if is_ascii else 0)
    return bool(pattern.match(char)) == wanted


class StepCounter:
    """Counts the steps of a search for one pattern.

    Args:
        pattern: Of text or of bytes, which are read as Latin-1.
        is_anchored: Whether it is tried at the beginning of a text only.
    """

    def __init__(self, pattern: "re.Pattern[Any]", *, is_anchored: bool = False) -> None:
        self._is_anchored = is_anchored
        source = pattern.pattern
        self._is_bytes = isinstance(source, bytes)
        self._ignores_case = bool(pattern.flags & re.IGNORECASE)
        flags = pattern.flags & ~re.UNICODE
        text = source.decode("latin-1") if isinstance(source, bytes) else source
        self._nodes = parser.parse(text, flags).data
        self._taken: dict[tuple[int, str], bool] = {}
        self.steps = 0

    def search(self, text: str) -> int:
        """Return how many steps it takes to find out that nothing, or what, matches."""
        self.steps = 0
        start = 0
        while start <= (0 if self._is_anchored else len(text)):
            end = next(self._sequence(self._nodes, 0, text, start), None)
            start = start + 1 if end is None else max(end, start + 1)
        return self.steps

    def _sequence(self, nodes: list[Node], index: int, text: str, at: int) -> Iterator[int]:
        if index == len(nodes):
            yield at
            return
        for end in self._node(nodes[index], text, at):
            yield from self._sequence(nodes, index + 1, text, end)

    def _node(  # noqa: C901  # a case for each kind of node
        self, node: Node, text: str, at: int
    ) -> Iterator[int]:
        kind, value = node
        self.steps += 1
        if kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
            least, most, body = value
            repeats = self._repeated(body.data, least, most, text, at, kind is op.MIN_REPEAT)
            yield from _first(repeats) if kind is op.POSSESSIVE_REPEAT else repeats
        elif kind is op.SUBPATTERN:
            yield from self._sequence(value[3].data, 0, text, at)
        elif kind is op.ATOMIC_GROUP:
            yield from _first(self._sequence(value.data, 0, text, at))
        elif kind is op.BRANCH:
            for branch in value[1]:
                yield from self._sequence(branch.data, 0, text, at)
        elif kind in {op.ASSERT, op.ASSERT_NOT}:
            direction, body = value
            begin = at if direction > 0 else at - body.getwidth()[0]
            found = begin >= 0 and next(self._sequence(body.data, 0, text, begin), None)
            if (found not in {None, False}) == (kind is op.ASSERT):
                yield at
        elif kind is op.AT:
            if self._is_at(value, text, at):
                yield at
        elif at < len(text) and self._takes(node, text[at]):
            yield at + 1

    def _repeated(
        self,
        body: list[Node],
        least: int,
        most: int,
        text: str,
        at: int,
        is_lazy: bool,  # noqa: FBT001
    ) -> Iterator[int]:
        if least <= 0 and is_lazy:
            yield at
        if most > 0:
            for end in self._sequence(body, 0, text, at):
                if end > at:
                    more = most if most == op.MAXREPEAT else most - 1
                    yield from self._repeated(body, least - 1, more, text, end, is_lazy)
        if least <= 0 and not is_lazy:
            yield at

    def _takes(self, node: Node, char: str) -> bool:
        # The nodes are kept, so that none has the id of another.
        known = self._taken.get((id(node), char))
        if known is None:
            cases = {char, char.lower(), char.upper()} if self._ignores_case else {char}
            known = any(self._takes_exactly(*node, case) for case in cases)
            self._taken[id(node), char] = known
        return known

    def _takes_exactly(self, kind: Part, value: Part, char: str) -> bool:
        if kind is op.LITERAL:
            return bool(ord(char[0]) == value)
        if kind is op.NOT_LITERAL:
            return bool(ord(char[0]) != value)
        if kind is op.ANY:
            return char != "\n"
        if kind is op.RANGE:
            return bool(value[0] <= ord(char[0]) <= value[1])
        if kind is op.CATEGORY:
            return _category(str(value), char[0], self._is_bytes)
        assert kind is op.IN, kind
        is_negated = value[0][0] is op.NEGATE
        inside = any(self._takes_exactly(item[0], item[1], char) for item in value[is_negated:])
        return inside != is_negated

    def _is_at(self, place: Part, text: str, at: int) -> bool:
        if place in {op.AT_BEGINNING, op.AT_BEGINNING_STRING}:
            return at == 0
        if place in {op.AT_END, op.AT_END_STRING}:
            return at >= len(text) - 1
        beside = [
            0 <= where < len(text) and _category("CATEGORY_WORD", text[where], self._is_bytes)
            for where in (at - 1, at)
        ]
        return (beside[0] != beside[1]) == (place is op.AT_BOUNDARY)


def _first(ends: Iterator[int]) -> Iterator[int]:
    end = next(ends, None)
    if end is not None:
        yield end


def samples(  # noqa: C901  # a case for each kind of node
    pattern: "re.Pattern[Any]",
) -> set[str]:
    """Characters that the pattern tells apart: its own, their neighbours, and one of each kind."""
    source = pattern.pattern
    text = source.decode("latin-1") if isinstance(source, bytes) else source
    found = set("a1 .-_+@/%=#:\n!A\xff")

    def walk(nodes: Part) -> None:  # noqa: C901
        for kind, value in nodes:
            if kind in {op.LITERAL, op.NOT_LITERAL}:
                found.add(chr(value))
            elif kind is op.RANGE:
                found.add(chr(value[0]))
            elif kind is op.IN:
                walk(value)
            elif kind in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
                walk(value[2])
            elif kind is op.SUBPATTERN:
                walk(value[3])
            elif kind is op.ATOMIC_GROUP:
                walk(value)
            elif kind is op.BRANCH:
                for branch in value[1]:
                    walk(branch)
            elif kind in {op.ASSERT, op.ASSERT_NOT}:
                walk(value[1])

    walk(parser.parse(text, pattern.flags & ~re.UNICODE))
    return found
