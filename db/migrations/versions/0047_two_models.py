"""Let two people be in one picture: the second model of a generation, and who agreed to that."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("generations") as table:
        table.add_column(sa.Column("second_model_id", sa.String(16), nullable=True))
        table.add_column(sa.Column("second_scale", sa.Double(), nullable=True))
        table.add_column(
            sa.Column(
                "second_is_borrowed", sa.Boolean(), server_default=sa.false(), nullable=False
            )
        )
        table.create_foreign_key(
            op.f("fk_generations_second_model_id"),
            "models",
            ["second_model_id"],
            ["id"],
            ondelete="CASCADE",
        )
    op.create_index(op.f("ix_generations_second_model_id"), "generations", ["second_model_id"])
    op.add_column("users", sa.Column("second_of", sa.String(16), nullable=True))
    op.add_column("users", sa.Column("second_id", sa.String(16), nullable=True))
    # Older invitations did not say so.
    op.add_column(
        "loans",
        sa.Column("allows_others", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
