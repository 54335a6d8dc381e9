"""Keep the credits of users: wallets, orders, invoices, payments, and a ledger of all of it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
POTS = ("paid", "bonus", "held", "telegram", "income", "house")


def upgrade() -> None:
    """Apply. What the ledger says is never changed: the database itself refuses it."""
    make_wallets()
    make_invoices()
    make_orders()
    make_payments()
    make_entries()
    make_movements()
    make_refusal()
    for table in ("entries", "movements"):
        keep_for_ever(table)


def make_wallets() -> None:
    """See `db.credit_tables`."""
    op.create_table(
        "wallets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("bonus", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("deleted_at", TIME, nullable=True),
        sa.CheckConstraint("bonus >= 0", name=op.f("ck_wallets_bonus_not_negative")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_wallets_held_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wallets")),
        sa.UniqueConstraint("user_id", name=op.f("uq_wallets_user_id")),
    )


def make_invoices() -> None:
    """See `db.credit_tables`."""
    op.create_table(
        "invoices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("wallet_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pack", "top_up", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("stars", sa.BigInteger(), nullable=False),
        sa.Column("bonus", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "paid",
                "void",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("approved_at", TIME, nullable=True),
        sa.CheckConstraint("stars > 0 AND bonus >= 0", name=op.f("ck_invoices_amounts")),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallets.id"], name=op.f("fk_invoices_wallet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
    )
    op.create_index(op.f("ix_invoices_wallet_id"), "invoices", ["wallet_id"], unique=False)


def make_orders() -> None:
    """See `db.credit_tables`."""
    op.create_table(
        "orders",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("wallet_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "training",
                "pictures",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "held",
                "captured",
                "released",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("from_paid", sa.BigInteger(), nullable=False),
        sa.Column("from_bonus", sa.BigInteger(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.CheckConstraint(
            "(state = 'captured' AND delivered BETWEEN 1 AND units) OR (state <> 'captured' AND delivered = 0)",
            name=op.f("ck_orders_only_captured_delivers"),
        ),
        sa.CheckConstraint(
            "(state = 'held') = (ended_at IS NULL) AND (ended_at IS NULL) = (reason IS NULL)",
            name=op.f("ck_orders_end_has_reason"),
        ),
        sa.CheckConstraint(
            "from_paid >= 0 AND from_bonus >= 0 AND from_paid + from_bonus = unit_price * units",
            name=op.f("ck_orders_hold_is_the_price"),
        ),
        sa.CheckConstraint("unit_price > 0 AND units > 0", name=op.f("ck_orders_price_positive")),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallets.id"], name=op.f("fk_orders_wallet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index(
        "ix_orders_held",
        "orders",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'held'"),
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_index(op.f("ix_orders_wallet_id"), "orders", ["wallet_id"], unique=False)


def make_payments() -> None:
    """See `db.credit_tables`."""
    op.create_table(
        "payments",
        sa.Column("charge_id", sa.String(length=255), nullable=False),
        sa.Column("wallet_id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.String(length=32), nullable=True),
        sa.Column("payload", sa.String(length=128), nullable=False),
        sa.Column("stars", sa.BigInteger(), nullable=False),
        sa.Column("bonus", sa.BigInteger(), nullable=False),
        sa.Column(
            "found_in",
            sa.Enum(
                "message",
                "statement",
                "refund",
                name="found_in",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "paid",
                "refunding",
                "refunded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("frozen_paid", sa.BigInteger(), nullable=False),
        sa.Column("frozen_bonus", sa.BigInteger(), nullable=False),
        sa.Column(
            "refunded_by",
            sa.Enum(
                "admin",
                "outside",
                name="refunded_by",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("paid_at", TIME, nullable=False),
        sa.CheckConstraint(
            "(state = 'refunded') = (refunded_by IS NOT NULL)",
            name=op.f("ck_payments_refunded_by_somebody"),
        ),
        sa.CheckConstraint(
            "state = 'refunding' OR (frozen_paid = 0 AND frozen_bonus = 0)",
            name=op.f("ck_payments_frozen_while_refunding"),
        ),
        sa.CheckConstraint(
            "frozen_paid BETWEEN 0 AND stars AND frozen_bonus BETWEEN 0 AND bonus",
            name=op.f("ck_payments_frozen_in_range"),
        ),
        sa.CheckConstraint("stars > 0 AND bonus >= 0", name=op.f("ck_payments_amounts")),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoices.id"], name=op.f("fk_payments_invoice_id")
        ),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallets.id"], name=op.f("fk_payments_wallet_id")),
        sa.PrimaryKeyConstraint("charge_id", name=op.f("pk_payments")),
    )
    op.create_index(
        "ix_payments_refunding",
        "payments",
        ["charge_id"],
        unique=False,
        sqlite_where=sa.text("state = 'refunding'"),
        postgresql_where=sa.text("state = 'refunding'"),
    )
    op.create_index(
        op.f("ix_payments_wallet_id_paid_at"), "payments", ["wallet_id", "paid_at"], unique=False
    )


def make_entries() -> None:
    """See `db.credit_tables`."""
    op.create_table(
        "entries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("wallet_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("order_id", sa.String(length=16), nullable=True),
        sa.Column("charge_id", sa.String(length=255), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=False),
        sa.Column("paid_after", sa.BigInteger(), nullable=False),
        sa.Column("bonus_after", sa.BigInteger(), nullable=False),
        sa.Column("held_after", sa.BigInteger(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["charge_id"], ["payments.charge_id"], name=op.f("fk_entries_charge_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_entries_order_id")),
        sa.ForeignKeyConstraint(["wallet_id"], ["wallets.id"], name=op.f("fk_entries_wallet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("key", name=op.f("uq_entries_key")),
        sa.UniqueConstraint("wallet_id", "seq", name=op.f("uq_entries_wallet_id_seq")),
    )
    op.create_index(op.f("ix_entries_charge_id"), "entries", ["charge_id"], unique=False)
    op.create_index(op.f("ix_entries_order_id"), "entries", ["order_id"], unique=False)


def make_movements() -> None:
    """See `db.credit_tables`."""
    op.create_table(
        "movements",
        sa.Column(
            "entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", pot("source"), nullable=False),
        sa.Column("target", pot("target"), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_movements_amount_positive")),
        sa.CheckConstraint("source <> target", name=op.f("ck_movements_two_pots")),
        sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=op.f("fk_movements_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", "number", name=op.f("pk_movements")),
    )


def pot(name: str) -> sa.Enum:
    """Return the type of a column that names a pot."""
    return sa.Enum(*POTS, name=name, native_enum=False, create_constraint=True, length=24)


def keep_for_ever(table: str) -> None:
    """Refuse changes of what is written."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                " BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
            )
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION refuse_change_of_ledger()"
    )


def make_refusal() -> None:
    """Make the function that PostgreSQL's triggers call."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change_of_ledger() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
        )
