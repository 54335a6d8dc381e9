"""Remember why a picture could not be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PROBLEMS = ("gone", "unreachable", "broken", "refused")


def upgrade() -> None:
    """Apply."""
    problem = sa.Enum(
        *PROBLEMS, name="delivery_problem", native_enum=False, create_constraint=True, length=24
    )
    with op.batch_alter_table("pictures") as table:
        table.add_column(sa.Column("delivery_problem", problem, nullable=True))
        table.add_column(
            sa.Column("delivery_tries", sa.Integer(), server_default="0", nullable=False)
        )
    with op.batch_alter_table("pictures") as table:
        table.alter_column("delivery_tries", server_default=None)
