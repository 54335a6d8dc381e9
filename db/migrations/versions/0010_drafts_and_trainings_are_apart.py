"""Give drafts, and the photos that a draft and its training share, tables of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
SUBJECT = sa.Enum(
    "woman",
    "man",
    "person",
    name="subject",
    native_enum=False,
    create_constraint=True,
    length=24,
)
MODE = sa.Enum(
    "economy", "standard", name="mode", native_enum=False, create_constraint=True, length=24
)
STATES = (
    "preparing",
    "asking",
    "uploading",
    "submitting",
    "unconfirmed",
    "queued",
    "training",
    "completed",
    "failed",
    "cancelled",
)
CHOSEN = ("name", "trigger_word", "subject", "trainer", "mode", "steps", "price_usd")


def upgrade() -> None:
    """Apply. A draft and a training keep their id, which buttons in chats carry."""
    make_photo_sets()
    make_drafts()
    with op.batch_alter_table("photos") as table:
        table.drop_constraint(op.f("fk_photos_training_id"), type_="foreignkey")
        table.create_foreign_key(
            op.f("fk_photos_training_id"),
            "photo_sets",
            ["training_id"],
            ["id"],
            ondelete="CASCADE",
        )
    op.execute("DELETE FROM trainings WHERE state = 'draft'")
    # Older versions did not always store the price; the charge has it under the same id.
    op.execute(
        "UPDATE trainings SET price_usd ="
        " COALESCE((SELECT usd FROM charges WHERE charges.id = trainings.id), 0)"
        " WHERE price_usd IS NULL"
    )
    strip_trainings()


def make_photo_sets() -> None:
    """Each training and each draft has a set of photos by its own id."""
    op.create_table(
        "photo_sets",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("consent_at", TIME, nullable=False),
        sa.Column("consent_version", sa.String(length=16), nullable=False),
        sa.Column("photos_numbered", sa.Integer(), nullable=False),
        sa.Column("counter_message_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_photo_sets_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_sets")),
    )
    op.create_index(op.f("ix_photo_sets_user_id"), "photo_sets", ["user_id"])
    columns = "id, user_id, consent_at, consent_version, photos_numbered, counter_message_id"
    op.execute(f"INSERT INTO photo_sets ({columns}) SELECT {columns} FROM trainings")  # noqa: S608


def make_drafts() -> None:
    """Move what is not started; only there may an answer be missing."""
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=True),
        sa.Column("trigger_word", sa.String(length=48), nullable=True),
        sa.Column("subject", SUBJECT, nullable=True),
        sa.Column("trainer", sa.String(length=100), nullable=False),
        sa.Column("mode", MODE, nullable=True),
        sa.Column("steps", sa.Integer(), nullable=True),
        sa.Column("price_usd", sa.BigInteger(), nullable=True),
        sa.Column("reminded_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.CheckConstraint("steps IS NULL OR steps > 0", name=op.f("ck_drafts_steps_positive")),
        sa.ForeignKeyConstraint(
            ["id"], ["photo_sets.id"], name=op.f("fk_drafts_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_drafts_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("trigger_word", name=op.f("uq_drafts_trigger_word")),
        sa.UniqueConstraint("user_id", name=op.f("uq_drafts_user_id")),
    )
    columns = f"id, user_id, chat_id, {', '.join(CHOSEN)}, reminded_at, created_at, updated_at"
    op.execute(
        f"INSERT INTO drafts ({columns})"  # noqa: S608
        f" SELECT {columns} FROM trainings WHERE state = 'draft'"
    )


def strip_trainings() -> None:
    """Leave the job, in which everything chosen is there."""
    states = ", ".join(f"'{state}'" for state in STATES)
    op.drop_index(op.f("uq_trainings_one_draft"), table_name="trainings")
    with op.batch_alter_table("trainings") as table:
        for check in ("complete_when_started", "steps_positive", "state"):
            table.drop_constraint(op.f(f"ck_trainings_{check}"), type_="check")
        for column in (
            "consent_at",
            "consent_version",
            "reminded_at",
            "photos_numbered",
            "counter_message_id",
        ):
            table.drop_column(column)
        for column in CHOSEN:
            table.alter_column(column, nullable=False)
        table.create_check_constraint(op.f("ck_trainings_steps_positive"), "steps > 0")
        table.create_check_constraint(op.f("ck_trainings_state"), f"state IN ({states})")
        table.create_foreign_key(
            op.f("fk_trainings_id"), "photo_sets", ["id"], ["id"], ondelete="CASCADE"
        )
