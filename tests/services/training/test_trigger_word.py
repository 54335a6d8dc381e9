"""Trigger words from names in any script."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.training.trigger_word import (
    MAX_LENGTH,
    NAMELESS,
    draw_trigger_word,
    trigger_word_base,
)

FORM = re.compile(r"[A-Z0-9]+(_[A-Z0-9]+)*_[0-9A-F]{4}")


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("My Portrait 2025", "MY_PORTRAIT_2025"),
        ("Мой портрет", "MOY_PORTRET"),
        ("anna", "ANNA"),
        ("  anna  ", "ANNA"),
        ("Anna-Maria", "ANNA_MARIA"),
        ("Zoë Müller", "ZOE_MULLER"),
        ("Łukasz", "LUKASZ"),
        ("straße", "STRASSE"),
        ("Ελένη", "ELENI"),
        ("안녕", "ANNYEONG"),
        ("田中", "TIANZHONG"),
        ("Ёлка", "ELKA"),
        ("٢٠٢٥", "2025"),
        ("Ⅳ", "IV"),
        ("a_b__c", "A_B_C"),
        ("_x_", "X"),
        ("a🙂b", "A_B"),
        ("O'Neil", "O_NEIL"),
        ("🙂", NAMELESS),
        ("!!!", NAMELESS),
        ("___", NAMELESS),
        ("", NAMELESS),
        ("\u200b", NAMELESS),
        ("x" * 100, "X" * (MAX_LENGTH - 5)),
        ("щ" * 40, ("SHCH" * 40)[: MAX_LENGTH - 5]),
    ],
)
def test_a_name_becomes(name: str, base: str) -> None:
    assert trigger_word_base(name) == base


@pytest.mark.parametrize(
    "name", ["नमस्ते", "مرحبا", "שלום", "ประเทศไทย", "ქართული", "Հայ", "ひらがな"]
)
def test_every_script_leaves_something_readable(name: str) -> None:
    assert trigger_word_base(name) != NAMELESS


def test_the_suffix_is_drawn_again() -> None:
    words = {draw_trigger_word("Anna") for _ in range(200)}
    assert len(words) > 150
    assert all(word.startswith("ANNA_") for word in words)


@given(st.text(max_size=60))
def test_every_name_gives_a_word_of_the_right_form_and_length(name: str) -> None:
    word = draw_trigger_word(name)
    assert FORM.fullmatch(word), word
    assert len(word) <= MAX_LENGTH
