"""Requests to remove photos, as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.training.photo_numbers import numbers_to_remove


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("remove 3, 7", (3, 7)),
        ("Remove 3,7", (3, 7)),
        ("remove 7 3 7", (3, 7)),
        ("  remove photo 3 ", (3,)),
        ("Delete photos 3 and 7.", (3, 7)),
        ("drop #3; #7", (3, 7)),
        ("/remove 12", (12,)),
        ("remove: 1-3, 9", (1, 2, 3, 9)),
        ("remove 1 – 3", (1, 2, 3)),
        ("remove 5—3", (3, 4, 5)),
        ("убрать 3, 7", (3, 7)),
        ("Убери 3 и 7", (3, 7)),
        ("уберите фото 3,7 и 9", (3, 7, 9)),
        ("Удалить №3, № 7!", (3, 7)),
        ("удали 3-5", (3, 4, 5)),
        ("remove 0", (0,)),
        ("remove 9999", (9999,)),
    ],
)
def test_a_request_is_understood(text: str, numbers: tuple[int, ...]) -> None:
    assert numbers_to_remove(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "3, 7",
        "remove",
        "remove all",
        "remove three",
        "remove 3 please",
        "remove -3",
        "remove 3.5",
        "remove 3,",
        "remove 123456789",
        "do not remove 3",
        "removed 3",
        "я убрал 3",
        "is this enough? 3",
        "remove " + "1 - 2 , and  3   " * 250 + "x",
        "remove" + " " * 4000 + "x",
    ],
)
def test_anything_else_is_no_request(text: str) -> None:
    assert numbers_to_remove(text) == ()


@given(st.text())
def test_no_text_is_an_error(text: str) -> None:
    numbers_to_remove(text)
    numbers_to_remove(f"remove {text}")


@given(st.lists(st.integers(0, 9999), min_size=1, max_size=300))
def test_any_list_of_numbers_is_understood(numbers: list[int]) -> None:
    text = "remove " + ", ".join(map(str, numbers))
    assert numbers_to_remove(text) == tuple(sorted(set(numbers)))
