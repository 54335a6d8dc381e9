"""Keep who may not use the bot, and which error was whose."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "blocks",
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("admin_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_blocks"),
    )
    op.create_table(
        "error_codes",
        sa.Column("code", sa.String(16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_error_codes_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("code", name="pk_error_codes"),
    )
    for column in ("user_id", "said_at"):
        op.create_index(f"ix_error_codes_{column}", "error_codes", [column])
