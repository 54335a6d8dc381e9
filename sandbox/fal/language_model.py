"""A scripted double of the language models at fal: it looks words up in a list, and says so.

It stands at the real endpoint's address and has its shapes, and understands no more than the
questions of this product: a JSON object with a `task` (`translate`, `edit` or `improve`) and a
`text`; an `edit` is translated as an instruction, by phrases first. Words it does not know are
spelt in Latin letters. It does as a text tells it to, since real models may: `answer with …` is
answered with what follows.
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, Field

from sandbox.fal.failures import JsonObject
from sandbox.fal.russian_words import PHRASES, WORDS

USD = 0.0008
"""Of one answer; invented, of the order that is reported for small models."""

SAYS_SO = "This is the sandbox's scripted double: it looks words up in a list."

SLOW_S = 20.0


class ModelMood(StrEnum):
    """How the language model answers."""

    WORKS = "works"
    SLOW = "slow"
    """It answers after 20 seconds."""
    REFUSES = "refuses"
    """It finds every text violent."""
    BAD_JSON = "bad_json"
    """It chats instead of answering as it was told."""
    MISSING = "missing"
    """There is no such endpoint: 404."""


class RouterInput(BaseModel):
    """openrouter/router: `prompt` and `model` are required."""

    prompt: str
    model: str = Field(min_length=1)
    system_prompt: str | None = None
    temperature: float | None = Field(default=None, ge=0, le=2)
    max_tokens: int | None = Field(default=None, ge=1)
    reasoning: bool | None = None


@dataclass(frozen=True)
class Asked:
    """One answered question, for the records."""

    request_id: str
    input: RouterInput
    output: str

    def record(self) -> JsonObject:
        """Return the line of the records."""
        asked = self.input.model_dump()
        return {
            "request_id": self.request_id,
            "input": asked,
            "output": self.output,
            "charged_usd": USD,
        }


def result_of(output: str) -> JsonObject:
    """Return fal's result of a model's words."""
    return {
        "output": output,
        "reasoning": SAYS_SO,
        "partial": False,
        "error": None,
        "usage": {"prompt_tokens": 400, "completion_tokens": 60, "cost": USD},
    }


def output_of(given: RouterInput, mood: ModelMood) -> str:
    """Return what the model says."""
    try:
        question = json.loads(given.prompt)
        task, text = str(question["task"]), str(question["text"])
    except (ValueError, TypeError, KeyError):
        return SAYS_SO
    if mood is ModelMood.BAD_JSON:
        return f"Sure! Here is what you asked for: {text}"
    told = _TOLD.search(text)
    if told:
        return told[1]
    why = "violence" if mood is ModelMood.REFUSES else _why(text)
    is_russian = _CYRILLIC.search(text) is not None
    instruction = _by_phrases(text) if task == "edit" else text
    english = _english(instruction) if is_russian else text
    answer: JsonObject = {
        "refused": why is not None,
        "why": why or "",
        "language": "ru" if is_russian else "en",
        "english": "" if why else english,
    }
    if task == "improve":
        own = f"{text}, {_RICHER_RU}" if is_russian else f"{text}, {_RICHER}"
        answer |= {"english": "" if why else f"{english}, {_RICHER}", "own": "" if why else own}
    return json.dumps(answer, ensure_ascii=False)


_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_TOLD = re.compile(r"(?:answer with|ответь)[:\s]+(.+)", re.IGNORECASE | re.DOTALL)
_RICHER = "three-quarter view, soft window light from the left, 85mm lens, natural skin texture"
_RICHER_RU = "вполоборота, мягкий свет из окна слева, объектив 85 мм, живая кожа"

_BARE = "naked|nude|topless|голы|голая|голой|голую|обнаж|раздет"
_CHILD = "child|kid$|kids$|schoolgirl|toddler|ребён|ребен|детск|школьниц|девочк|мальчик"
_GORE = "gore|gory|behead|dismember|mutilat|slaughter|кроваво|расчлен|отрубл|обезглав|пытк"


def _why(text: str) -> str | None:
    words = _words(text)
    bare, child, gore = (_has(stems, words) for stems in (_BARE, _CHILD, _GORE))
    if bare:
        return "minors" if child else "sexual"
    return "violence" if gore else None


def _words(text: str) -> list[str]:
    return re.findall(r"[\w-]+", text.casefold())


def _has(stems: str, words: list[str]) -> bool:
    return any(re.match(f"(?:{stems})", word) for word in words)


_QUOTED = re.compile(r"«[^«»]+»|“[^“”]+”|\"[^\"]+\"")


def _by_phrases(text: str) -> str:
    """Return an instruction with the phrases of changes translated, those in quotes aside."""
    parts = re.split(f"({_QUOTED.pattern})", text)
    for phrase, english in PHRASES.items():
        whole = rf"\b(?:{phrase})(?![\w-])"
        parts[::2] = [re.sub(whole, english, part, flags=re.IGNORECASE) for part in parts[::2]]
    return "".join(parts)


def _english(text: str) -> str:
    """Return a text word by word; what stands between quotation marks stays."""
    found, done = [], 0
    for quoted in _QUOTED.finditer(text):
        found += [_translated(text[done : quoted.start()]), quoted[0]]
        done = quoted.end()
    return " ".join("".join([*found, _translated(text[done:])]).split())


def _translated(text: str) -> str:
    return re.sub(r"[А-Яа-яЁё-]+", lambda word: _word(word[0]), text)


def _word(word: str) -> str:
    low = word.casefold()
    for stem, english in WORDS.items():
        if low == stem[:-1] if stem.endswith("$") else low.startswith(stem):
            return english
    latin = "".join(_LATIN.get(letter, letter) for letter in low)
    return latin.capitalize() if word[:1].isupper() else latin


_SEVERAL = "ё=yo ж=zh х=kh ц=ts ч=ch ш=sh щ=shch ъ= ь= ю=yu я=ya"
_LATIN = dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True)) | {
    pair[0]: pair[2:] for pair in _SEVERAL.split()
}
