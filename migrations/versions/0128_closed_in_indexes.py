"""The indexes of listings know which of them are closed, so that what everybody sees is found without reading these."""

from alembic import op

revision = "0128"
down_revision = "0126"
HOLDS = "which listings are for everybody, in the indexes"


def upgrade() -> None:
    op.create_index("ix_gift_newest_public", "gift", ["is_closed", "state", "id"])
    _replace(["book_id", "state", "id", "is_closed"])


def downgrade() -> None:
    _replace(["book_id", "state", "id"])
    op.drop_index("ix_gift_newest_public", "gift")


def _replace(columns: list[str]) -> None:
    # The foreign key of the book rests on the index: there is always one.
    op.create_index("ix_gift_of_book_tmp", "gift", columns)
    op.drop_index("ix_gift_of_book", "gift")
    op.create_index("ix_gift_of_book", "gift", columns)
    op.drop_index("ix_gift_of_book_tmp", "gift")
