"""The presets as the chat offers them, and the shape that a file of them must have."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from services.domain.vocabulary import Language, PictureShape, Subject
from services.errors import PresetGone
from services.pictures.own import OwnFile

SUBJECT = "{subject}"
"""What a prompt says for woman, man or person."""

PACK_SIZE = 4

Text = TypeVar("Text", bound=str)


def _in_one_line(text: object) -> object:
    return " ".join(text.split()) if isinstance(text, str) else text


def _names_the_subject(text: object) -> object:
    if isinstance(text, str):
        if SUBJECT not in text:
            msg = f"has no {SUBJECT}, which stands for woman, man or person"
            raise ValueError(msg)
        if {"{", "}"} & set(text.replace(SUBJECT, "")):
            msg = f"has braces other than {SUBJECT}"
            raise ValueError(msg)
    return _in_one_line(text)


Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,24}$")]
"""Short, because buttons carry it: Telegram allows 64 bytes in all."""

Name = Annotated[str, Field(min_length=1, max_length=30), BeforeValidator(_in_one_line)]
"""Fits on a button."""

Line = Annotated[str, Field(min_length=1, max_length=80), BeforeValidator(_in_one_line)]

Prompt = Annotated[str, Field(max_length=600), BeforeValidator(_names_the_subject)]
"""Well below the 900 characters that a prompt of the user's own may have."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Local(_Strict, Generic[Text]):
    """A text in every language."""

    en: Text
    ru: Text

    def of(self, language: Language) -> str:
        """Return the text in a language."""
        return self.ru if language == Language.RU else self.en


class Listed(_Strict):
    """An entry of the file, known by its id."""

    id: Id


class Category(Listed):
    """A shelf of presets; `picture` names a file that lies beside the file of presets."""

    name: Local[Name]
    picture: str = ""


class Preset(Listed):
    """An idea for a picture: its prompt, in English, and the shape that suits it."""

    category: Id
    name: Local[Name]
    description: Local[Line]
    prompt: Prompt
    shape: PictureShape

    def prompt_of(self, subject: Subject) -> str:
        """Return the prompt for a woman, a man or a person, without the trigger word."""
        return self.prompt.replace(SUBJECT, subject.value)


class Pack(Listed):
    """Four presets for one press."""

    name: Local[Name]
    presets: Annotated[tuple[Id, ...], Field(min_length=PACK_SIZE, max_length=PACK_SIZE)]


Entry = TypeVar("Entry", bound=Listed)


class Catalogue:
    """All categories, presets and packs, in the order of the file.

    Args:
        categories: The shelves.
        presets: What is on them.
        packs: Presets in fours.
        pictures: Those of the shelves by their ids, and of all of them together by an empty text.
    """

    def __init__(
        self,
        categories: Sequence[Category],
        presets: Sequence[Preset],
        packs: Sequence[Pack],
        pictures: Mapping[str, OwnFile],
    ) -> None:
        self.presets = tuple(presets)
        self.packs = tuple(packs)
        self.pictures = pictures
        used = {preset.category for preset in presets}
        # An operator's file may have moved all presets out of a category of ours.
        self.categories = tuple(category for category in categories if category.id in used)

    def category(self, category_id: str) -> Category:
        """Return a category.

        Raises:
            PresetGone: The file has no such category any more.
        """
        return _found(self.categories, category_id)

    def preset(self, preset_id: str) -> Preset:
        """Return a preset.

        Raises:
            PresetGone: The file has no such preset any more.
        """
        return _found(self.presets, preset_id)

    def pack(self, pack_id: str) -> Pack:
        """Return a pack.

        Raises:
            PresetGone: The file has no such pack any more.
        """
        return _found(self.packs, pack_id)

    def in_category(self, category_id: str) -> Sequence[Preset]:
        """Return the presets of a category, in their order."""
        return [preset for preset in self.presets if preset.category == category_id]

    def in_pack(self, pack: Pack) -> Sequence[Preset]:
        """Return the presets of a pack, in their order."""
        return [self.preset(preset_id) for preset_id in pack.presets]


def _found(entries: Sequence[Entry], entry_id: str) -> Entry:
    for entry in entries:
        if entry.id == entry_id:
            return entry
    raise PresetGone
