"""Keep what of a deletion is to be deleted at fal, too."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; a deletion under way meanwhile leaves at fal what is there."""
    for name in ("erases", "told_erasing"):
        op.add_column(
            "deletions", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
        )
    end = sa.Enum(
        "erased", "left", name="payload_end", native_enum=False, create_constraint=True, length=24
    )
    op.create_table(
        "deleted_payloads",
        sa.Column("request_id", sa.String(length=100), nullable=False),
        sa.Column("deletion_id", sa.String(length=16), nullable=False),
        sa.Column("status_url", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("end", end, nullable=True),
        sa.ForeignKeyConstraint(
            ["deletion_id"],
            ["deletions.id"],
            name=op.f("fk_deleted_payloads_deletion_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_deleted_payloads")),
    )
    op.create_index(op.f("ix_deleted_payloads_deletion_id"), "deleted_payloads", ["deletion_id"])
