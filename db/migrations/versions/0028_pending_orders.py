"""Keep what a user could not pay yet, and how far Telegram's statement has been read."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "pending_orders",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_pending_orders_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_pending_orders")),
    )
    op.create_table(
        "star_statement",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("lines_read", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_star_statement_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_star_statement")),
    )
