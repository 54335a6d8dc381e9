"""Keep who may be asked for pictures in groups, and which message there asked for one."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("users") as table:
        table.add_column(sa.Column("group_stars", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f("ck_users_group_stars_range"), "group_stars >= 0")
    with op.batch_alter_table("generations") as table:
        table.add_column(sa.Column("call_chat_id", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("call_thread_id", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("call_message_id", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("call_end", sa.String(24), nullable=True))
        table.create_check_constraint(
            op.f("ck_generations_call_is_somewhere"),
            "call_chat_id IS NOT NULL OR call_message_id IS NULL",
        )
        table.create_check_constraint(
            op.f("ck_generations_call_end"), "call_end IN ('answered', 'closed')"
        )
    with op.batch_alter_table("deletions") as table:
        table.add_column(sa.Column("in_groups", sa.Integer(), nullable=False, server_default="0"))
