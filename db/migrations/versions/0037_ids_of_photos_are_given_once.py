"""Never use the id of a removed photo again, as SQLite did.

A check under way would otherwise find the photo of somebody else where its own was.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

STATES = ("pending", "accepted", "refused")


def upgrade() -> None:
    """Apply; sequences of PostgreSQL never go back."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.drop_index("ix_photos_training_id_message_id", "photos")
    op.drop_index("ix_photos_pending", "photos")
    op.rename_table("photos", "photos_before")
    state = sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=24)
    op.create_table(
        "photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("training_id", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.Text(), nullable=False),
        sa.Column("file_unique_id", sa.String(64), nullable=False),
        sa.Column("thumbnail_file_id", sa.Text(), nullable=True),
        sa.Column("label", sa.String(64), nullable=True),
        sa.Column("state", state, nullable=False),
        sa.Column("refusal", sa.String(32), nullable=True),
        sa.Column("refusal_params", sa.JSON(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checks", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("seen", sa.JSON(), nullable=True),
        sa.CheckConstraint("state <> 'accepted' OR sha256 IS NOT NULL", name="hash_when_accepted"),
        sa.CheckConstraint(
            "state <> 'refused' OR refusal IS NOT NULL", name="reason_when_refused"
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("training_id", "number"),
        sa.UniqueConstraint("training_id", "file_unique_id"),
        sa.ForeignKeyConstraint(["training_id"], ["photo_sets.id"], ondelete="CASCADE"),
        sqlite_autoincrement=True,
    )
    # Both have the same columns in the same order.
    op.execute("INSERT INTO photos SELECT * FROM photos_before")
    op.drop_table("photos_before")
    op.create_index("ix_photos_training_id_message_id", "photos", ["training_id", "message_id"])
    pending = sa.text("state = 'pending'")
    op.create_index("ix_photos_pending", "photos", ["id"], sqlite_where=pending)
