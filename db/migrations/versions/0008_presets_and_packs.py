"""Remember the preset's name, and which generations come as one album."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("generations") as table:
        table.add_column(sa.Column("title", sa.JSON(), nullable=True))
        table.add_column(sa.Column("pack", sa.String(64), nullable=True))
        table.create_index(op.f("ix_generations_user_id_pack"), ["user_id", "pack"])
