"""Let generations be edits: made of a picture or of a photo, and then maybe without a model."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("generations") as table:
        table.alter_column("model_id", existing_type=sa.String(16), nullable=True)
        table.add_column(sa.Column("editor", sa.String(100), nullable=True))
        table.add_column(sa.Column("source_picture_id", sa.String(16), nullable=True))
        table.add_column(sa.Column("source_file_id", sa.Text(), nullable=True))
        table.add_column(sa.Column("source_url", sa.Text(), nullable=True))
        table.create_check_constraint(
            op.f("ck_generations_made_of_something"), "model_id IS NOT NULL OR editor IS NOT NULL"
        )
