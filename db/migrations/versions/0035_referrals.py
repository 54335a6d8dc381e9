"""Keep who has invited whom."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "referral_links",
        sa.Column("wallet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["wallet_id"], ["wallets.id"], name=op.f("fk_referral_links_wallet_id")
        ),
        sa.PrimaryKeyConstraint("wallet_id", name=op.f("pk_referral_links")),
        sa.UniqueConstraint("code", name=op.f("uq_referral_links_code")),
    )
    op.create_table(
        "referrals",
        sa.Column("wallet_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("referrer_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("referrer_id < wallet_id", name=op.f("ck_referrals_older_referrer")),
        sa.ForeignKeyConstraint(
            ["referrer_id"], ["wallets.id"], name=op.f("fk_referrals_referrer_id")
        ),
        sa.ForeignKeyConstraint(
            ["wallet_id"], ["wallets.id"], name=op.f("fk_referrals_wallet_id")
        ),
        sa.PrimaryKeyConstraint("wallet_id", name=op.f("pk_referrals")),
    )
