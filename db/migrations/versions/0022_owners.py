"""Say which replica has a row in hand; its end frees the row."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = ("trainings", "generations", "drafts", "deletions")


def upgrade() -> None:
    """Apply."""
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("owner", sa.Integer()))
            batch.create_foreign_key(
                f"fk_{table}_owner", "replicas", ["owner"], ["id"], ondelete="SET NULL"
            )
            batch.create_index(f"ix_{table}_owner", ["owner"])
