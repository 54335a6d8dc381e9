"""Find a paid job by fal's name of it, and photos that wait for their check."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    """Apply."""
    for table in ("trainings", "generations"):
        op.create_index(op.f(f"ix_{table}_request_id"), table, ["request_id"])
    op.create_index(
        op.f("ix_photos_pending"),
        "photos",
        ["id"],
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )
