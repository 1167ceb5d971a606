"""The indexes to look through the catalogue by begin with what hides a book."""

from alembic import op

revision = "0050"
down_revision = "0045"


def upgrade() -> None:
    with op.batch_alter_table("book") as batch:
        batch.create_index("ix_book_shelf", ["status", "language", "sort_key"])
        batch.create_index("ix_book_shelf_of_year", ["status", "language", "year", "sort_key"])
        batch.drop_index("ix_book_language_year_sort_key")
        batch.drop_index("ix_book_language_sort_key")


def downgrade() -> None:
    with op.batch_alter_table("book") as batch:
        batch.create_index("ix_book_language_sort_key", ["language", "sort_key"])
        batch.create_index("ix_book_language_year_sort_key", ["language", "year", "sort_key"])
        batch.drop_index("ix_book_shelf_of_year")
        batch.drop_index("ix_book_shelf")
