"""Keep in which topic of its chat the messages of a draft and of a paid job go."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("drafts", "trainings", "generations")


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        op.add_column(table, sa.Column("message_thread_id", sa.BigInteger(), nullable=True))
