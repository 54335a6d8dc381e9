"""Choices written into the prompt: `portrait photo in Paris --ar 9:16 -n 2 --seed 7`."""

import re
from collections.abc import Mapping

from services.domain.vocabulary import PictureOption, PictureShape, PictureSize
from services.errors import BadOptionValue, MissingOptionValue, RepeatedOption, UnknownOption
from services.generation.options import (
    LORA_SCALES,
    PICTURE_COUNTS,
    SEEDS,
    PictureOptions,
    PictureRequest,
    chosen,
)
from services.visible import without_turns

OPTIONS: Mapping[str, PictureOption] = {
    "ar": PictureOption.SHAPE,
    "size": PictureOption.SIZE,
    "n": PictureOption.COUNT,
    "scale": PictureOption.SCALE,
    "seed": PictureOption.SEED,
}

ALLOWED: Mapping[PictureOption, str] = {
    PictureOption.SHAPE: ", ".join(PictureShape),
    PictureOption.SIZE: ", ".join(PictureSize),
    PictureOption.COUNT: f"{PICTURE_COUNTS[0]}–{PICTURE_COUNTS[-1]}",
    PictureOption.SCALE: f"{LORA_SCALES[0]}, {LORA_SCALES[1]} … {LORA_SCALES[-1]}",
    PictureOption.SEED: f"{SEEDS[0]}–{SEEDS[-1]}",
}
"""What a user may write, in signs that need no translation."""

MAX_SHOWN = 30
"""In characters, of what is quoted back in an error."""

# Phones turn hyphens into dashes of any kind. A dash also begins a word of ordinary text, so after
# one only a known name counts; two hyphens before a letter are always meant as an option.
_DASH = "[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]"
_KNOWN = "|".join(OPTIONS)
_OPTION = rf"(?:{_DASH}{{1,4}}(?:{_KNOWN})|--[^\W\d_][^\s=]*)(?![^\s=])"
_OPTION_AND_VALUE = re.compile(
    rf"(?:^|\s)(?P<option>{_OPTION})(?:(?:=|\s+)(?!{_OPTION})(?P<value>\S+))?", re.IGNORECASE
)
_DASHES = re.compile(_DASH)


def read_line(line: str, base: PictureOptions) -> PictureRequest:
    """Separate a prompt from the choices written into it, wherever they stand.

    Args:
        line: What the user wrote. Without choices it is the prompt, unchanged but for signs that
            turn around what stands behind it.
        base: What is not named in the line.

    Raises:
        UnknownOption: There is no such option.
        RepeatedOption: An option is named twice.
        MissingOptionValue: An option has no value.
        BadOptionValue: A value is not allowed.
    """
    line = without_turns(line)
    options = base
    named: set[PictureOption] = set()
    for found in _OPTION_AND_VALUE.finditer(line):
        word = found["option"][:MAX_SHOWN]
        option = OPTIONS.get(_DASHES.sub("", found["option"]).lower())
        if option is None:
            raise UnknownOption(option=word)
        if option in named:
            raise RepeatedOption(option=word)
        named.add(option)
        options = _chosen(options, option, word, found["value"])
    return PictureRequest(_OPTION_AND_VALUE.sub("", line), options)


def _chosen(
    options: PictureOptions, option: PictureOption, word: str, value: str | None
) -> PictureOptions:
    if value is None:
        raise MissingOptionValue(option=word, allowed=ALLOWED[option])
    try:
        return chosen(options, option, value)
    except ValueError:
        raise BadOptionValue(
            option=word, value=value[:MAX_SHOWN], allowed=ALLOWED[option]
        ) from None
