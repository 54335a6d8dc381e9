"""Give trainings and generations the same columns for their job at fal."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def of_both() -> list[sa.Column[Any]]:
    """Return new columns for either table."""
    return [
        sa.Column("elapsed_s", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("doubt_told_at", TIME, nullable=True),
        sa.Column("raw_result", sa.Text(), nullable=True),
    ]


def of_generations() -> list[sa.Column[Any]]:
    """Return new columns for generations."""
    return [
        *of_both(),
        sa.Column("cancel_requested_at", TIME, nullable=True),
        sa.Column("cancel_sent_at", TIME, nullable=True),
        sa.Column("finished_at", TIME, nullable=True),
    ]


def upgrade() -> None:
    """Apply. Columns are only added: nothing is copied, so nothing that hangs on a row is lost."""
    for table, columns in (("trainings", of_both()), ("generations", of_generations())):
        for column in columns:
            op.add_column(table, column)
    op.execute("UPDATE generations SET finished_at = updated_at WHERE state IN ('made', 'failed')")
