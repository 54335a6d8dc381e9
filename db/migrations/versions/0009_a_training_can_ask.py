"""Let a training wait for its user, who decides whether fewer photos are enough."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATES = (
    "draft",
    "preparing",
    "asking",
    "uploading",
    "submitting",
    "unconfirmed",
    "queued",
    "training",
    "completed",
    "failed",
    "cancelled",
)
NAME = "ck_trainings_state"


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name == "sqlite":
        rebuild()
        return
    op.drop_constraint(op.f(NAME), "trainings", type_="check")
    op.create_check_constraint(op.f(NAME), "trainings", sa.column("state").in_(STATES))


def rebuild() -> None:
    """Copy the table into one with another check, as https://sqlite.org/lang_altertable.html says.

    SQLite cannot change a check, and a copy that is made of what SQLAlchemy reads of the table
    would have no checks at all. So its own words are taken, with one more state in them.
    """
    connection = op.get_bind()
    kept = "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'trainings' AND sql IS NOT NULL"
    words = connection.exec_driver_sql(kept).all()
    table = next(sql for kind, sql in words if kind == "table")
    indexes = [sql for kind, sql in words if kind == "index"]
    for old, new in (
        ("CREATE TABLE trainings (", "CREATE TABLE new_trainings ("),
        ("'preparing', ", "'preparing', 'asking', "),
    ):
        if table.count(old) != 1:
            msg = f"the table trainings does not have {old!r} once"
            raise ValueError(msg)
        table = table.replace(old, new)
    connection.exec_driver_sql(table)
    connection.exec_driver_sql("INSERT INTO new_trainings SELECT * FROM trainings")
    connection.exec_driver_sql("DROP TABLE trainings")
    connection.exec_driver_sql("ALTER TABLE new_trainings RENAME TO trainings")
    for index in indexes:
        connection.exec_driver_sql(index)
