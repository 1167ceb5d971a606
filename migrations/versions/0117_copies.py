"""Copies: what is listed is a book on paper, which somebody holds."""

import sqlalchemy as sa
from alembic import op

revision = "0117"
down_revision = "0111"
HOLDS = "copies that are not listed, and who holds those that were given"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COPY_UNTIL_OVER = "CASE WHEN state IN ('open', 'reserved', 'hidden', 'held') THEN copy_id END"
COPY_COLUMNS = ("id", "book_id", "holder_id", "state", "since", "condition", "create_time", "status")
COPY = sa.table("copy", *map(sa.column, COPY_COLUMNS))
GIFT = sa.table("gift", *map(sa.column, ("id", "book_id", "giver_id", "state", "condition", "create_time", "copy_id")))
DRIFT = sa.table("drift", *map(sa.column, ("gift_id", "asker_id", "state", "state_time")))
USER = sa.table("user", *map(sa.column, ("id", "status")))


def upgrade() -> None:
    op.create_table(
        "copy",
        sa.Column("book_id", sa.BigInteger(), nullable=False),
        sa.Column("holder_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(5), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("condition", sa.String(10), nullable=False),
        sa.Column("mark", sa.String(8), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["book_id"], ["book.id"], name="fk_copy_book_id"),
        sa.ForeignKeyConstraint(["holder_id"], ["user.id"], name="fk_copy_holder_id"),
        sa.PrimaryKeyConstraint("id", name="pk_copy"),
        sa.UniqueConstraint("mark", name="uq_copy_mark"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_copy_of_holder", "copy", ["holder_id", "id"])
    op.create_index("ix_copy_of_book", "copy", ["book_id", "holder_id"])
    op.add_column("gift", sa.Column("copy_id", sa.BigInteger(), nullable=True))
    op.execute(COPY.insert().from_select(list(COPY_COLUMNS), _copies_of_gifts()))
    op.execute(GIFT.update().values(copy_id=GIFT.c.id))
    with op.batch_alter_table("gift") as batch:
        batch.alter_column("copy_id", existing_type=sa.BigInteger(), nullable=False)
        batch.add_column(sa.Column("listed_copy_id", sa.BigInteger(), sa.Computed(COPY_UNTIL_OVER), nullable=True))
        batch.create_foreign_key("fk_gift_copy_id", "copy", ["copy_id"], ["id"])
        batch.create_unique_constraint("uq_gift_listed_copy_id", ["listed_copy_id"])
    op.create_index("ix_gift_copy_id", "gift", ["copy_id"])


def _copies_of_gifts() -> sa.Select[tuple[object, ...]]:
    """Return a copy for each gift: with who received it, or still with its giver, unless they have left."""
    has_arrived, is_lost = DRIFT.c.state == "received", DRIFT.c.state == "missing"
    holder = sa.case((has_arrived, DRIFT.c.asker_id), else_=GIFT.c.giver_id)
    is_kept = sa.and_(~sa.func.coalesce(is_lost, sa.false()), USER.c.status == 1)
    ended = sa.and_(GIFT.c.state == "given", DRIFT.c.gift_id == GIFT.c.id, sa.or_(has_arrived, is_lost))
    return sa.select(
        GIFT.c.id,
        GIFT.c.book_id,
        sa.case((is_kept, holder)),
        sa.case((is_lost, "lost"), (is_kept, "kept"), else_="gone"),
        sa.func.coalesce(DRIFT.c.state_time, GIFT.c.create_time),
        GIFT.c.condition,
        GIFT.c.create_time,
        sa.literal(1),
    ).select_from(GIFT.outerjoin(DRIFT, ended).join(USER, USER.c.id == holder))


def downgrade() -> None:
    with op.batch_alter_table("gift") as batch:
        batch.drop_constraint("fk_gift_copy_id", type_="foreignkey")
        batch.drop_constraint("uq_gift_listed_copy_id", type_="unique")
        batch.drop_index("ix_gift_copy_id")
        batch.drop_column("listed_copy_id")
        batch.drop_column("copy_id")
    op.drop_table("copy")
