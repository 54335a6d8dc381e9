"""Find rows with something left to be done, and a user's newest, without reading all others.

What is finished stays, and every replica looks for unfinished rows every ten seconds.
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

# A condition counts for SQLite only where a query has it word for word.
UNFINISHED = {
    "generations": ("announced_at IS NULL OR status_message_id IS NOT NULL",) * 2,
    "enlargements": ("announced_at IS NULL",) * 2,
    "trainings": ("is_settled = 0", "NOT is_settled"),
    "broadcasts": ("told_at IS NULL",) * 2,
}


def upgrade() -> None:
    """Apply."""
    for table, (on_sqlite, on_postgres) in UNFINISHED.items():
        op.create_index(
            f"ix_{table}_unfinished",
            table,
            ["created_at"],
            sqlite_where=sa.text(on_sqlite),
            postgresql_where=sa.text(on_postgres),
        )
    op.create_index(
        op.f("ix_generations_user_id_created_at_id"),
        "generations",
        ["user_id", "created_at", "id"],
    )
