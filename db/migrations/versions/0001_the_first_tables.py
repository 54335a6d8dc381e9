"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "charges",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "training",
                "image",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("usd", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.String(length=100), nullable=True),
        sa.Column("real_usd", sa.BigInteger(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_charges_amount_positive")),
        sa.CheckConstraint("usd >= 0", name=op.f("ck_charges_usd_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charges")),
    )
    with op.batch_alter_table("charges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_charges_created_at"), ["created_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_charges_user_id_kind_created_at"),
            ["user_id", "kind", "created_at"],
            unique=False,
        )

    op.create_table(
        "dialogue_states",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_dialogue_states")),
    )
    op.create_table(
        "notices",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_notices")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "language",
            sa.Enum(
                "en", "ru", name="language", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("language_chosen", sa.Boolean(), nullable=False),
        sa.Column("unreachable_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "shape",
            sa.Enum(
                "1:1",
                "3:4",
                "9:16",
                "4:3",
                "16:9",
                name="shape",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("picture_count", sa.Integer(), nullable=False),
        sa.Column("lora_scale", sa.Double(), nullable=False),
        sa.Column("kept_seed", sa.BigInteger(), nullable=True),
        sa.Column("wants_preview", sa.Boolean(), nullable=False),
        sa.Column("wants_reminders", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("lora_scale BETWEEN 0 AND 4", name=op.f("ck_users_lora_scale_range")),
        sa.CheckConstraint(
            "picture_count BETWEEN 1 AND 4", name=op.f("ck_users_picture_count_range")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
    )
    op.create_table(
        "searches",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_searches_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
        sa.UniqueConstraint("user_id", "words", name=op.f("uq_searches_user_id_words")),
    )
    op.create_table(
        "trainings",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "preparing",
                "uploading",
                "submitting",
                "unconfirmed",
                "queued",
                "training",
                "completed",
                "failed",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("consent_version", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=True),
        sa.Column("trigger_word", sa.String(length=48), nullable=True),
        sa.Column(
            "subject",
            sa.Enum(
                "woman",
                "man",
                "person",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "mode",
            sa.Enum(
                "economy",
                "standard",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("retry_of", sa.String(length=16), nullable=True),
        sa.Column("trainer", sa.String(length=100), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=True),
        sa.Column("price_usd", sa.BigInteger(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("photos_numbered", sa.Integer(), nullable=False),
        sa.Column("counter_message_id", sa.BigInteger(), nullable=True),
        sa.Column("progress_message_id", sa.BigInteger(), nullable=True),
        sa.Column("prepared_photos", sa.Integer(), nullable=False),
        sa.Column("archive_url", sa.Text(), nullable=True),
        sa.Column("submit_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_id", sa.String(length=100), nullable=True),
        sa.Column("status_url", sa.Text(), nullable=True),
        sa.Column("response_url", sa.Text(), nullable=True),
        sa.Column("cancel_url", sa.Text(), nullable=True),
        sa.Column("queue_position", sa.Integer(), nullable=True),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("training_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lora_url", sa.Text(), nullable=True),
        sa.Column("config_url", sa.Text(), nullable=True),
        sa.Column(
            "failure",
            sa.Enum(
                "photos_rejected",
                "photos_missing",
                "prompt_rejected",
                "lora_unreachable",
                "trainer_failed",
                "generator_failed",
                "service_account",
                "submit_unknown",
                "result_lost",
                "unsafe_picture",
                "deadline",
                name="failure",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("failure_detail", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_settled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'completed' OR (lora_url IS NOT NULL AND request_id IS NOT NULL)",
            name=op.f("ck_trainings_lora_when_completed"),
        ),
        sa.CheckConstraint(
            "state <> 'failed' OR failure IS NOT NULL",
            name=op.f("ck_trainings_reason_when_failed"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR (name IS NOT NULL AND trigger_word IS NOT NULL AND subject IS NOT NULL AND mode IS NOT NULL AND steps IS NOT NULL)",
            name=op.f("ck_trainings_complete_when_started"),
        ),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_trainings_percent_range")),
        sa.CheckConstraint("steps IS NULL OR steps > 0", name=op.f("ck_trainings_steps_positive")),
        sa.ForeignKeyConstraint(
            ["retry_of"], ["trainings.id"], name=op.f("fk_trainings_retry_of"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_trainings_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainings")),
        sa.UniqueConstraint("retry_of", name=op.f("uq_trainings_retry_of")),
        sa.UniqueConstraint("trigger_word", name=op.f("uq_trainings_trigger_word")),
    )
    with op.batch_alter_table("trainings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trainings_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_trainings_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_trainings_one_draft",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )

    op.create_table(
        "models",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("training_id", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("trigger_word", sa.String(length=48), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "woman",
                "man",
                "person",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("trainer", sa.String(length=100), nullable=False),
        sa.Column("generator", sa.String(length=100), nullable=False),
        sa.Column("lora_url", sa.Text(), nullable=False),
        sa.Column("cover_file_id", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["training_id"],
            ["trainings.id"],
            name=op.f("fk_models_training_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_models_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_models")),
        sa.UniqueConstraint("training_id", name=op.f("uq_models_training_id")),
        sa.UniqueConstraint("trigger_word", name=op.f("uq_models_trigger_word")),
    )
    with op.batch_alter_table("models", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_models_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_models_one_active",
            ["user_id"],
            unique=True,
            sqlite_where=sa.text("active"),
            postgresql_where=sa.text("active"),
        )

    op.create_table(
        "photos",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("training_id", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("file_unique_id", sa.String(length=64), nullable=False),
        sa.Column("thumbnail_file_id", sa.Text(), nullable=True),
        sa.Column("label", sa.String(length=64), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "accepted",
                "refused",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("refusal", sa.String(length=32), nullable=True),
        sa.Column("refusal_params", sa.JSON(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'accepted' OR sha256 IS NOT NULL", name=op.f("ck_photos_hash_when_accepted")
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR refusal IS NOT NULL", name=op.f("ck_photos_reason_when_refused")
        ),
        sa.ForeignKeyConstraint(
            ["training_id"],
            ["trainings.id"],
            name=op.f("fk_photos_training_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
        sa.UniqueConstraint(
            "training_id", "file_unique_id", name=op.f("uq_photos_training_id_file_unique_id")
        ),
        sa.UniqueConstraint("training_id", "number", name=op.f("uq_photos_training_id_number")),
    )
    with op.batch_alter_table("photos", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_photos_training_id_message_id"),
            ["training_id", "message_id"],
            unique=False,
        )

    op.create_table(
        "generations",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("model_id", sa.String(length=16), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "asked",
                "preview",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "shape",
            sa.Enum(
                "1:1",
                "3:4",
                "9:16",
                "4:3",
                "16:9",
                name="shape",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("picture_count", sa.Integer(), nullable=False),
        sa.Column("lora_scale", sa.Double(), nullable=False),
        sa.Column("price_usd", sa.BigInteger(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "accepted",
                "submitting",
                "unconfirmed",
                "queued",
                "running",
                "made",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("status_message_id", sa.BigInteger(), nullable=True),
        sa.Column("submit_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("request_id", sa.String(length=100), nullable=True),
        sa.Column("status_url", sa.Text(), nullable=True),
        sa.Column("response_url", sa.Text(), nullable=True),
        sa.Column("cancel_url", sa.Text(), nullable=True),
        sa.Column("queue_position", sa.Integer(), nullable=True),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column(
            "failure",
            sa.Enum(
                "photos_rejected",
                "photos_missing",
                "prompt_rejected",
                "lora_unreachable",
                "trainer_failed",
                "generator_failed",
                "service_account",
                "submit_unknown",
                "result_lost",
                "unsafe_picture",
                "deadline",
                name="failure",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("failure_detail", sa.Text(), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state <> 'failed' OR failure IS NOT NULL",
            name=op.f("ck_generations_reason_when_failed"),
        ),
        sa.CheckConstraint(
            "lora_scale BETWEEN 0 AND 4", name=op.f("ck_generations_lora_scale_range")
        ),
        sa.CheckConstraint(
            "picture_count BETWEEN 1 AND 4", name=op.f("ck_generations_picture_count_range")
        ),
        sa.ForeignKeyConstraint(
            ["model_id"], ["models.id"], name=op.f("fk_generations_model_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_generations_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generations")),
        sa.UniqueConstraint("user_id", "origin", name=op.f("uq_generations_user_id_origin")),
    )
    with op.batch_alter_table("generations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_generations_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_generations_user_id"), ["user_id"], unique=False)

    op.create_table(
        "pictures",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("generation_id", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("is_flagged", sa.Boolean(), nullable=False),
        sa.Column("photo_file_id", sa.Text(), nullable=True),
        sa.Column("document_file_id", sa.Text(), nullable=True),
        sa.Column("is_favourite", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["generation_id"],
            ["generations.id"],
            name=op.f("fk_pictures_generation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pictures")),
        sa.UniqueConstraint(
            "generation_id", "position", name=op.f("uq_pictures_generation_id_position")
        ),
    )
