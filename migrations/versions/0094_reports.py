"""What readers ask the people who run the site to look at."""

import sqlalchemy as sa
from alembic import op

revision = "0094"
down_revision = "0090"
HOLDS = "the reports of readers"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("ref", sa.BigInteger(), nullable=False),
        sa.Column("reporter_id", sa.BigInteger(), nullable=True),
        sa.Column("about_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("copied", sa.Text(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.ForeignKeyConstraint(["reporter_id"], ["user.id"], name="fk_report_reporter_id"),
        sa.ForeignKeyConstraint(["about_id"], ["user.id"], name="fk_report_about_id"),
        sa.UniqueConstraint("kind", "ref", "reporter_id", name="uq_report_kind_ref_reporter_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_report_reporter_id", "report", ["reporter_id"])
    op.create_index("ix_report_about_id", "report", ["about_id"])


def downgrade() -> None:
    op.drop_table("report")
