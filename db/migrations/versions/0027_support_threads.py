"""Keep what users and the operator write to each other, and what admins do."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "support_threads",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_thread_id", sa.BigInteger(), nullable=True),
        sa.Column("is_waiting", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_support_threads_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_support_threads"),
        sa.UniqueConstraint("user_id", name="uq_support_threads_user_id"),
    )
    op.create_index("ix_support_threads_written_at", "support_threads", ["written_at"])
    attachments = sa.Enum(
        *("photo", "document"),
        name="attachment",
        native_enum=False,
        create_constraint=True,
        length=24,
    )
    op.create_table(
        "support_messages",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("thread_id", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(64), nullable=False),
        sa.Column("admin_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("attachment", attachments, nullable=True),
        sa.Column("file_id", sa.Text(), nullable=True),
        sa.Column("album", sa.String(64), nullable=True),
        sa.Column("code", sa.String(16), nullable=True),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["support_threads.id"],
            name="fk_support_messages_thread_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner"], ["replicas.id"], name="fk_support_messages_owner", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_support_messages"),
        sa.UniqueConstraint("origin", name="uq_support_messages_origin"),
    )
    for column in ("thread_id", "delivered_at", "owner"):
        op.create_index(f"ix_support_messages_{column}", "support_messages", [column])
    op.create_table(
        "support_copies",
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("of_id", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["of_id"],
            ["support_messages.id"],
            name="fk_support_copies_of_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("chat_id", "message_id", name="pk_support_copies"),
    )
    op.create_index("ix_support_copies_of_id", "support_copies", ["of_id"])
    op.create_table(
        "admin_actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("admin_id", sa.BigInteger(), nullable=False),
        sa.Column("deed", sa.String(24), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("of_id", sa.String(40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("done_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_admin_actions"),
    )
    for column in ("user_id", "done_at"):
        op.create_index(f"ix_admin_actions_{column}", "admin_actions", [column])
