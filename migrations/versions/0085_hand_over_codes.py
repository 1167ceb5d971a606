"""Codes with which an asker shows a giver that the book has been handed over."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0085"
down_revision = "0084"
HOLDS = "the hand-over codes of exchanges under way"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SEALED = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "hand_over",
        sa.Column("drift_id", sa.BigInteger(), nullable=False),
        sa.Column("code", SEALED, nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("rest_until", sa.BigInteger(), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_hand_over"),
        sa.ForeignKeyConstraint(["drift_id"], ["drift.id"], name="fk_hand_over_drift_id"),
        sa.UniqueConstraint("drift_id", name="uq_hand_over_drift_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )


def downgrade() -> None:
    op.drop_table("hand_over")
