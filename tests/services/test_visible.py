"""Names and prompts are texts that can be seen, and read in the order they are written."""

import pytest

from services.errors import InvalidName
from services.training.model_name import model_name
from services.visible import has_hidden_signs, is_visible


@pytest.mark.parametrize("text", ["Anna", "Анна", "莉", "👩‍🚀", "5", "?", "می‌خواهم"])
def test_what_is_drawn_can_be_seen(text: str) -> None:
    assert is_visible(text)
    assert model_name(text) == text


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "\u2060\ufeff", "\u3164", "\u2800", "\u115f\u1160", "\u0301"]
)
def test_what_is_drawn_as_nothing_is_no_name(text: str) -> None:
    assert not is_visible(text)
    with pytest.raises(InvalidName):
        model_name(text)


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200f", "\u200b", "\x07", "\u2028"])
def test_signs_that_hide_or_turn_what_follows_are_in_no_name(sign: str) -> None:
    text = f"An{sign}na"
    assert has_hidden_signs(text) or sign.isspace()
    if sign.isspace():
        assert model_name(text) == "An na"
    else:
        with pytest.raises(InvalidName):
            model_name(text)
