"""No index of books begins with their status, by which SQLite read all of them when it was asked for a few."""

from alembic import op

revision = "0087"
down_revision = "0080"

SHELVES = {"ix_book_shelf": ["sort_key"], "ix_book_shelf_of_year": ["year", "sort_key"]}


def upgrade() -> None:
    _index_by("language", "status")


def downgrade() -> None:
    _index_by("status", "language")


def _index_by(*first: str) -> None:
    for name, columns in SHELVES.items():
        op.drop_index(name, "book")
        op.create_index(name, "book", [*first, *columns])
