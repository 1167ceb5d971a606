"""Places where readers leave books for each other, and which of them suit a copy."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.mysql import VARCHAR

revision = "0086"
down_revision = "0085"
HOLDS = "meeting places, and which copies and exchanges name them"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _exact(length: int) -> sa.types.TypeEngine[str]:
    return sa.String(length).with_variant(VARCHAR(length, collation="utf8mb4_bin"), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "place",
        sa.Column("name", _exact(40), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("opening", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("area", _exact(100), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_place"),
        sa.UniqueConstraint("area", "name", name="uq_place_area_name"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_table(
        "gift_place",
        sa.Column("gift_id", sa.BigInteger(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_gift_place"),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name="fk_gift_place_gift_id"),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name="fk_gift_place_place_id"),
        sa.UniqueConstraint("gift_id", "place_id", name="uq_gift_place_gift_id_place_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_gift_place_place_id", "gift_place", ["place_id"])
    with op.batch_alter_table("drift") as batch:
        batch.add_column(sa.Column("place_id", sa.BigInteger(), nullable=True))
        batch.create_foreign_key("fk_drift_place_id", "place", ["place_id"], ["id"])
        batch.create_index("ix_drift_place_id", ["place_id"])


def downgrade() -> None:
    way = sa.table("drift", sa.column("way", sa.String(5)))
    op.execute(way.update().where(way.c.way == "place").values(way="meet"))
    event = sa.table("drift_event", sa.column("action", sa.String))
    op.execute(event.update().where(event.c.action == "left").values(action="met"))
    for table in ("gift", "user"):
        ways = sa.table(table, sa.column("ways", sa.String(20)))
        op.execute(ways.update().where(ways.c.ways == "place").values(ways="meet"))
    with op.batch_alter_table("drift") as batch:
        batch.drop_constraint("fk_drift_place_id", type_="foreignkey")
        batch.drop_index("ix_drift_place_id")
        batch.drop_column("place_id")
    op.drop_table("gift_place")
    op.drop_table("place")
