"""Where books stand on the shelves on which readers look for them; `flask books shelve` or the jobs fill it."""

import sqlalchemy as sa
from alembic import op

revision = "0123"
down_revision = "0128"
HOLDS = "on which shelves books stand, which is found again from what is stored of them"

INDEXES = {
    "newest": ("shelf", "listed"),
    "of_language": ("shelf", "language", "listed"),
    "of_year": ("shelf", "year", "listed"),
    "of_language_and_year": ("shelf", "language", "year", "listed"),
}


def upgrade() -> None:
    op.create_table(
        "shelf_place",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("book_id", sa.BigInteger(), sa.ForeignKey("book.id", ondelete="CASCADE"), nullable=False),
        sa.Column("shelf", sa.String(12), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("listed", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("book_id", "shelf"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    for name, columns in INDEXES.items():
        op.create_index(f"ix_shelf_place_{name}", "shelf_place", columns)
    op.add_column("book", sa.Column("shelf_version", sa.SmallInteger(), nullable=False, server_default="0"))
    op.create_index("ix_book_shelf_version", "book", ["shelf_version"])


def downgrade() -> None:
    op.drop_index("ix_book_shelf_version", "book")
    with op.batch_alter_table("book") as batch:
        batch.drop_column("shelf_version")
    op.drop_table("shelf_place")
