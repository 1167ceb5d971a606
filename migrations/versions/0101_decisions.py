"""Decisions of the desk, appeals against them, and readers who are limited or suspended."""

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0099"
HOLDS = "the decisions of moderators, appeals, and which readers are limited or suspended"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ENGINE = {"mysql_engine": "InnoDB", "mysql_charset": "utf8mb4"}


def upgrade() -> None:
    op.create_table(
        "decision",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("ref", sa.BigInteger(), nullable=False),
        sa.Column("about_id", sa.BigInteger(), nullable=True),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("ground", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("undoes_id", sa.BigInteger(), nullable=True),
        *_usual("decision"),
        sa.ForeignKeyConstraint(["about_id"], ["user.id"], name="fk_decision_about_id"),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_decision_by_id"),
        sa.ForeignKeyConstraint(["undoes_id"], ["decision.id"], name="fk_decision_undoes_id"),
        sa.UniqueConstraint("undoes_id", name="uq_decision_undoes_id"),
        **ENGINE,
    )
    op.create_index("ix_decision_kind_ref", "decision", ["kind", "ref"])
    op.create_index("ix_decision_about_id", "decision", ["about_id"])
    op.create_index("ix_decision_by_id", "decision", ["by_id"])
    op.create_table(
        "appeal",
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("reader_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answer_time", sa.BigInteger(), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        *_usual("appeal"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="fk_appeal_decision_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["user.id"], name="fk_appeal_reader_id"),
        sa.ForeignKeyConstraint(["answered_by"], ["user.id"], name="fk_appeal_answered_by"),
        sa.UniqueConstraint("decision_id", name="uq_appeal_decision_id"),
        **ENGINE,
    )
    op.create_index("ix_appeal_reader_id", "appeal", ["reader_id"])
    op.create_index("ix_appeal_answer_time", "appeal", ["answer_time"])
    with op.batch_alter_table("report") as batch:
        batch.add_column(sa.Column("decision_id", sa.BigInteger(), nullable=True))
        batch.create_foreign_key("fk_report_decision_id", "decision", ["decision_id"], ["id"])
        batch.alter_column("about_id", existing_type=sa.BigInteger(), nullable=True)
    op.create_index("ix_report_decision_id", "report", ["decision_id"])
    for column in ("limited_until", "suspended_until"):
        op.add_column("user", sa.Column(column, sa.BigInteger(), nullable=True))


def _usual(table: str) -> tuple[sa.Column[object] | sa.PrimaryKeyConstraint, ...]:
    return (
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def downgrade() -> None:
    with op.batch_alter_table("user") as batch:
        for column in ("limited_until", "suspended_until"):
            batch.drop_column(column)
    # What is reported is always a reader's in earlier releases.
    op.execute("DELETE FROM report WHERE about_id IS NULL")
    with op.batch_alter_table("report") as batch:
        batch.alter_column("about_id", existing_type=sa.BigInteger(), nullable=False)
        batch.drop_constraint("fk_report_decision_id", type_="foreignkey")
        batch.drop_index("ix_report_decision_id")
        batch.drop_column("decision_id")
    op.drop_table("appeal")
    op.drop_table("decision")
