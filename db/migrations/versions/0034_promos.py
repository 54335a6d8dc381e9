"""Keep the codes that bring credits."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "promos",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("credits", sa.BigInteger(), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("credits > 0", name=op.f("ck_promos_brings_something")),
        sa.CheckConstraint("used BETWEEN 0 AND uses", name=op.f("ck_promos_used_at_most")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_promos")),
    )
