"""The log of works that people have joined and split."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
HOLDS = "which works people have joined and split"


def upgrade() -> None:
    op.create_table(
        "work_act",
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("work_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_work_act"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_work_act_user_id"),
        sa.ForeignKeyConstraint(["work_id"], ["work.id"], name="fk_work_act_work_id"),
        sa.ForeignKeyConstraint(["other_id"], ["work.id"], name="fk_work_act_other_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    for column in ("user_id", "work_id", "other_id"):
        op.create_index(f"ix_work_act_{column}", "work_act", [column])


def downgrade() -> None:
    op.drop_table("work_act")
