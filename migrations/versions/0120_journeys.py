"""Marks that are printed before they are used, where copies were, and what is said of them."""

import sqlalchemy as sa
from alembic import op

revision = "0120"
down_revision = "0122"
HOLDS = "the stations of copies, lines about them, blank labels and shared years"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ENGINE = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    with op.batch_alter_table("copy") as batch:
        batch.add_column(sa.Column("left_at", sa.String(100), server_default="", nullable=False))
        batch.add_column(sa.Column("freed_by_id", sa.BigInteger(), nullable=True))
        batch.create_foreign_key("fk_copy_freed_by_id", "user", ["freed_by_id"], ["id"])
    op.create_index("ix_copy_freed_by_id", "copy", ["freed_by_id"])
    op.create_table(
        "station",
        sa.Column("copy_id", sa.BigInteger(), nullable=False),
        sa.Column("drift_id", sa.BigInteger(), nullable=True),
        sa.Column("reader_id", sa.BigInteger(), nullable=True),
        sa.Column("area", sa.String(100), nullable=True),
        sa.Column("month", sa.String(7), nullable=True),
        sa.Column("shows_name", sa.Boolean(), nullable=False),
        *_usual("station"),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name="fk_station_copy_id"),
        sa.ForeignKeyConstraint(["drift_id"], ["drift.id"], name="fk_station_drift_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["user.id"], name="fk_station_reader_id"),
        sa.UniqueConstraint("copy_id", "drift_id", "reader_id", name="uq_station_copy_id_drift_id_reader_id"),
        **ENGINE,
    )
    op.create_index("ix_station_drift_id", "station", ["drift_id"])
    op.create_index("ix_station_of_reader", "station", ["reader_id", "copy_id"])
    op.create_table(
        "journal_line",
        sa.Column("copy_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("state", sa.String(6), nullable=False),
        *_usual("journal_line"),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name="fk_journal_line_copy_id"),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name="fk_journal_line_author_id"),
        **ENGINE,
    )
    op.create_index("ix_journal_line_of_copy", "journal_line", ["copy_id", "state"])
    op.create_index("ix_journal_line_author_id", "journal_line", ["author_id"])
    op.create_index("ix_journal_line_state", "journal_line", ["state"])
    op.create_table(
        "blank_mark",
        sa.Column("mark", sa.String(8), nullable=False),
        sa.Column("reader_id", sa.BigInteger(), nullable=False),
        sa.Column("copy_id", sa.BigInteger(), nullable=True),
        *_usual("blank_mark"),
        sa.ForeignKeyConstraint(["reader_id"], ["user.id"], name="fk_blank_mark_reader_id"),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name="fk_blank_mark_copy_id"),
        sa.UniqueConstraint("mark", name="uq_blank_mark_mark"),
        **ENGINE,
    )
    op.create_index("ix_blank_mark_of_reader", "blank_mark", ["reader_id", "create_time"])
    op.create_index("ix_blank_mark_copy_id", "blank_mark", ["copy_id"])
    op.create_table(
        "shared_year",
        sa.Column("reader_id", sa.BigInteger(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        *_usual("shared_year"),
        sa.ForeignKeyConstraint(["reader_id"], ["user.id"], name="fk_shared_year_reader_id"),
        sa.UniqueConstraint("reader_id", "year", name="uq_shared_year_reader_id_year"),
        **ENGINE,
    )


def _usual(table: str) -> tuple[sa.Column[object] | sa.PrimaryKeyConstraint, ...]:
    return (
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def downgrade() -> None:
    for table in ("shared_year", "blank_mark", "journal_line", "station"):
        op.drop_table(table)
    with op.batch_alter_table("copy") as batch:
        batch.drop_constraint("fk_copy_freed_by_id", type_="foreignkey")
        batch.drop_index("ix_copy_freed_by_id")
        batch.drop_column("freed_by_id")
        batch.drop_column("left_at")
