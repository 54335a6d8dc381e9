"""Keep the copies that users have made of their data, while they are made."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "exports",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_thread_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "state", _choice("state", "working", "done", "cancelled", "failed"), nullable=False
        ),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("gathered", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"], ["replicas.id"], name="fk_exports_owner", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_exports_user_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_exports"),
    )
    for column in ("user_id", "settled_at", "owner"):
        op.create_index(f"ix_exports_{column}", "exports", [column])
    kinds = ("photo", "picture", "enlarged", "weights", "config")
    problems = ("gone", "unavailable", "smaller", "too_large")
    op.create_table(
        "export_items",
        sa.Column("export_id", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", _choice("kind", *kinds), nullable=False),
        sa.Column("of_id", sa.String(20), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=True),
        sa.Column("problem", _choice("problem", *problems), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"],
            ["exports.id"],
            name="fk_export_items_export_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("export_id", "number", name="pk_export_items"),
    )


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
