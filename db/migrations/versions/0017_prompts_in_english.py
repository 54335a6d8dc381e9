"""Keep prompts as the generator got them, and word them before the submit."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

STATES = (
    "wording",
    "accepted",
    "submitting",
    "unconfirmed",
    "queued",
    "running",
    "made",
    "failed",
)
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
)
CHECKS = (
    ("generations", "state", STATES),
    ("generations", "failure", FAILURES),
    ("trainings", "failure", FAILURES),
    ("charges", "kind", ("training", "image", "prompt")),
)


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name == "sqlite":
        for table in ("generations", "trainings", "charges"):
            rebuild(table, {column: values for name, column, values in CHECKS if name == table})
    else:
        for table, column, values in CHECKS:
            name = op.f(f"ck_{table}_{column}")
            op.drop_constraint(name, table, type_="check")
            op.create_check_constraint(name, table, sa.column(column).in_(values))
    op.add_column("generations", sa.Column("english", sa.Text(), nullable=True))


def rebuild(table: str, checks: dict[str, tuple[str, ...]]) -> None:
    """Copy a table into one with other checks, as https://sqlite.org/lang_altertable.html says.

    SQLite cannot change a check, and a copy that is made of what SQLAlchemy reads of the table
    would have no checks at all. So its own words are taken, with other values in them.
    """
    connection = op.get_bind()
    kept = f"SELECT type, sql FROM sqlite_master WHERE tbl_name = '{table}' AND sql IS NOT NULL"  # noqa: S608
    words = connection.exec_driver_sql(kept).all()
    made = next(sql for kind, sql in words if kind == "table")
    indexes = [sql for kind, sql in words if kind == "index"]
    for column, values in checks.items():
        start = f"CHECK ({column} IN ("
        if made.count(start) != 1:
            msg = f"the table {table} does not have {start!r} once"
            raise ValueError(msg)
        before, _, after = made.partition(start)
        listed = ", ".join(f"'{value}'" for value in values)
        made = f"{before}{start}{listed}))" + after.partition("))")[2]
    head = made.partition("(")[0]
    made = made.replace(head, f"CREATE TABLE new_{table} ", 1)
    connection.exec_driver_sql(made)
    connection.exec_driver_sql(f"INSERT INTO new_{table} SELECT * FROM {table}")  # noqa: S608
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE new_{table} RENAME TO {table}")
    for index in indexes:
        connection.exec_driver_sql(index)
