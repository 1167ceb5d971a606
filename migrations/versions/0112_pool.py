"""Beans of silent readers sleep in a pool."""

import sqlalchemy as sa
from alembic import op

revision = "0112"
down_revision = "0107"
HOLDS = "why beans moved since the pool"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
USER = sa.table("user", *map(sa.column, ("id", "beans", "asleep_beans", "asleep_since")))
POOL = sa.table("bean_pool", *map(sa.column, ("id", "beans", "create_time", "status")))
MOVE = sa.table(
    "bean_transfer",
    *(sa.column(name) for name in ("source", "target", "amount", "reason", "key", "create_time", "status")),
)
NEW_REASONS = ("first_request", "awake", "from_pool", "insured", "asleep")


def upgrade() -> None:
    op.add_column("user", sa.Column("asleep_beans", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("user", sa.Column("asleep_since", sa.BigInteger(), nullable=True))
    op.create_table(
        "bean_pool",
        sa.Column("beans", sa.Integer(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bean_pool"),
        sa.CheckConstraint("beans >= 0", name="ck_bean_pool_beans_not_negative"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.execute(POOL.insert().values(id=1, beans=0, create_time=0, status=1))


def downgrade() -> None:
    """Bring all sleeping beans back; what went through the pool reads as if it had gone through the mint."""
    account = sa.literal("reader:").concat(sa.cast(USER.c.id, sa.String(20)))
    key = sa.literal("awake:").concat(sa.cast(USER.c.id, sa.String(20))).concat(":")
    key = key.concat(sa.cast(USER.c.asleep_since, sa.String(20)))
    back = sa.select(
        sa.literal("mint"), account, USER.c.asleep_beans, sa.literal("granted"), key, USER.c.asleep_since, sa.literal(1)
    )
    columns = ["source", "target", "amount", "reason", "key", "create_time", "status"]
    op.execute(MOVE.insert().from_select(columns, back.where(USER.c.asleep_beans > 0)))
    op.execute(USER.update().values(beans=USER.c.beans + USER.c.asleep_beans))
    op.execute(MOVE.delete().where(MOVE.c.reason == "covered"))
    for side in ("source", "target"):
        op.execute(MOVE.update().where(MOVE.c[side] == "pool").values({side: "mint"}))
    op.execute(MOVE.update().where(MOVE.c.reason.in_(NEW_REASONS)).values(reason="granted"))
    op.drop_table("bean_pool")
    with op.batch_alter_table("user") as batch:
        batch.drop_column("asleep_since")
        batch.drop_column("asleep_beans")
