"""Keep what users have to be told of their money until they have been told."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    kind = sa.Enum(
        "paid",
        "given_back",
        "granted",
        "friend",
        "referrer",
        "goes_on",
        "refused",
        "gift_made",
        name="kind",
        native_enum=False,
        create_constraint=False,
        length=24,
    )
    op.create_table(
        "payment_notes",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("wallet_id", sa.Integer(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("told_at", TIME, nullable=True),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"], ["replicas.id"], name=op.f("fk_payment_notes_owner"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["wallet_id"], ["wallets.id"], name=op.f("fk_payment_notes_wallet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_notes")),
        sa.UniqueConstraint("key", name=op.f("uq_payment_notes_key")),
    )
    op.create_index(op.f("ix_payment_notes_owner"), "payment_notes", ["owner"], unique=False)
    op.create_index(
        op.f("ix_payment_notes_wallet_id"), "payment_notes", ["wallet_id"], unique=False
    )
