"""Choices written into a prompt: read kindly, refused clearly, and ordinary text left alone."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.vocabulary import PictureShape, PictureSize
from services.errors import (
    BadOptionValue,
    DomainError,
    MissingOptionValue,
    RepeatedOption,
    UnknownOption,
)
from services.generation.line import MAX_SHOWN, read_line
from services.generation.options import PictureOptions

BASE = PictureOptions()
TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
SPECIAL = {*"-–—", *TURNS}
REMEMBERED = PictureOptions(PictureShape.SQUARE, count=3, lora_scale=1.2, seed=42)


@pytest.mark.parametrize(
    ("line", "prompt", "options"),
    [
        ("a king --ar 9:16", "a king", PictureOptions(PictureShape.TALL)),
        ("a king -n 2", "a king", PictureOptions(count=2)),
        ("a king --n 2", "a king", PictureOptions(count=2)),
        ("a king --scale 0.8", "a king", PictureOptions(lora_scale=0.8)),
        ("a king --scale 0,8", "a king", PictureOptions(lora_scale=0.8)),
        ("a king --scale 1", "a king", PictureOptions(lora_scale=1.0)),
        ("a king --seed 7", "a king", PictureOptions(seed=7)),
        ("a king --seed=0", "a king", PictureOptions(seed=0)),
        ("--ar 1:1 a king", " a king", PictureOptions(PictureShape.SQUARE)),
        ("a --ar 1:1 king", "a king", PictureOptions(PictureShape.SQUARE)),
        ("a king --size HD", "a king", PictureOptions(size=PictureSize.HD)),
        ("a king —ar 16:9", "a king", PictureOptions(PictureShape.WIDE)),
        ("a \u202eking\u2066 -n\u202c 2", "a king", PictureOptions(count=2)),
        ("a king –seed 7", "a king", PictureOptions(seed=7)),
        ("a king ––ar 9:16", "a king", PictureOptions(PictureShape.TALL)),
        ("a king —-ar 9:16", "a king", PictureOptions(PictureShape.TALL)),
        ("a king \u2011\u2011ar 9:16", "a king", PictureOptions(PictureShape.TALL)),
        ("a king \u2212\u2212n 2", "a king", PictureOptions(count=2)),
        ("a king —n 2", "a king", PictureOptions(count=2)),
        ("a king -scale 0.8", "a king", PictureOptions(lora_scale=0.8)),
        ("a king --AR 4:3 -N 4", "a king", PictureOptions(PictureShape.LANDSCAPE, 4)),
        ("a king\n--ar\n9:16", "a king", PictureOptions(PictureShape.TALL)),
        (
            "portrait photo in Paris --ar 9:16 -n 2 --scale 1.4 --seed 7",
            "portrait photo in Paris",
            PictureOptions(PictureShape.TALL, 2, 1.4, 7),
        ),
    ],
)
def test_choices_are_read(line: str, prompt: str, options: PictureOptions) -> None:
    request = read_line(line, BASE)
    assert (request.prompt, request.options) == (prompt, options)


def test_what_is_not_named_stays_as_it_was() -> None:
    request = read_line("a king -n 1", REMEMBERED)
    assert request.options == PictureOptions(PictureShape.SQUARE, 1, 1.2, 42)


@pytest.mark.parametrize(
    "prompt",
    [
        "portrait photo",
        "black-and-white - moody",
        "Москва — осень, -20 градусов",
        "девушка —красивый свет",
        "a woman —smiling, film look",
        "a -- b",
        "half--length portrait",
        "at f/1.8 - n 2",
        "number -n-2",
        "3:4 9:16 seed 7 ar n",
        "  two  spaces\nand a line ",
        "—",
        "--",
        "-",
        "",
    ],
)
def test_ordinary_text_is_a_prompt_whatever_its_dashes(prompt: str) -> None:
    request = read_line(prompt, REMEMBERED)
    assert (request.prompt, request.options) == (prompt, REMEMBERED)


@pytest.mark.parametrize(
    ("line", "error", "params"),
    [
        ("a --art 9:16", UnknownOption, {"option": "--art"}),
        ("a --формат 9:16", UnknownOption, {"option": "--формат"}),
        ("a --ar9:16", UnknownOption, {"option": "--ar9:16"}),
        ("a --" + "x" * 900, UnknownOption, {"option": "--" + "x" * (MAX_SHOWN - 2)}),
        (
            "a --ar 2:3",
            BadOptionValue,
            {"option": "--ar", "value": "2:3", "allowed": "1:1, 3:4, 9:16, 4:3, 16:9"},
        ),
        ("a -n 5", BadOptionValue, {"option": "-n", "value": "5", "allowed": "1–4"}),
        ("a -n two", BadOptionValue, {"option": "-n", "value": "two", "allowed": "1–4"}),
        (
            "a —scale 0.85",
            BadOptionValue,
            {"option": "—scale", "value": "0.85", "allowed": "0.6, 0.7 … 1.4"},
        ),
        (
            "a --seed -5",
            BadOptionValue,
            {"option": "--seed", "value": "-5", "allowed": "0–2147483647"},
        ),
        ("a --seed", MissingOptionValue, {"option": "--seed", "allowed": "0–2147483647"}),
        ("a -n --seed 7", MissingOptionValue, {"option": "-n", "allowed": "1–4"}),
        ("a -n 1 --n 2", RepeatedOption, {"option": "--n"}),
    ],
)
def test_a_bad_choice_is_named(
    line: str, error: type[DomainError], params: dict[str, str]
) -> None:
    with pytest.raises(error) as refused:
        read_line(line, BASE)
    assert refused.value.params == params


WORDS = st.text(string.ascii_letters + string.digits + "—–-=:,.'«»яжё", min_size=1, max_size=12)
PIECES = st.one_of(
    st.sampled_from(
        ["--ar", "—ar", "-n", "--seed", "--scale", "9:16", "2", "0.8", "nan", "9" * 50, "1e400"]
    ),
    WORDS,
)
LINES = st.lists(PIECES, max_size=8).flatmap(
    lambda pieces: st.sampled_from([" ", "\n", "  ", "="]).map(lambda gap: gap.join(pieces))
)


def refusal_of(line: str) -> DomainError | None:
    try:
        read_line(line, BASE)
    except DomainError as error:
        return error
    return None


@given(LINES | st.text(max_size=200))
def test_any_line_is_read_or_refused_in_our_words(line: str) -> None:
    refusal = refusal_of(line)
    params = refusal.params if refusal else {}
    assert all(len(str(value)) <= MAX_SHOWN for value in params.values())


@given(st.text(max_size=200).filter(lambda text: not set(text) & SPECIAL))
def test_a_plain_prompt_comes_back_unchanged(prompt: str) -> None:
    request = read_line(prompt, REMEMBERED)
    assert (request.prompt, request.options) == (prompt, REMEMBERED)
