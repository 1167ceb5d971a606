"""Rows of the lists that readers have brought, and what became of each."""

import sqlalchemy as sa
from alembic import op

revision = "0125"
down_revision = "0119"
HOLDS = "what became of the rows of the lists that readers have brought lately"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "brought_row",
        sa.Column("reader_id", sa.BigInteger(), nullable=False),
        sa.Column("line_key", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("isbn", sa.String(13), nullable=True),
        sa.Column("said", sa.String(80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("done", sa.String(8), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["user.id"], name="fk_brought_row_reader_id"),
        sa.PrimaryKeyConstraint("id", name="pk_brought_row"),
        sa.UniqueConstraint("reader_id", "line_key", name="uq_brought_row_reader_id_line_key"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_brought_row_create_time", "brought_row", ["create_time"])


def downgrade() -> None:
    op.drop_table("brought_row")
