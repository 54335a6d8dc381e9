"""Keep how much a deletion has deleted, for its receipt."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; a deletion under way meanwhile is counted as nothing."""
    for name in ("models", "pictures", "photos", "requests"):
        op.add_column(
            "deletions", sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        )
