"""The tables. Rows leave a transaction detached and are read, not written, outside of one."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import DateTime, TypeDecorator

from db.paid_jobs import PaidJobColumns
from services.domain.clock import UTC, now
from services.domain.copies import CopyKind
from services.domain.deletion import JobEnd
from services.domain.states import (
    ENLARGEMENT_TRANSITIONS,
    GENERATION_TRANSITIONS,
    TRAINING_TRANSITIONS,
    EnlargementState,
    GenerationState,
    TrainingState,
)
from services.domain.vocabulary import (
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

MICROS = 1_000_000


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time. SQLite keeps no zone, so it is put back when a row is read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive times; store everything else as UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            msg = "a naive time cannot be stored"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the time with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Usd(TypeDecorator[Decimal]):
    """An amount of US dollars, kept as whole millionths so that sums are exact everywhere."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Store millionths, rounded."""
        return None if value is None else round(value * MICROS)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Return dollars."""
        return None if value is None else Decimal(value) / MICROS


def choice(kind: type[StrEnum], name: str) -> Enum:
    """Store a closed choice as its text value, guarded by a check constraint."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda enum: [member.value for member in enum],
    )


class Table(DeclarativeBase):
    """Base of all tables; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        Decimal: Usd,
        ChargeKind: choice(ChargeKind, "kind"),
        Language: choice(Language, "language"),
        Subject: choice(Subject, "subject"),
        QualityMode: choice(QualityMode, "mode"),
        TrainingState: choice(TrainingState, "state"),
        GenerationState: choice(GenerationState, "state"),
        EnlargementState: choice(EnlargementState, "state"),
        PhotoState: choice(PhotoState, "state"),
        Missing: choice(Missing, "missing"),
        PictureShape: choice(PictureShape, "shape"),
        PictureSize: choice(PictureSize, "size"),
        Purpose: choice(Purpose, "purpose"),
        FailureReason: choice(FailureReason, "failure"),
        DeliveryProblem: choice(DeliveryProblem, "delivery_problem"),
        JobEnd: choice(JobEnd, "end"),
        CopyKind: choice(CopyKind, "kind"),
        dict[str, Any]: JSON,
        list[str]: JSON,
    }


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
    # Whether a new model brings first pictures, and whether drafts may be reminded of.
    wants_preview: Mapped[bool] = mapped_column(default=True)
    wants_reminders: Mapped[bool] = mapped_column(default=True)
    # Whether prompt and seed are written into files.
    wants_prompts: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        CheckConstraint("picture_count BETWEEN 1 AND 4", name="picture_count_range"),
        CheckConstraint("lora_scale BETWEEN 0 AND 4", name="lora_scale_range"),
    )


class PhotoSet(Table):
    """The photos of one draft and of the training it becomes, which all have the same id.

    The consent is to these photos; a copy of them takes it along.
    """

    __tablename__ = "photo_sets"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    consent_at: Mapped[datetime]
    consent_version: Mapped[str] = mapped_column(String(16))
    # The last number given to a photo.
    photos_numbered: Mapped[int] = mapped_column(default=0)
    counter_message_id: Mapped[int | None] = mapped_column(BigInteger)


class Draft(Table):
    """What a user is choosing for their next training; the start makes a training of it."""

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(
        String(16), ForeignKey("photo_sets.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), unique=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    message_thread_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str | None] = mapped_column(String(40))
    trigger_word: Mapped[str | None] = mapped_column(String(48), unique=True)
    subject: Mapped[Subject | None]
    trainer: Mapped[str] = mapped_column(String(100))
    mode: Mapped[QualityMode | None]
    steps: Mapped[int | None]
    price_usd: Mapped[Decimal | None]
    # When the user was told that an unfinished draft will be removed.
    reminded_at: Mapped[datetime | None]
    # The replica that checks its photos.
    owner: Mapped[int | None] = mapped_column(
        ForeignKey("replicas.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    __table_args__ = (CheckConstraint("steps IS NULL OR steps > 0", name="steps_positive"),)


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


class Photo(Table):
    """One picture sent for a training: a Telegram file id and what the check said of it."""

    __tablename__ = "photos"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    training_id: Mapped[str] = mapped_column(ForeignKey("photo_sets.id", ondelete="CASCADE"))
    # What the user calls it by. A number is never given again, so that one read from an older
    # list cannot mean another photo.
    number: Mapped[int]
    message_id: Mapped[int] = mapped_column(BigInteger)
    file_id: Mapped[str] = mapped_column(Text)
    file_unique_id: Mapped[str] = mapped_column(String(64))
    # Telegram's own small version, where there is one.
    thumbnail_file_id: Mapped[str | None] = mapped_column(Text)
    label: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[PhotoState] = mapped_column(default=PhotoState.PENDING)
    refusal: Mapped[str | None] = mapped_column(String(32))
    refusal_params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    repeats: Mapped[int] = mapped_column(default=0)
    # Tries to check it, each counted before it begins.
    checks: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    sha256: Mapped[str | None] = mapped_column(String(64))
    # 1,024 levels of brightness in hex; of photos checked before there were fingerprints, none.
    fingerprint: Mapped[str | None] = mapped_column(Text)
    # Small numbers about the face on it, never the face: see `services.photos.coach.seen`.
    seen: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (
        UniqueConstraint("training_id", "file_unique_id"),
        UniqueConstraint("training_id", "number"),
        Index(None, "training_id", "message_id"),
        # What waits is looked for and counted; all else is none of it.
        Index(
            "ix_photos_pending",
            "id",
            sqlite_where=text("state = 'pending'"),
            postgresql_where=text("state = 'pending'"),
        ),
        CheckConstraint("state <> 'refused' OR refusal IS NOT NULL", name="reason_when_refused"),
        CheckConstraint("state <> 'accepted' OR sha256 IS NOT NULL", name="hash_when_accepted"),
    )


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
    model_id: Mapped[str] = mapped_column(ForeignKey("models.id", ondelete="CASCADE"))
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

    __table_args__ = (
        UniqueConstraint("user_id", "origin"),
        Index(None, "user_id", "pack"),
        CheckConstraint("state <> 'failed' OR failure IS NOT NULL", name="reason_when_failed"),
        CheckConstraint("picture_count BETWEEN 1 AND 4", name="picture_count_range"),
        CheckConstraint("lora_scale BETWEEN 0 AND 4", name="lora_scale_range"),
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


class DoneOnce(Table):
    """An update for which something was done that must not be done again for it.

    It names the update alone: a press by Telegram's id, which says nothing of anybody.
    """

    __tablename__ = "done_once"

    origin: Mapped[str] = mapped_column(String(64), primary_key=True)
    done_at: Mapped[datetime] = mapped_column(default=now, index=True)


class Deletion(Table):
    """What is left to be done after a user's rows were deleted; it goes when all is done."""

    __tablename__ = "deletions"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    # Not a foreign key: the user's row is gone.
    user_id: Mapped[int] = mapped_column(BigInteger)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    message_thread_id: Mapped[int | None] = mapped_column(BigInteger)
    language: Mapped[Language]
    receipt_message_id: Mapped[int | None] = mapped_column(BigInteger)
    told_under_way: Mapped[int] = mapped_column(default=0)
    # The replica that sees to it.
    owner: Mapped[int | None] = mapped_column(
        ForeignKey("replicas.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(default=now)


class DeletedJob(Table):
    """A paid request of a deleted row that fal has or may have; `id` is that of the row."""

    __tablename__ = "deleted_jobs"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    deletion_id: Mapped[str] = mapped_column(
        ForeignKey("deletions.id", ondelete="CASCADE"), index=True
    )
    endpoint: Mapped[str] = mapped_column(String(100))
    marks: Mapped[list[str]]
    submit_started_at: Mapped[datetime]
    request_id: Mapped[str | None] = mapped_column(String(100))
    status_url: Mapped[str | None] = mapped_column(Text)
    response_url: Mapped[str | None] = mapped_column(Text)
    cancel_url: Mapped[str | None] = mapped_column(Text)
    end: Mapped[JobEnd | None]


class DeletedMessage(Table):
    """A message of the bot that still shows what was deleted."""

    __tablename__ = "deleted_messages"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    deletion_id: Mapped[str] = mapped_column(
        ForeignKey("deletions.id", ondelete="CASCADE"), index=True
    )


class Charge(Table):
    """What one paid request is promised to cost; the spending limits count these rows.

    It outlives its user: who deletes their data and starts again finds the same limits. Charges
    older than a day count for nothing and lose their user then.
    """

    __tablename__ = "charges"

    # The id of what is paid for; what is asked about a prompt has an id of its own.
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    kind: Mapped[ChargeKind]
    amount: Mapped[int]
    usd: Mapped[Decimal]
    request_id: Mapped[str | None] = mapped_column(String(100))
    # What fal really charged, where an admin key lets us ask.
    real_usd: Mapped[Decimal | None]
    released_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now, index=True)

    __table_args__ = (
        Index(None, "user_id", "kind", "created_at"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("usd >= 0", name="usd_not_negative"),
    )


class Notice(Table):
    """Something that admins were told once and that still holds."""

    __tablename__ = "notices"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    since: Mapped[datetime] = mapped_column(default=now)


class Admin(Table):
    """Somebody who became an admin by the one-time code."""

    __tablename__ = "admins"

    # No foreign key: who deletes their data stays the admin, as with ADMINS in the settings.
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(default=now)


class DialogueState(Table):
    """Where a user stands in a dialogue: aiogram's FSM, kept over restarts."""

    __tablename__ = "dialogue_states"

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    state: Mapped[str | None] = mapped_column(String(100))
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class InboxRow(Table):
    """One update from Telegram: its payload while it waits to be handled, then only its number.

    The number of a handled update is kept for a day, because Telegram may give it again.
    """

    __tablename__ = "inbox"

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    # Whose updates are handled in order: a user, mostly.
    lane: Mapped[int] = mapped_column(BigInteger)
    urgent: Mapped[bool]
    digest: Mapped[int] = mapped_column(BigInteger)
    payload: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(default=now)
    # The replica that handles it, on PostgreSQL: all that waits in a lane has the same one.
    owner: Mapped[int | None] = mapped_column(ForeignKey("replicas.id", ondelete="SET NULL"))

    __table_args__ = (
        Index(
            "ix_inbox_lane",
            "lane",
            sqlite_where=text("payload IS NOT NULL"),
            postgresql_where=text("payload IS NOT NULL"),
        ),
        Index(
            "ix_inbox_owner",
            "owner",
            sqlite_where=text("owner IS NOT NULL"),
            postgresql_where=text("owner IS NOT NULL"),
        ),
        # Whoever takes up work asks for what waits, urgent ones first.
        Index(
            "ix_inbox_waiting",
            "urgent",
            "update_id",
            sqlite_where=text("payload IS NOT NULL"),
            postgresql_where=text("payload IS NOT NULL"),
        ),
    )


class Copy(Table):
    """A file of fal's in the operator's store, or on its way there."""

    __tablename__ = "copies"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[CopyKind]
    # No foreign keys: a copy outlives its model or picture until the store has removed it.
    of_id: Mapped[str] = mapped_column(String(16))
    user_id: Mapped[int] = mapped_column(BigInteger, index=True)
    url: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)
    size: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    copied_at: Mapped[datetime | None]
    lost_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("of_id", "kind"),)


class ReplicaRow(Table):
    """A process that works on this database, until it leaves or is found to be dead.

    Rows that a replica has in hand name it in a column `owner`, a foreign key with ON DELETE SET
    NULL and an index: the end of a replica frees all of them at once.
    """

    __tablename__ = "replicas"

    id: Mapped[int] = mapped_column(primary_key=True)
    # By the database's clock.
    alive_until: Mapped[datetime]

    # No number is given twice.
    __table_args__ = ({"sqlite_autoincrement": True},)
