"""Keep what is left to be done after a deletion."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
LANGUAGE = sa.Enum(
    "en", "ru", name="language", native_enum=False, create_constraint=True, length=24
)
END = sa.Enum(
    "stopped",
    "not_stopped",
    name="end",
    native_enum=False,
    create_constraint=True,
    length=24,
)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "deletions",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("language", LANGUAGE, nullable=False),
        sa.Column("receipt_message_id", sa.BigInteger(), nullable=True),
        sa.Column("told_under_way", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deletions")),
    )
    op.create_table(
        "deleted_jobs",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("deletion_id", sa.String(length=16), nullable=False),
        sa.Column("endpoint", sa.String(length=100), nullable=False),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("submit_started_at", TIME, nullable=False),
        sa.Column("request_id", sa.String(length=100), nullable=True),
        sa.Column("status_url", sa.Text(), nullable=True),
        sa.Column("response_url", sa.Text(), nullable=True),
        sa.Column("cancel_url", sa.Text(), nullable=True),
        sa.Column("end", END, nullable=True),
        sa.ForeignKeyConstraint(
            ["deletion_id"],
            ["deletions.id"],
            name=op.f("fk_deleted_jobs_deletion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deleted_jobs")),
    )
    op.create_index(op.f("ix_deleted_jobs_deletion_id"), "deleted_jobs", ["deletion_id"])
    op.create_table(
        "deleted_messages",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("deletion_id", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["deletion_id"],
            ["deletions.id"],
            name=op.f("fk_deleted_messages_deletion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name=op.f("pk_deleted_messages")),
    )
    op.create_index(op.f("ix_deleted_messages_deletion_id"), "deleted_messages", ["deletion_id"])
