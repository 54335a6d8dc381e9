"""Remember in which size a picture is wished for."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for table in ("users", "generations"):
        # A check in the column's own words: neither database copies the table for it.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN size VARCHAR(24) DEFAULT 'standard' NOT NULL "
            f"CONSTRAINT {op.f(f'ck_{table}_size')} CHECK (size IN ('standard', 'hd'))"
        )
