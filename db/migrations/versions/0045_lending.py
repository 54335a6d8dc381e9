"""Let models be lent: loans, their uses, and what is told of them."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
FAILURES = (
    "photos_rejected",
    "photos_missing",
    "prompt_rejected",
    "lora_unreachable",
    "trainer_failed",
    "generator_failed",
    "service_account",
    "submit_unknown",
    "result_lost",
    "unsafe_picture",
    "deadline",
    "refused_sexual",
    "refused_minors",
    "refused_violence",
    "refused_rules",
    "not_english",
    "loan_over",
)
JOBS = ("trainings", "generations", "enlargements")
OLD_MAKING = "model_id IS NOT NULL OR editor IS NOT NULL"
MAKING = "model_id IS NOT NULL OR editor IS NOT NULL OR is_borrowed"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "loans",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("model_id", sa.String(16), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("pictures", sa.Integer(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "lent",
                "declined",
                "withdrawn",
                "returned",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("borrower_id", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("offered_until", TIME, nullable=False),
        sa.Column("ends_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint(
            "(pictures IS NULL) <> (days IS NULL)", name=op.f("ck_loans_one_limit")
        ),
        sa.CheckConstraint(
            "state <> 'lent' OR borrower_id IS NOT NULL", name=op.f("ck_loans_lent_to_somebody")
        ),
        sa.CheckConstraint(
            "NOT active OR borrower_id IS NOT NULL", name=op.f("ck_loans_used_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["model_id"], ["models.id"], name=op.f("fk_loans_model_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["borrower_id"], ["users.id"], name=op.f("fk_loans_borrower_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
        sa.UniqueConstraint("code", name=op.f("uq_loans_code")),
    )
    op.create_index(op.f("ix_loans_model_id"), "loans", ["model_id"])
    op.create_index(op.f("ix_loans_borrower_id"), "loans", ["borrower_id"])
    op.create_index(
        "uq_loans_one_active",
        "loans",
        ["borrower_id"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "loan_uses",
        sa.Column("generation_id", sa.String(16), nullable=False),
        sa.Column("loan_id", sa.String(16), nullable=False),
        sa.Column("pictures", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.CheckConstraint("pictures >= 0", name=op.f("ck_loan_uses_pictures_counted")),
        sa.ForeignKeyConstraint(
            ["loan_id"], ["loans.id"], name=op.f("fk_loan_uses_loan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("generation_id", "loan_id", name=op.f("pk_loan_uses")),
    )
    op.create_index(op.f("ix_loan_uses_loan_id"), "loan_uses", ["loan_id"])
    op.create_table(
        "loan_news",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["owner"], ["replicas.id"], name=op.f("fk_loan_news_owner"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_news")),
    )
    op.create_index(op.f("ix_loan_news_user_id"), "loan_news", ["user_id"])
    op.create_index(op.f("ix_loan_news_owner"), "loan_news", ["owner"])
    op.add_column(
        "generations",
        sa.Column("is_borrowed", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in JOBS:
            rebuild(table)
        return
    for table in JOBS:
        name = op.f(f"ck_{table}_failure")
        op.drop_constraint(name, table, type_="check")
        op.create_check_constraint(name, table, sa.column("failure").in_(FAILURES))
    name = op.f("ck_generations_made_of_something")
    op.drop_constraint(name, "generations", type_="check")
    op.create_check_constraint(name, "generations", MAKING)


def rebuild(table: str) -> None:
    """Copy a table into one with other checks, as https://sqlite.org/lang_altertable.html says.

    SQLite cannot change a check, so the table's own words are taken, with others in them.
    """
    connection = op.get_bind()
    kept = f"SELECT type, sql FROM sqlite_master WHERE tbl_name = '{table}' AND sql IS NOT NULL"  # noqa: S608
    words = connection.exec_driver_sql(kept).all()
    made = next(sql for kind, sql in words if kind == "table")
    indexes = [sql for kind, sql in words if kind == "index"]
    before, start, after = made.partition("CHECK (failure IN (")
    if not start:
        msg = f"the table {table} has no check of its failures"
        raise ValueError(msg)
    listed = ", ".join(f"'{value}'" for value in FAILURES)
    made = f"{before}{start}{listed}))" + after.partition("))")[2]
    made = made.replace(f"({OLD_MAKING})", f"({MAKING})")
    made = made.replace(made.partition("(")[0], f"CREATE TABLE new_{table} ", 1)
    connection.exec_driver_sql(made)
    connection.exec_driver_sql(f"INSERT INTO new_{table} SELECT * FROM {table}")  # noqa: S608
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE new_{table} RENAME TO {table}")
    for index in indexes:
        connection.exec_driver_sql(index)
