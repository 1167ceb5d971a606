"""Sort keys to look through the books by, and the fields that people corrected."""

import sqlalchemy as sa
from alembic import op

from app.catalogues.text.sorting import sort_key
from app.models.book import SortKey

revision = "0020"
down_revision = "0002"

BATCH = 5000

book = sa.table(
    "book", sa.column("id", sa.Integer), sa.column("title", sa.Text), sa.column("sort_key", sa.Text),
    sa.column("corrected", sa.JSON),
)  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("book") as batch:
        batch.add_column(sa.Column("corrected", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("sort_key", SortKey, nullable=False, server_default=""))
        batch.drop_index("ix_book_year")
    _fill(op.get_bind())
    with op.batch_alter_table("book") as batch:
        batch.alter_column("corrected", existing_type=sa.JSON(), nullable=False)
        batch.alter_column("sort_key", existing_type=SortKey, existing_nullable=False, server_default=None)
        batch.create_index("ix_book_language_sort_key", ["language", "sort_key"])
        batch.create_index("ix_book_language_year_sort_key", ["language", "year", "sort_key"])


def _fill(connection: sa.Connection) -> None:
    connection.execute(book.update().values(corrected=[]))
    last = 0
    update = book.update().where(book.c.id == sa.bindparam("row")).values(sort_key=sa.bindparam("key"))
    page = sa.select(book.c.id, book.c.title).order_by(book.c.id).limit(BATCH)
    while rows := connection.execute(page.where(book.c.id > last)).all():
        connection.execute(update, [{"row": row.id, "key": sort_key(row.title)} for row in rows])
        last = rows[-1].id


def downgrade() -> None:
    with op.batch_alter_table("book") as batch:
        batch.drop_index("ix_book_language_year_sort_key")
        batch.drop_index("ix_book_language_sort_key")
        batch.create_index("ix_book_year", ["year"])
        batch.drop_column("sort_key")
        batch.drop_column("corrected")
