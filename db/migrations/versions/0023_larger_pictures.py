"""Keep requests for larger pictures, and copies of these."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

STATES = ("accepted", "submitting", "unconfirmed", "queued", "running", "made", "failed")
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
COPIES = ("weights", "config", "original", "enlarged")


def choice(name: str, values: tuple[str, ...]) -> sa.Enum:
    """Return the type of a closed choice."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    """Apply."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "enlargements",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("picture_id", sa.String(16), nullable=False),
        sa.Column("enlarger", sa.String(100), nullable=False),
        sa.Column("state", choice("state", STATES), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("document_file_id", sa.Text(), nullable=True),
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("message_thread_id", sa.BigInteger(), nullable=True),
        sa.Column("price_usd", sa.BigInteger(), nullable=True),
        sa.Column("submit_started_at", moment, nullable=True),
        sa.Column("request_id", sa.String(100), nullable=True),
        sa.Column("status_url", sa.Text(), nullable=True),
        sa.Column("response_url", sa.Text(), nullable=True),
        sa.Column("cancel_url", sa.Text(), nullable=True),
        sa.Column("queue_position", sa.Integer(), nullable=True),
        sa.Column("cancel_requested_at", moment, nullable=True),
        sa.Column("cancel_sent_at", moment, nullable=True),
        sa.Column("elapsed_s", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("doubt_told_at", moment, nullable=True),
        sa.Column("raw_result", sa.Text(), nullable=True),
        sa.Column("failure", choice("failure", FAILURES), nullable=True),
        sa.Column("failure_detail", sa.Text(), nullable=True),
        sa.Column("finished_at", moment, nullable=True),
        sa.Column("announced_at", moment, nullable=True),
        sa.Column("owner", sa.Integer(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.CheckConstraint(
            "state <> 'failed' OR failure IS NOT NULL",
            name=op.f("ck_enlargements_reason_when_failed"),
        ),
        sa.CheckConstraint(
            "state <> 'made' OR url IS NOT NULL", name=op.f("ck_enlargements_url_when_made")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_enlargements_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["picture_id"],
            ["pictures.id"],
            name=op.f("fk_enlargements_picture_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["owner"], ["replicas.id"], name=op.f("fk_enlargements_owner"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enlargements")),
    )
    for column in ("user_id", "picture_id", "state", "request_id", "owner"):
        op.create_index(op.f(f"ix_enlargements_{column}"), "enlargements", [column])
    if op.get_bind().dialect.name == "sqlite":
        remake_copies()
    else:
        name = op.f("ck_copies_kind")
        op.drop_constraint(name, "copies", type_="check")
        op.create_check_constraint(name, "copies", sa.column("kind").in_(COPIES))


def remake_copies() -> None:
    """Copy the table of copies into one with another check, which SQLite cannot change."""
    connection = op.get_bind()
    kept = "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'copies' AND sql IS NOT NULL"
    words = connection.exec_driver_sql(kept).all()
    made = next(sql for kind, sql in words if kind == "table")
    before, start, after = made.partition("CHECK (kind IN (")
    listed = ", ".join(f"'{value}'" for value in COPIES)
    made = f"{before}{start}{listed}))" + after.partition("))")[2]
    connection.exec_driver_sql(made.replace(made.partition("(")[0], "CREATE TABLE new_copies ", 1))
    connection.exec_driver_sql("INSERT INTO new_copies SELECT * FROM copies")
    connection.exec_driver_sql("DROP TABLE copies")
    connection.exec_driver_sql("ALTER TABLE new_copies RENAME TO copies")
    for kind, sql in words:
        if kind == "index":
            connection.exec_driver_sql(sql)
