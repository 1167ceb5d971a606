"""Baskets: the books that readers bring along, many at once."""

import sqlalchemy as sa
from alembic import op

revision = "0118"
down_revision = "0117"
HOLDS = "what readers have put into their baskets and not yet listed, kept or wished for"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "basket_line",
        sa.Column("reader_id", sa.BigInteger(), nullable=False),
        sa.Column("line_key", sa.String(40), nullable=False),
        sa.Column("isbn", sa.String(13), nullable=True),
        sa.Column("said", sa.String(80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("book_id", sa.BigInteger(), nullable=True),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("intent", sa.String(8), nullable=False),
        sa.Column("condition", sa.String(10), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["user.id"], name="fk_basket_line_reader_id"),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name="fk_basket_line_book_id"),
        sa.PrimaryKeyConstraint("id", name="pk_basket_line"),
        sa.UniqueConstraint("reader_id", "line_key", name="uq_basket_line_reader_id_line_key"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_basket_line_of_reader", "basket_line", ["reader_id", "state", "id"])
    op.create_index("ix_basket_line_book_id", "basket_line", ["book_id"])


def downgrade() -> None:
    op.drop_table("basket_line")
