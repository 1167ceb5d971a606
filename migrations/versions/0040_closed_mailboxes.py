"""Keyed hashes of the mailboxes of accounts that were closed lately."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "closed_mailbox",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("forget_time", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closed_mailbox")),
        sa.UniqueConstraint("hash", name=op.f("uq_closed_mailbox_hash")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("closed_mailbox") as batch:
        batch.create_index(op.f("ix_closed_mailbox_forget_time"), ["forget_time"])


def downgrade() -> None:
    op.drop_table("closed_mailbox")
