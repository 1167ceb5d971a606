"""Reading lists of circles."""

import sqlalchemy as sa
from alembic import op

revision = "0134"
down_revision = "0133"
HOLDS = "what circles want to read"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "circle_title",
        sa.Column("circle_id", sa.BigInteger(), nullable=False),
        sa.Column("book_id", sa.BigInteger(), nullable=False),
        sa.Column("wanted_by", sa.BigInteger(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["circle_id"], ["circle.id"], name="fk_circle_title_circle_id"),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name="fk_circle_title_book_id"),
        sa.PrimaryKeyConstraint("id", name="pk_circle_title"),
        sa.UniqueConstraint("circle_id", "book_id", name="uq_circle_title_circle_id_book_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_circle_title_book_id", "circle_title", ["book_id"])


def downgrade() -> None:
    op.drop_table("circle_title")
