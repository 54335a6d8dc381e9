"""Keep what users buy each month."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
KINDS = ("pack", "top_up", "subscription")


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name == "sqlite":
        remake_invoices()
    else:
        name = op.f("ck_invoices_kind")
        op.drop_constraint(name, "invoices", type_="check")
        op.create_check_constraint(name, "invoices", sa.column("kind").in_(KINDS))
    make_subscriptions()
    # In the column's own words: neither database copies the table for it.
    op.execute(
        "ALTER TABLE payments ADD COLUMN subscription_id VARCHAR(16)"
        f" CONSTRAINT {op.f('fk_payments_subscription_id')} REFERENCES subscriptions (id)"
    )
    op.add_column("payments", sa.Column("paid_until", TIME, nullable=True))
    op.create_index(op.f("ix_payments_subscription_id"), "payments", ["subscription_id"])
    op.add_column(
        "deletions",
        sa.Column("cancels", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def make_subscriptions() -> None:
    """See `db.subscription_tables`."""
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("wallet_id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.String(length=32), nullable=False),
        sa.Column("charge_id", sa.String(length=255), nullable=False),
        sa.Column("stars", sa.BigInteger(), nullable=False),
        sa.Column("bonus", sa.BigInteger(), nullable=False),
        sa.Column("state", choice("state", "active", "cancelled", "failed"), nullable=False),
        sa.Column("wish", choice("wish", "cancel", "allow"), nullable=True),
        sa.Column("is_ours", sa.Boolean(), nullable=False),
        sa.Column("paid_until", TIME, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("stars > 0 AND bonus >= 0", name=op.f("ck_subscriptions_amounts")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_subscriptions_invoice_id")
        ),
        sa.ForeignKeyConstraint(
            ["wallet_id"], ["wallets.id"], name=op.f("fk_subscriptions_wallet_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint("charge_id", name=op.f("uq_subscriptions_charge_id")),
    )
    for column in ("wallet_id", "invoice_id"):
        op.create_index(op.f(f"ix_subscriptions_{column}"), "subscriptions", [column])
    op.create_index(
        "ix_subscriptions_wish",
        "subscriptions",
        ["id"],
        sqlite_where=sa.text("wish IS NOT NULL"),
        postgresql_where=sa.text("wish IS NOT NULL"),
    )


def choice(name: str, *values: str) -> sa.Enum:
    """Return the type of a column that has one of some words."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def remake_invoices() -> None:
    """Copy the table of invoices into one with another check, which SQLite cannot change."""
    connection = op.get_bind()
    kept = "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'invoices' AND sql IS NOT NULL"
    words = connection.exec_driver_sql(kept).all()
    made = next(sql for kind, sql in words if kind == "table")
    before, start, after = made.partition("CHECK (kind IN (")
    listed = ", ".join(f"'{value}'" for value in KINDS)
    made = f"{before}{start}{listed}))" + after.partition("))")[2]
    made = made.replace(made.partition("(")[0], "CREATE TABLE new_invoices ", 1)
    connection.exec_driver_sql(made)
    connection.exec_driver_sql("INSERT INTO new_invoices SELECT * FROM invoices")
    connection.exec_driver_sql("DROP TABLE invoices")
    connection.exec_driver_sql("ALTER TABLE new_invoices RENAME TO invoices")
    for kind, sql in words:
        if kind == "index":
            connection.exec_driver_sql(sql)
