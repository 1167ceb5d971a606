"""Books may have no ISBN: older books, children's books, course packs.

Going back, such a book gets a stand-in made of its id, which is taken off again by the next upgrade.
"""

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0087"

ISBN = sa.String(13)
book = sa.table("book", sa.column("id"), sa.column("isbn"))


def upgrade() -> None:
    with op.batch_alter_table("book") as batch:
        batch.alter_column("isbn", existing_type=ISBN, nullable=True)
    op.execute(book.update().where(book.c.isbn.like("F%")).values(isbn=None))


def downgrade() -> None:
    stand_in = sa.literal("F") + sa.cast(book.c.id, sa.String(12))
    op.execute(book.update().where(book.c.isbn.is_(None)).values(isbn=stand_in))
    with op.batch_alter_table("book") as batch:
        batch.alter_column("isbn", existing_type=ISBN, nullable=False)
