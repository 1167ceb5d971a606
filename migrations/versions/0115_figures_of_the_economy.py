"""How many requests are refused, by day and reason, and the figures of the economy for each day."""

import sqlalchemy as sa
from alembic import op

revision = "0115"
down_revision = "0112"
HOLDS = "the figures of the economy"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "refused_ask",
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_refused_ask"),
        sa.UniqueConstraint("day", "reason", name="uq_refused_ask_day_reason"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_table(
        "economy_day",
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_economy_day"),
        sa.UniqueConstraint("day", name="uq_economy_day_day"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )


def downgrade() -> None:
    op.drop_table("economy_day")
    op.drop_table("refused_ask")
