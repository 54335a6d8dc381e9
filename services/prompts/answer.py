"""Reads what a language model said. It becomes a prompt, a refusal or nothing."""

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, ValidationError

from services.visible import is_visible

MAX_ENGLISH = 1500
"""In characters. FLUX.1 reads 512 tokens; more is a model that has lost its way."""

MAX_ANSWER = 8000
"""In characters; no more of an answer is looked at."""


class RefusedFor(StrEnum):
    """Why a prompt is refused."""

    SEXUAL = "sexual"
    MINORS = "minors"
    VIOLENCE = "violence"
    RULES = "rules"


@dataclass(frozen=True)
class Worded:
    """A prompt as a generator reads it best. `own` is the same in the person's language."""

    english: str
    own: str = ""


@dataclass(frozen=True)
class Refused:
    """A prompt of which no picture is made."""

    why: RefusedFor


class UnusableAnswer(ValueError):
    """The model did not answer as it was told."""


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

    refused: bool
    why: str | None = ""
    language: str
    english: str
    own: str = ""


def read_answer(text: str, asked: str, trigger_word: str) -> Worded | Refused:
    """Return what a model's answer means.

    An English text stays as its person wrote it, whatever the model made of it; `own` tells an
    improvement, which is new words in any language.

    Args:
        text: What the model said.
        asked: What it was asked about.
        trigger_word: Is put before the prompt later, so it may not stand in it as well.

    Raises:
        UnusableAnswer: It is not the JSON that was asked for, or there is no prompt in it.
    """
    said = _said(text)
    if said.refused:
        return Refused(_why(said.why))
    if said.language.lower().startswith("en") and is_latin(asked) and not said.own:
        return Worded(asked)
    english = cleaned(said.english, trigger_word)
    if not is_visible(english) or not is_latin(english):
        raise UnusableAnswer("no prompt in English")
    missing = [quoted for quoted in quoted_texts(asked) if quoted not in english]
    english = cleaned(", ".join([english, *missing]), trigger_word)
    if len(english) > MAX_ENGLISH:
        raise UnusableAnswer("no prompt of a usable length")
    own = cleaned(said.own, trigger_word)
    return Worded(english, own if is_visible(own) else "")


def cleaned(text: str, trigger_word: str) -> str:
    """Return a prompt on one line, without the trigger word, markup and hidden signs."""
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    text = _MARKUP.sub(" ", without_trigger(text, trigger_word))
    return " ".join(text.split()).strip(" ,;")


def without_trigger(text: str, trigger_word: str) -> str:
    """Return a text without the trigger word, however it is spelt, and the comma after it."""
    if not trigger_word:
        return text
    bare = re.sub(rf"{re.escape(trigger_word)}(?!\w)[,:]?", "", text, flags=re.IGNORECASE)
    return bare.strip() if bare != text else text


def is_latin(text: str) -> bool:
    """Return whether a text, but for what stands between quotation marks, has Latin letters only.

    The text encoder of FLUX.1 (T5) knows hardly any others.
    """
    letters = (sign for sign in _QUOTED.sub("", text) if sign.isalpha())
    return all("LATIN" in unicodedata.name(letter, "") for letter in letters)


def quoted_texts(text: str) -> Sequence[str]:
    """Return what stands between quotation marks, with them."""
    return _QUOTED.findall(text)


_MARKUP = re.compile(r"<[^<>]*>|```[a-z]{0,10}|`|\*\*|\[/?INST\]")
"""Tags, also those that name a LoRA, Markdown, and marks of chat templates."""

_QUOTED = re.compile(r"«[^«»]+»|“[^“”]+”|„[^„“”]+[“”]|\"[^\"]+\"")


def _said(text: str) -> _Said:
    # Some models put a fence around their JSON whatever they are told.
    text = text[:MAX_ANSWER].strip().removeprefix("```json").removeprefix("```")
    try:
        return _Said.model_validate(json.loads(text.removesuffix("```")))
    except (ValidationError, ValueError, RecursionError) as error:
        raise UnusableAnswer(type(error).__name__) from error


def _why(why: str | None) -> RefusedFor:
    try:
        return RefusedFor(why or "")
    except ValueError:
        return RefusedFor.RULES
