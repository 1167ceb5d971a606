"""Gifts, wishes and drifts name their book by its number of ours; a drift keeps the wish that it will grant."""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"

INDEXES = {
    "gift": {
        "ix_gift_of_book": ["{book}", "state", "id"],
        "ix_gift_of_reader_and_book": ["giver_id", "{book}", "state"],
    },
    "wish": {"ix_wish_of_book": ["{book}", "state", "create_time"]},
    "drift": {},
}
CAN_ARRIVE = "'waiting', 'accepted', 'mailed', 'missing'"


def upgrade() -> None:
    for table in INDEXES:
        _point_to_books("isbn", table, "book_id", "id", sa.BigInteger())
    with op.batch_alter_table("drift") as batch:
        batch.add_column(sa.Column("wish_id", sa.BigInteger()))
        batch.create_foreign_key("fk_drift_wish_id", "wish", ["wish_id"], ["id"])
        batch.create_index("ix_drift_wish_id", ["wish_id"])
    _name_open_wishes("book_id")
    wish, drift = sa.table("wish", sa.column("id"), sa.column("open_key")), _exchange("drift", "asker_id", "book_id")
    wanted = sa.select(wish.c.id).where(wish.c.open_key == _key(drift.c.asker_id, drift.c.book_id)).scalar_subquery()
    op.execute(drift.update().where(sa.text(f"state IN ({CAN_ARRIVE})")).values(wish_id=wanted))


def downgrade() -> None:
    with op.batch_alter_table("drift") as batch:
        batch.drop_constraint("fk_drift_wish_id", type_="foreignkey")
        batch.drop_index("ix_drift_wish_id")
        batch.drop_column("wish_id")
    for table in INDEXES:
        _point_to_books("book_id", table, "isbn", "isbn", sa.String(13))
    _name_open_wishes("isbn")


def _point_to_books(old: str, table: str, new: str, of_book: str, kind: sa.types.TypeEngine[object]) -> None:
    """Let a table name its book by another column; MariaDB wants the foreign key gone before its index."""
    with op.batch_alter_table(table) as batch:
        batch.add_column(sa.Column(new, kind))
    rows, book = _exchange(table, old, new), sa.table("book", sa.column("id"), sa.column("isbn"))
    found = sa.select(book.c[of_book]).where(book.c["id" if old == "book_id" else "isbn"] == rows.c[old])
    op.execute(rows.update().values({new: found.scalar_subquery()}))
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(f"fk_{table}_{old}", type_="foreignkey")
    with op.batch_alter_table(table) as batch:
        for index in INDEXES[table]:
            batch.drop_index(index)
        batch.drop_column(old)
        batch.alter_column(new, existing_type=kind, nullable=False)
        for index, columns in INDEXES[table].items():
            batch.create_index(index, [column.format(book=new) for column in columns])
        batch.create_foreign_key(f"fk_{table}_{new}", "book", [new], [of_book])


def _exchange(table: str, *columns: str) -> sa.TableClause:
    return sa.table(table, *map(sa.column, columns), sa.column("wish_id"), sa.column("open_key"))


def _name_open_wishes(book: str) -> None:
    wish = _exchange("wish", "user_id", book)
    op.execute(wish.update().where(wish.c.open_key.is_not(None)).values(open_key=_key(wish.c.user_id, wish.c[book])))


def _key(reader: sa.ColumnElement[int], book: sa.ColumnElement[object]) -> sa.ColumnElement[str]:
    return sa.cast(reader, sa.String(20)) + ":" + sa.cast(book, sa.String(20))
