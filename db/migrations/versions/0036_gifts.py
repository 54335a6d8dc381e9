"""Keep the credits that users pass on to others."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply."""
    state = sa.Enum(
        "open",
        "redeemed",
        "returned",
        name="state",
        native_enum=False,
        create_constraint=True,
        length=24,
    )
    op.create_table(
        "gifts",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("wallet_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("redeemed_by", sa.Integer(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_gifts_amount_positive")),
        sa.CheckConstraint(
            "(state = 'redeemed') = (redeemed_by IS NOT NULL)",
            name=op.f("ck_gifts_redeemed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["redeemed_by"], ["wallets.id"], name=op.f("fk_gifts_redeemed_by")
        ),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallets.id"], name=op.f("fk_gifts_wallet_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_gifts")),
    )
    op.create_index(op.f("ix_gifts_wallet_id"), "gifts", ["wallet_id"], unique=False)
