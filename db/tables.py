"""All tables. Rows leave a transaction detached and are read, not written, outside of one.

Here are those of what users have; the others are taken from the modules beside this one.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.api_tables import ApiKey, ApiRequest, Webhook, WebhookMessage
from db.columns import Table, Usd, UtcDateTime, choice, unfinished
from db.lasting_tables import (
    Admin,
    Charge,
    Copy,
    DeletedJob,
    DeletedMessage,
    DeletedPayload,
    Deletion,
)
from db.paid_jobs import PaidJobColumns
from db.photo_tables import Draft, Photo, PhotoSet
from db.process_tables import (
    DialogueState,
    DoneOnce,
    InboxRow,
    Notice,
    OwnPicture,
    ReplicaRow,
)
from services.domain.clock import now
from services.domain.states import (
    ENLARGEMENT_TRANSITIONS,
    GENERATION_TRANSITIONS,
    TRAINING_TRANSITIONS,
    EnlargementState,
    GenerationState,
    TrainingState,
)
from services.domain.vocabulary import (
    CallEnd,
    DeliveryProblem,
    Language,
    Missing,
    PictureShape,
    PictureSize,
    Purpose,
    QualityMode,
    Subject,
)

__all__ = [
    "Admin",
    "ApiKey",
    "ApiRequest",
    "Charge",
    "Copy",
    "DeletedJob",
    "DeletedMessage",
    "DeletedPayload",
    "Deletion",
    "DialogueState",
    "DoneOnce",
    "Draft",
    "Enlargement",
    "Generation",
    "InboxRow",
    "Model",
    "Notice",
    "OwnPicture",
    "Photo",
    "PhotoSet",
    "Picture",
    "Rating",
    "ReplicaRow",
    "Search",
    "Table",
    "Training",
    "Usd",
    "User",
    "UtcDateTime",
    "Webhook",
    "WebhookMessage",
    "choice",
]


class User(Table):
    """A person who wrote to the bot in private."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    language: Mapped[Language]
    language_chosen: Mapped[bool] = mapped_column(default=False)
    # Set when Telegram says that the user has blocked the bot, cleared when they write again.
    unreachable_since: Mapped[datetime | None]
    # The panel of the next pictures; no kept seed means a new one each time.
    shape: Mapped[PictureShape] = mapped_column(default=PictureShape.PORTRAIT)
    size: Mapped[PictureSize] = mapped_column(
        default=PictureSize.STANDARD, server_default=text("'standard'")
    )
    picture_count: Mapped[int] = mapped_column(default=1)
    lora_scale: Mapped[float] = mapped_column(default=1.0)
    kept_seed: Mapped[int | None] = mapped_column(BigInteger)
    # Who else is in the pictures of the model `second_of`: a model of their own, or a loan. Both
    # may be gone, and what was chosen for one model is nothing to the next: these are no keys.
    second_of: Mapped[str | None] = mapped_column(String(16))
    second_id: Mapped[str | None] = mapped_column(String(16))
    # Whether a new model brings first pictures, and whether drafts may be reminded of.
    wants_preview: Mapped[bool] = mapped_column(default=True)
    wants_reminders: Mapped[bool] = mapped_column(default=True)
    # Whether prompt and seed are written into files.
    wants_prompts: Mapped[bool] = mapped_column(default=False, server_default=false())
    # What the user has agreed to pay for a picture asked for in a group; none without consent.
    group_stars: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        CheckConstraint("picture_count BETWEEN 1 AND 4", name="picture_count_range"),
        CheckConstraint("lora_scale BETWEEN 0 AND 4", name="lora_scale_range"),
        CheckConstraint("group_stars >= 0", name="group_stars_range"),
    )


class Training(PaidJobColumns, Table):
    """One training of one LoRA, from its start to its end."""

    __tablename__ = "trainings"
    TRANSITIONS = TRAINING_TRANSITIONS

    id: Mapped[str] = mapped_column(
        String(16), ForeignKey("photo_sets.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    state: Mapped[TrainingState] = mapped_column(default=TrainingState.PREPARING, index=True)

    name: Mapped[str] = mapped_column(String(40))
    trigger_word: Mapped[str] = mapped_column(String(48), unique=True)
    subject: Mapped[Subject]
    trainer: Mapped[str] = mapped_column(String(100))
    mode: Mapped[QualityMode]
    steps: Mapped[int]
    price_usd: Mapped[Decimal] = mapped_column(nullable=False)

    # A second press of "Try again" finds the first one's training here.
    retry_of: Mapped[str | None] = mapped_column(
        ForeignKey("trainings.id", ondelete="SET NULL"), unique=True
    )

    progress_message_id: Mapped[int | None] = mapped_column(BigInteger)

    prepared_photos: Mapped[int] = mapped_column(default=0)
    archive_url: Mapped[str | None] = mapped_column(Text)
    percent: Mapped[int] = mapped_column(default=0)
    training_started_at: Mapped[datetime | None]

    lora_url: Mapped[str | None] = mapped_column(Text)
    config_url: Mapped[str | None] = mapped_column(Text)
    # Whether the progress message shows the end, so that nothing is left to do.
    is_settled: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        unfinished("trainings", "is_settled = 0", "NOT is_settled"),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent_range"),
        CheckConstraint("steps > 0", name="steps_positive"),
        CheckConstraint(
            "state <> 'completed' OR (lora_url IS NOT NULL AND request_id IS NOT NULL)",
            name="lora_when_completed",
        ),
        CheckConstraint("state <> 'failed' OR failure IS NOT NULL", name="reason_when_failed"),
    )

    def reopen(self) -> None:
        """See `PaidJobColumns.reopen`; the progress message goes on, too."""
        super().reopen()
        self.is_settled = False


class Model(Table):
    """A trained LoRA that its owner can generate with."""

    __tablename__ = "models"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    training_id: Mapped[str] = mapped_column(
        ForeignKey("trainings.id", ondelete="CASCADE"), unique=True
    )
    name: Mapped[str] = mapped_column(String(40))
    trigger_word: Mapped[str] = mapped_column(String(48), unique=True)
    subject: Mapped[Subject]
    trainer: Mapped[str] = mapped_column(String(100))
    generator: Mapped[str] = mapped_column(String(100))
    lora_url: Mapped[str] = mapped_column(Text)
    # Telegram's id of the picture on the model's card.
    cover_file_id: Mapped[str | None] = mapped_column(Text)
    # That of its most alike first picture, in percent, and the strength that it was made with.
    likeness: Mapped[int | None]
    lora_scale: Mapped[float | None]
    active: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        Index(
            "uq_models_one_active",
            "user_id",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )


class Generation(PaidJobColumns, Table):
    """One request for pictures, from the prompt to the delivered message."""

    __tablename__ = "generations"
    TRANSITIONS = GENERATION_TRANSITIONS

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    # None of what was made of a photo alone.
    model_id: Mapped[str | None] = mapped_column(ForeignKey("models.id", ondelete="CASCADE"))
    # The update that asked for it: delivered twice, it is still one generation.
    origin: Mapped[str] = mapped_column(String(64))
    prompt: Mapped[str] = mapped_column(Text)
    # What the generator gets in its place, where that is known.
    english: Mapped[str | None] = mapped_column(Text)
    purpose: Mapped[Purpose] = mapped_column(default=Purpose.ASKED)
    shape: Mapped[PictureShape] = mapped_column(default=PictureShape.PORTRAIT)
    size: Mapped[PictureSize] = mapped_column(
        default=PictureSize.STANDARD, server_default=text("'standard'")
    )
    picture_count: Mapped[int] = mapped_column(default=1)
    lora_scale: Mapped[float] = mapped_column(default=1.0)
    state: Mapped[GenerationState] = mapped_column(default=GenerationState.ACCEPTED, index=True)
    status_message_id: Mapped[int | None] = mapped_column(BigInteger)
    seed: Mapped[int] = mapped_column(BigInteger)
    # The name of the preset it was asked for by, in every language, and the press that asked for
    # several at once: these come as one album.
    title: Mapped[dict[str, Any] | None]
    pack: Mapped[str | None] = mapped_column(String(64))
    # Of an edit: its endpoint, and what it was made of. A picture that it was made of may be gone,
    # so this is no foreign key. `source_url` is what fal was given, by which the request is found
    # in its history.
    editor: Mapped[str | None] = mapped_column(String(100))
    source_picture_id: Mapped[str | None] = mapped_column(String(16))
    source_file_id: Mapped[str | None] = mapped_column(Text)
    source_url: Mapped[str | None] = mapped_column(Text)
    # Whether the model is somebody else's: it may be gone, and what it made stays.
    is_borrowed: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The message in a group that asked for it, and what became of that call.
    call_chat_id: Mapped[int | None] = mapped_column(BigInteger)
    call_thread_id: Mapped[int | None] = mapped_column(BigInteger)
    call_message_id: Mapped[int | None] = mapped_column(BigInteger)
    call_end: Mapped[CallEnd | None]
    # Of two people in one picture: the model of the second, its strength, and whose it is. With a
    # strength and without a model it was borrowed, and its owner has deleted it.
    second_model_id: Mapped[str | None] = mapped_column(
        ForeignKey("models.id", ondelete="CASCADE"), index=True
    )
    second_scale: Mapped[float | None]
    second_is_borrowed: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        UniqueConstraint("user_id", "origin"),
        Index(None, "user_id", "pack"),
        Index(None, "user_id", "created_at", "id"),
        unfinished("generations", "announced_at IS NULL OR status_message_id IS NOT NULL"),
        CheckConstraint("state <> 'failed' OR failure IS NOT NULL", name="reason_when_failed"),
        CheckConstraint("picture_count BETWEEN 1 AND 4", name="picture_count_range"),
        CheckConstraint("lora_scale BETWEEN 0 AND 4", name="lora_scale_range"),
        CheckConstraint(
            "call_chat_id IS NOT NULL OR call_message_id IS NULL", name="call_is_somewhere"
        ),
        CheckConstraint(
            "model_id IS NOT NULL OR editor IS NOT NULL OR is_borrowed", name="made_of_something"
        ),
    )


class Picture(Table):
    """One generated picture; `url` is fal's, the file ids are Telegram's once it was sent."""

    __tablename__ = "pictures"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    generation_id: Mapped[str] = mapped_column(ForeignKey("generations.id", ondelete="CASCADE"))
    position: Mapped[int]
    url: Mapped[str] = mapped_column(Text)
    width: Mapped[int | None]
    height: Mapped[int | None]
    is_flagged: Mapped[bool] = mapped_column(default=False)
    photo_file_id: Mapped[str | None] = mapped_column(Text)
    document_file_id: Mapped[str | None] = mapped_column(Text)
    # Why it was not sent after all, and how often it could not be fetched.
    delivery_problem: Mapped[DeliveryProblem | None]
    delivery_tries: Mapped[int] = mapped_column(default=0)
    is_favourite: Mapped[bool] = mapped_column(default=False)
    # What the coach found on it: whether there is a face, and how much it is that of the photos,
    # in percent. Nothing where it did not look.
    has_face: Mapped[bool | None]
    likeness: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("generation_id", "position"),)

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


class Rating(Table):
    """What a user thinks of a picture; what has made it is kept with it, to be counted."""

    __tablename__ = "ratings"

    picture_id: Mapped[str] = mapped_column(
        ForeignKey("pictures.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    is_good: Mapped[bool]
    missing: Mapped[Missing | None]
    trainer: Mapped[str] = mapped_column(String(100))
    mode: Mapped[QualityMode]
    preset: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Enlargement(PaidJobColumns, Table):
    """One request for a picture that is larger."""

    __tablename__ = "enlargements"
    TRANSITIONS = ENLARGEMENT_TRANSITIONS

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    picture_id: Mapped[str] = mapped_column(
        ForeignKey("pictures.id", ondelete="CASCADE"), index=True
    )
    enlarger: Mapped[str] = mapped_column(String(100))
    state: Mapped[EnlargementState] = mapped_column(default=EnlargementState.ACCEPTED, index=True)
    # The address that fal was given, by which the request is found in its history.
    source_url: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    width: Mapped[int | None]
    height: Mapped[int | None]
    document_file_id: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        unfinished("enlargements", "announced_at IS NULL"),
        CheckConstraint("state <> 'failed' OR failure IS NOT NULL", name="reason_when_failed"),
        CheckConstraint("state <> 'made' OR url IS NOT NULL", name="url_when_made"),
    )


class Search(Table):
    """Words that a user looks for in their prompts; the gallery's buttons carry its id."""

    __tablename__ = "searches"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (UniqueConstraint("user_id", "words"),)
