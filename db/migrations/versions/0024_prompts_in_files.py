"""Keep whether prompt and seed are written into files."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "users",
        sa.Column("wants_prompts", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
