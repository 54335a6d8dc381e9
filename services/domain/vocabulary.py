"""The closed choices of the field. Rows keep their values as text, so they never change."""

from enum import StrEnum
from typing import Self


class Language(StrEnum):
    """A language the bot speaks (ISO 639-1)."""

    EN = "en"
    RU = "ru"


class Subject(StrEnum):
    """Who is in the photos; trainers that need captions and prompt presets use it."""

    WOMAN = "woman"
    MAN = "man"
    PERSON = "person"


class QualityMode(StrEnum):
    """How long a model is trained; what a mode means is in `services.training.modes`."""

    ECONOMY = "economy"
    STANDARD = "standard"


class PictureShape(StrEnum):
    """Width to height of a generated picture; what it is in pixels depends on the generator."""

    SQUARE = "1:1"
    PORTRAIT = "3:4"
    TALL = "9:16"
    LANDSCAPE = "4:3"
    WIDE = "16:9"


class PictureSize(StrEnum):
    """How large a generated picture is; what it is in pixels depends on shape and generator."""

    STANDARD = "standard"
    HD = "hd"


class Purpose(StrEnum):
    """Why a generation was asked for: by the user, or as the first picture of a new model."""

    ASKED = "asked"
    PREVIEW = "preview"


class Missing(StrEnum):
    """What a user has missed in a picture that is not as they like it."""

    FACE = "face"
    LIGHT = "light"
    CLOTHES = "clothes"
    BACKGROUND = "background"
    POSE = "pose"
    HANDS = "hands"


class DeliveryProblem(StrEnum):
    """Why a picture that was made could not be sent."""

    GONE = "gone"
    UNREACHABLE = "unreachable"
    BROKEN = "broken"
    REFUSED = "refused"


class CallEnd(StrEnum):
    """What became of a call from a group.

    `ANSWERED` there, with the picture or with a word that there is none; `CLOSED` says that the
    bot may not write there any more, so what there is goes to the private chat.
    """

    ANSWERED = "answered"
    CLOSED = "closed"


class PhotoState(StrEnum):
    """Whether a photo sent for a training may be used."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class ChargeKind(StrEnum):
    """What a paid request makes."""

    TRAINING = "training"
    IMAGE = "image"
    PROMPT = "prompt"


class FailureReason(StrEnum):
    """Why a training or a generation failed, in words that have a sentence in every language."""

    PHOTOS_REJECTED = "photos_rejected"
    PHOTOS_MISSING = "photos_missing"
    PROMPT_REJECTED = "prompt_rejected"
    LORA_UNREACHABLE = "lora_unreachable"
    TRAINER_FAILED = "trainer_failed"
    GENERATOR_FAILED = "generator_failed"
    SERVICE_ACCOUNT = "service_account"
    SUBMIT_UNKNOWN = "submit_unknown"
    RESULT_LOST = "result_lost"
    UNSAFE_PICTURE = "unsafe_picture"
    DEADLINE = "deadline"
    REFUSED_SEXUAL = "refused_sexual"
    REFUSED_MINORS = "refused_minors"
    REFUSED_VIOLENCE = "refused_violence"
    REFUSED_RULES = "refused_rules"
    NOT_ENGLISH = "not_english"
    LOAN_OVER = "loan_over"

    @property
    def is_refusal(self) -> bool:
        """Whether no picture is made of such a prompt."""
        return self.value.startswith("refused_")


class PictureOption(StrEnum):
    """What a user may choose for a picture."""

    SHAPE = "shape"
    SIZE = "size"
    COUNT = "count"
    SCALE = "scale"
    SEED = "seed"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        # Buttons in old messages carry the names that fal has for these.
        old = {"image_size": cls.SHAPE, "num_images": cls.COUNT, "loras": cls.SCALE}
        return old.get(str(value))
