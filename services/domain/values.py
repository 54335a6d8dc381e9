"""What repositories return: values that can be kept, compared and shown, and never written back.

A change goes through a repository's method, which returns or leads to a new value.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from services.domain.clock import now
from services.domain.states import EnlargementState, GenerationState, TrainingState
from services.domain.vocabulary import (
    CallEnd,
    ChargeKind,
    DeliveryProblem,
    FailureReason,
    Language,
    Missing,
    PhotoState,
    PictureShape,
    PictureSize,
    Purpose,
    QualityMode,
    Subject,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who wrote to the bot in private.

    `shape`, `size`, `picture_count` (1-4), `lora_scale` (0-4) and `kept_seed` are the panel's
    choices for the next pictures; without a kept seed each picture gets a new one.
    `unreachable_since` is when Telegram said that the user has blocked the bot. `group_stars` is
    what the user has agreed to pay for a picture that is asked for in a group, where they have
    allowed these at all.
    """

    id: int
    language: Language
    language_chosen: bool = False
    unreachable_since: datetime | None = None
    shape: PictureShape = PictureShape.PORTRAIT
    size: PictureSize = PictureSize.STANDARD
    picture_count: int = 1
    lora_scale: float = 1.0
    kept_seed: int | None = None
    second_of: str | None = None
    second_id: str | None = None
    wants_preview: bool = True
    wants_reminders: bool = True
    wants_prompts: bool = False
    group_stars: int | None = None
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """When a user agreed to a training with their photos, and to which wording."""

    version: str
    at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class Place:
    """Where messages go: a chat, and in it a topic where the chat has topics."""

    chat_id: int
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message in a chat."""

    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call from a group: where it is answered, and to which message.

    A group that has become another chat has no such message any more.
    """

    place: Place
    message_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What has messages in a chat; `message_thread_id` is the topic it was begun in, if any."""

    chat_id: int
    message_thread_id: int | None = None

    @property
    def place(self) -> Place:
        """Where its messages go."""
        return Place(self.chat_id, self.message_thread_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(Placed):
    """What a user is choosing for their next training; what is not chosen yet is None.

    It becomes a training of the same id. `reminded_at` is when the user was told that it will be
    removed.
    """

    id: str
    user_id: int
    trainer: str
    name: str | None = None
    trigger_word: str | None = None
    subject: Subject | None = None
    mode: QualityMode | None = None
    steps: int | None = None
    price_usd: Decimal | None = None
    reminded_at: datetime | None = None
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Training(Placed):
    """One training of one LoRA, from its start to its end.

    What has not happened yet is None. `percent` is 0-100; `queue_position` is that at fal.
    `request_id` and the URLs are fal's own words.
    """

    id: str
    user_id: int
    name: str
    trigger_word: str
    subject: Subject
    trainer: str
    mode: QualityMode
    steps: int
    price_usd: Decimal
    state: TrainingState = TrainingState.PREPARING
    retry_of: str | None = None
    progress_message_id: int | None = None
    prepared_photos: int = 0
    request_id: str | None = None
    status_url: str | None = None
    response_url: str | None = None
    cancel_url: str | None = None
    queue_position: int | None = None
    percent: int = 0
    submit_started_at: datetime | None = None
    training_started_at: datetime | None = None
    cancel_requested_at: datetime | None = None
    cancel_sent_at: datetime | None = None
    lora_url: str | None = None
    failure: FailureReason | None = None
    failure_detail: str | None = None
    finished_at: datetime | None = None
    announced_at: datetime | None = None
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)

    @property
    def is_cancellable(self) -> bool:
        """Whether a cancel can still be honoured or at least asked of fal.

        Between two tries to submit it can: while fal takes nothing, that may last.
        """
        is_between = self.state is TrainingState.SUBMITTING and self.submit_started_at is None
        return self.state.is_cancellable or is_between


INSISTED: Mapping[str, Any] = {"insisted": True}
"""In place of what a refusal says of itself, while a photo waits that its user insists on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A picture sent for a training, and what the check said of it.

    `number` is what the user calls it by, never given twice in a training. `refusal` names a
    reason of `services.photos.refusal`. `repeats` counts how often the file was sent again,
    `checks` how often its check was begun. `fingerprint` tells what it shows, see
    `services.photos.likeness`. `seen` is what the coach saw, see `services.photos.coach.seen`.
    """

    id: int
    training_id: str
    number: int
    message_id: int
    file_id: str
    file_unique_id: str
    thumbnail_file_id: str | None = None
    label: str | None = None
    state: PhotoState = PhotoState.PENDING
    refusal: str | None = None
    refusal_params: Mapping[str, Any] = field(default_factory=dict)
    repeats: int = 0
    checks: int = 0
    sha256: str | None = None
    fingerprint: str | None = None
    seen: Mapping[str, Any] | None = None
    created_at: datetime = field(default_factory=now)

    @property
    def is_insisted_on(self) -> bool:
        """Whether it waits, and is taken also where nobody is seen on it."""
        return self.state is PhotoState.PENDING and self.refusal_params == INSISTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A trained LoRA that its owner can generate with; `cover_file_id` is a Telegram file id.

    `likeness` is that of its most alike first picture, see `Likeness`. `lora_scale` is the
    strength of its pictures; where it is None, it is the one its owner chose for all models.
    """

    id: str
    user_id: int
    training_id: str
    name: str
    trigger_word: str
    subject: Subject
    trainer: str
    generator: str
    lora_url: str
    cover_file_id: str | None = None
    likeness: int | None = None
    lora_scale: float | None = None
    active: bool = False
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation(Placed):
    """One request for pictures, from the prompt to the delivered message.

    `origin` is the update that asked for it. `request_id` and the URLs are fal's own words.
    `prompt` has the user's own words and `english` what the generator gets in their place, None
    where it gets the words themselves. `title` is the name of its preset in every language, by the
    language's code; generations of one `pack` come as one album.

    An edit has an `editor`, and is made of a picture, or of a photo by Telegram's id of its file;
    only of a photo there may be no model. `source_url` is what fal was given. A model that
    `is_borrowed` is somebody else's, and may have been deleted since.

    What was asked for in a group has `call_chat_id`, with the topic there and the message that
    asked; `call_end` is None until the call is answered.

    Where two people are in one picture there is a `second_scale`, and a second model, which may be
    borrowed and gone as well.
    """

    id: str
    user_id: int
    model_id: str | None
    origin: str
    prompt: str
    seed: int
    english: str | None = None
    title: Mapping[str, str] | None = None
    pack: str | None = None
    editor: str | None = None
    source_picture_id: str | None = None
    source_file_id: str | None = None
    source_url: str | None = None
    is_borrowed: bool = False
    call_chat_id: int | None = None
    call_thread_id: int | None = None
    call_message_id: int | None = None
    call_end: CallEnd | None = None
    second_model_id: str | None = None
    second_scale: float | None = None
    second_is_borrowed: bool = False
    purpose: Purpose = Purpose.ASKED
    shape: PictureShape = PictureShape.PORTRAIT
    size: PictureSize = PictureSize.STANDARD
    picture_count: int = 1
    lora_scale: float = 1.0
    price_usd: Decimal | None = None
    state: GenerationState = GenerationState.ACCEPTED
    status_message_id: int | None = None
    submit_started_at: datetime | None = None
    request_id: str | None = None
    status_url: str | None = None
    response_url: str | None = None
    cancel_url: str | None = None
    queue_position: int | None = None
    failure: FailureReason | None = None
    failure_detail: str | None = None
    announced_at: datetime | None = None
    created_at: datetime = field(default_factory=now)

    @property
    def call(self) -> Call | None:
        """The call from a group that is still to be answered."""
        if self.call_chat_id is None or self.call_end is not None:
            return None
        return Call(Place(self.call_chat_id, self.call_thread_id), self.call_message_id)

    @property
    def is_of_two(self) -> bool:
        """Whether two people are in it, each by their model."""
        return self.second_scale is not None

    @property
    def has_lost_source(self) -> bool:
        """Whether it is an edit whose picture or photo could not be fetched."""
        lost = {FailureReason.LORA_UNREACHABLE, FailureReason.PHOTOS_MISSING}
        return self.editor is not None and self.failure in lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One generated picture; `url` is fal's, the file ids are Telegram's once it was sent.

    `position` counts from 1 in its generation. `delivery_problem` says why it was not sent after
    all, `delivery_tries` how often it could not be fetched. `has_face` is None where nobody
    looked, `likeness` where there is no face to compare, see `Likeness`.
    """

    id: str
    generation_id: str
    position: int
    url: str
    width: int | None = None
    height: int | None = None
    is_flagged: bool = False
    photo_file_id: str | None = None
    document_file_id: str | None = None
    delivery_problem: DeliveryProblem | None = None
    delivery_tries: int = 0
    is_favourite: bool = False
    has_face: bool | None = None
    likeness: int | None = None
    created_at: datetime = field(default_factory=now)

    @property
    def is_sent(self) -> bool:
        """Whether Telegram has taken it, as a photo or as a document."""
        return self.photo_file_id is not None or self.document_file_id is not None

    @property
    def is_shown(self) -> bool:
        """Whether it was neither held back as unsafe nor impossible to send."""
        return not self.is_flagged and self.delivery_problem is None

    @property
    def is_pending(self) -> bool:
        """Whether it is still to be sent."""
        return not self.is_sent and self.delivery_problem is None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much the face on a picture is that of somebody's photos.

    `percent` is 0-100: 50 is where two faces begin to count as one person's, see
    `services.photos.coach.resemblance`. None where there is no face in the picture.
    """

    percent: int | None


@dataclass(frozen=True, slots=True)
class Measured:
    """A new model, by what made it and the likeness of its most alike first picture (percent)."""

    trainer: str
    mode: QualityMode
    percent: int


@dataclass(frozen=True, slots=True)
class LikenessCount:
    """How many models a trainer has made in a mode, their mean likeness in percent.

    `strangers` is how many of them show somebody else.
    """

    trainer: str
    mode: QualityMode
    models: int
    percent: int
    strangers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What its user thinks of a picture, and what has made it.

    `preset` is the English name of its preset, empty for a prompt of the user's own.
    """

    picture_id: str
    user_id: int
    is_good: bool
    trainer: str
    mode: QualityMode
    preset: str = ""
    missing: Missing | None = None
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class RatingCount:
    """How many pictures of one kind were liked, how many were not, and what was missed in these.

    `of` is a trainer with its mode, or the name of a preset.
    """

    of: tuple[str, ...]
    good: int
    bad: int
    missing: Mapping[Missing, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enlargement(Placed):
    """One picture made larger; `url` is fal's once there is one, `enlarger` the endpoint.

    `source_url` is the address that fal was given.
    """

    id: str
    user_id: int
    picture_id: str
    enlarger: str
    source_url: str | None = None
    url: str | None = None
    width: int | None = None
    height: int | None = None
    document_file_id: str | None = None
    price_usd: Decimal | None = None
    state: EnlargementState = EnlargementState.ACCEPTED
    submit_started_at: datetime | None = None
    request_id: str | None = None
    status_url: str | None = None
    response_url: str | None = None
    cancel_url: str | None = None
    failure: FailureReason | None = None
    announced_at: datetime | None = None
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What one paid request is promised to cost, by the id of what it makes.

    `amount` counts trainings, pictures or prompts. `real_usd` is what fal has charged, where
    that can be asked. A charge with `released_at` does not count: fal never got what it is for.
    `key_id` is the personal key it was ordered with, if any.
    """

    id: str
    user_id: int | None
    kind: ChargeKind
    amount: int
    usd: Decimal
    request_id: str | None = None
    real_usd: Decimal | None = None
    released_at: datetime | None = None
    key_id: str | None = None
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Words that a user looks for in their prompts; the gallery's buttons carry its id."""

    id: str
    user_id: int
    words: str
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """Where a user stands in a dialogue: a state and plain JSON; without both it is over."""

    state: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
