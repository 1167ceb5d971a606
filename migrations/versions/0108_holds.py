"""What is held until somebody at the desk has looked at it, and reports that wait behind others."""

import sqlalchemy as sa
from alembic import op

revision = "0108"
down_revision = "0102"
HOLDS = "what is held until somebody has looked at it: it would be held for ever"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "hold",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("ref", sa.BigInteger(), nullable=False),
        sa.Column("about_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hold"),
        sa.ForeignKeyConstraint(["about_id"], ["user.id"], name="fk_hold_about_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="fk_hold_decision_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_hold_kind_ref", "hold", ["kind", "ref"])
    for column in ("about_id", "decision_id"):
        op.create_index(f"ix_hold_{column}", "hold", [column])
    op.add_column("report", sa.Column("is_late", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table("report") as batch:
        batch.drop_column("is_late")
    op.drop_table("hold")
