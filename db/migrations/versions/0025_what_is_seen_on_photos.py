"""Keep what the coach saw on a photo, as a few small numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("photos", sa.Column("seen", sa.JSON(), nullable=True))
