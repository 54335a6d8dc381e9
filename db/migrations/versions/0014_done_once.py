"""Remember what was done for an update, so that it is not done again for the same one."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "done_once",
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_done_once")),
    )
    op.create_index(op.f("ix_done_once_done_at"), "done_once", ["done_at"])
