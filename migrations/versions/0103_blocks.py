"""Who has blocked whom, and messages that only their authors see."""

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0116"
HOLDS = "whom readers have blocked, and the messages that were withheld from them"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "block",
        sa.Column("reader_id", sa.BigInteger(), nullable=False),
        sa.Column("blocked_id", sa.BigInteger(), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_block"),
        sa.ForeignKeyConstraint(["reader_id"], ["user.id"], name="fk_block_reader_id"),
        sa.ForeignKeyConstraint(["blocked_id"], ["user.id"], name="fk_block_blocked_id"),
        sa.UniqueConstraint("reader_id", "blocked_id", name="uq_block_reader_id_blocked_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_block_blocked_id", "block", ["blocked_id"])
    op.add_column("message", sa.Column("withheld", sa.String(10), nullable=False, server_default=""))


def downgrade() -> None:
    # The release before shows each message that is stored.
    message = sa.table("message", sa.column("id", sa.BigInteger()), sa.column("withheld", sa.String(10)))
    notice = sa.table("notice", sa.column("message_id", sa.BigInteger()))
    withheld = sa.select(message.c.id).where(message.c.withheld != "")
    op.execute(notice.delete().where(notice.c.message_id.in_(withheld)))
    op.execute(message.delete().where(message.c.withheld != ""))
    with op.batch_alter_table("message") as batch:
        batch.drop_column("withheld")
    op.drop_table("block")
