"""Books without an ISBN are known again by their title, subtitle, authors and year."""

import json

import sqlalchemy as sa
from alembic import op

from app.rules.book.identity import identity_of

revision = "0082"
down_revision = "0081"

book = sa.table("book", *map(sa.column, ("id", "isbn", "title", "subtitle", "authors", "year", "identity")))


def upgrade() -> None:
    with op.batch_alter_table("book") as batch:
        batch.add_column(sa.Column("identity", sa.String(32), nullable=True))
        batch.create_unique_constraint("uq_book_identity", ["identity"])
    connection, found = op.get_bind(), {}
    for row in connection.execute(sa.select(book).where(book.c.isbn.is_(None)).order_by(book.c.id.desc())):
        found[identity_of(row.title, row.subtitle, json.loads(row.authors), row.year)] = row.id
    for identity, id in found.items():
        connection.execute(book.update().where(book.c.id == id).values(identity=identity))


def downgrade() -> None:
    with op.batch_alter_table("book") as batch:
        batch.drop_constraint("uq_book_identity", type_="unique")
        batch.drop_column("identity")
