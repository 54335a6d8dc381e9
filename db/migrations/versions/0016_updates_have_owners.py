"""Say which replica handles an update."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WAITING = sa.text("payload IS NOT NULL")
OWNED = sa.text("owner IS NOT NULL")


def upgrade() -> None:
    """Apply."""
    op.drop_index("ix_inbox_waiting", "inbox")
    with op.batch_alter_table("inbox") as table:
        table.add_column(sa.Column("owner", sa.Integer(), nullable=True))
        table.create_foreign_key(
            "fk_inbox_owner", "replicas", ["owner"], ["id"], ondelete="SET NULL"
        )
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["urgent", "update_id"],
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )
    op.create_index(
        "ix_inbox_lane", "inbox", ["lane"], sqlite_where=WAITING, postgresql_where=WAITING
    )
    op.create_index(
        "ix_inbox_owner", "inbox", ["owner"], sqlite_where=OWNED, postgresql_where=OWNED
    )
    if op.get_bind().dialect.name == "postgresql":
        # A queue: rows change all the time, and what is dead slows down who looks for work.
        op.execute(
            "ALTER TABLE inbox SET (autovacuum_vacuum_scale_factor = 0,"
            " autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0)"
        )
