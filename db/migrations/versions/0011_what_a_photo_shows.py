"""Keep what a photo shows, so that one picture in several encodings is known."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("photos", sa.Column("fingerprint", sa.Text(), nullable=True))
