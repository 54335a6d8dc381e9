"""Count the tries to check a photo."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    checks = sa.Column("checks", sa.Integer(), server_default=sa.text("0"), nullable=False)
    op.add_column("photos", checks)
