"""README.ru.md says what README.md says: the same parts, commands, settings, code and links."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = (ROOT / "README.md").read_text("utf-8")
RUSSIAN = (ROOT / "README.ru.md").read_text("utf-8")


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def levels(text: str) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", without_code(text), re.MULTILINE)]


def parts(text: str) -> list[str]:
    return re.split(r"^## ", without_code(text), flags=re.MULTILINE)


def settings(text: str) -> list[tuple[str, str]]:
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| (.+?) \|", text, re.MULTILINE)
    words = {"обязательно": "required", "пусто": "empty"}
    return [(name, words.get(default, default)) for name, default in rows]


def in_code_marks(text: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", without_code(text)))


def targets(text: str) -> set[str]:
    """The pages, pictures and sites that are linked, places within the page left out."""
    found = set(re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text))
    return found - {"README.md", "README.ru.md"}


def code_blocks(text: str) -> list[str]:
    # The drawing has words of its language.
    found: list[str] = re.findall(r"^```(?!mermaid).*?^```", text, re.DOTALL | re.MULTILINE)
    return found


def test_both_have_the_same_parts_in_the_same_order() -> None:
    assert levels(ENGLISH) == levels(RUSSIAN)


def test_each_part_has_as_many_rows_points_and_steps() -> None:
    for english, russian in zip(parts(ENGLISH), parts(RUSSIAN), strict=True):
        for mark in (r"^\|", r"^- ", r"^\d+\. "):
            counts = [len(re.findall(mark, part, re.MULTILINE)) for part in (english, russian)]
            assert counts[0] == counts[1], (english[:30], mark)


def test_both_name_the_same_settings_with_the_same_defaults() -> None:
    assert settings(ENGLISH)
    assert settings(ENGLISH) == settings(RUSSIAN)


@pytest.mark.parametrize("read", [in_code_marks, targets])
def test_both_name_the_same_commands_values_and_pages(
    read: Callable[[str], set[str]],
) -> None:
    assert read(ENGLISH) ^ read(RUSSIAN) == set()


def test_code_is_the_same() -> None:
    assert code_blocks(ENGLISH) == code_blocks(RUSSIAN)


def test_each_leads_to_the_other_at_its_top() -> None:
    assert "](README.ru.md)" in ENGLISH.split("\n## ", 1)[0]
    assert "](README.md)" in RUSSIAN.split("\n## ", 1)[0]


@pytest.mark.parametrize("text", [ENGLISH, RUSSIAN], ids=["en", "ru"])
def test_a_link_within_the_page_leads_to_a_heading(text: str) -> None:
    headings = re.findall(r"^#+ (.+)$", without_code(text), re.MULTILINE)
    places = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= places
