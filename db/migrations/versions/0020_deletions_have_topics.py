"""Keep in which topic of its chat a deletion was asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("deletions", sa.Column("message_thread_id", sa.BigInteger(), nullable=True))
