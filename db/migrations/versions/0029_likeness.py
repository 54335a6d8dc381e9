"""Keep how much first pictures look like their person, as one number each."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("pictures", sa.Column("has_face", sa.Boolean(), nullable=True))
    op.add_column("pictures", sa.Column("likeness", sa.Integer(), nullable=True))
    op.add_column("models", sa.Column("likeness", sa.Integer(), nullable=True))
    op.add_column("models", sa.Column("lora_scale", sa.Double(), nullable=True))
