"""What a LoRA of the sandbox remembers: base model, trigger words, and a few small photos."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Self

from sandbox.fal.endpoints import Family
from sandbox.fal.safetensors import SafetensorsError, read_metadata, write_safetensors

MAX_PHOTOS = 8
"""So many thumbnails are kept, evenly picked, so that the file stays small."""
_FORMAT = "sandbox-lora/1"
_WORD = re.compile(r"[^\W_]+(?:_[^\W_]+)*", re.UNICODE)
# Words that describe rather than name. What is left of a caption is its trigger.
_COMMON_WORDS = frozenset(
    {
        "a",
        "an",
        "and",
        "at",
        "by",
        "face",
        "from",
        "his",
        "her",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "photo",
        "photograph",
        "picture",
        "portrait",
        "image",
        "the",
        "this",
        "to",
        "with",
        "person",
        "man",
        "woman",
        "boy",
        "girl",
        "people",
        "someone",
        "male",
        "female",
        "human",
        "young",
        "old",
        "close",
        "up",
        "closeup",
        "head",
        "shot",
        "headshot",
        "selfie",
        "wearing",
        "looking",
        "standing",
        "sitting",
        "smiling",
        "style",
    }
)


@dataclass(frozen=True)
class Lora:
    """The content of a LoRA file.

    `triggers` are lower-case words of which a prompt must hold one; none means that the person
    comes with every prompt. `photos` are JPEG bytes.
    """

    family: Family
    triggers: tuple[str, ...]
    default_caption: str | None
    steps: int
    photos: tuple[bytes, ...]

    def wakes_on(self, prompt: str) -> bool:
        """Whether the prompt calls for the trained person."""
        text = prompt.casefold()
        return not self.triggers or any(trigger in text for trigger in self.triggers)

    def to_bytes(self) -> bytes:
        """The `.safetensors` file."""
        metadata = {
            "format": _FORMAT,
            "base_model": self.family,
            "triggers": json.dumps(self.triggers, ensure_ascii=False),
            "default_caption": self.default_caption or "",
            "steps": str(self.steps),
            "photos": json.dumps([base64.b64encode(photo).decode() for photo in self.photos]),
        }
        weights = {
            "lora_unet_single.lora_down.weight": [0.1, 0.2, 0.3, 0.4],
            "lora_unet_single.lora_up.weight": [0.4, 0.3, 0.2, 0.1],
        }
        return write_safetensors(metadata, weights)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a file made by `to_bytes`.

        Raises:
            SafetensorsError: No safetensors file, or not one made by this sandbox.
        """
        metadata = read_metadata(data)
        if metadata.get("format") != _FORMAT:
            raise SafetensorsError("the sandbox reads only LoRA files of its own trainers")
        try:
            return cls(
                Family(metadata["base_model"]),
                tuple(json.loads(metadata["triggers"])),
                metadata["default_caption"] or None,
                int(metadata["steps"]),
                tuple(base64.b64decode(photo) for photo in json.loads(metadata["photos"])),
            )
        except (KeyError, ValueError, TypeError, binascii.Error) as error:
            raise SafetensorsError("the metadata of this LoRA is damaged") from error


def triggers_of(trigger: str | None, captions: list[str]) -> tuple[str, ...]:
    """The words that call the person.

    Captions win over a trigger word, as at fal: with captions the trigger word is not used. Their
    trigger is what all of them name and what is no everyday word.
    """
    if captions:
        shared = set.intersection(*(_uncommon_words(caption) for caption in captions))
        return tuple(sorted(shared))
    return (trigger.strip().casefold(),) if trigger and trigger.strip() else ()


def _uncommon_words(caption: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(caption)} - _COMMON_WORDS


def pick_photos(thumbnails: list[bytes]) -> tuple[bytes, ...]:
    """At most `MAX_PHOTOS` of them, spread over the whole list."""
    kept = min(MAX_PHOTOS, len(thumbnails))
    return tuple(thumbnails[index * len(thumbnails) // kept] for index in range(kept))
