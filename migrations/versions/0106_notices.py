"""What readers are told on the site, beside the mails."""

import sqlalchemy as sa
from alembic import op

revision = "0106"
down_revision = "0097"
HOLDS = "the notices of readers"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("drift_id", sa.BigInteger(), nullable=True),
        sa.Column("gift_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("show_from", sa.BigInteger(), nullable=True),
        sa.Column("seen_time", sa.BigInteger(), nullable=True),
        sa.Column("key", sa.String(100), nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name="fk_notice_user_id"),
        sa.ForeignKeyConstraint(["drift_id"], ["drift.id"], name="fk_notice_drift_id"),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name="fk_notice_gift_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_notice_message_id", ondelete="CASCADE"),
        sa.UniqueConstraint("key", name="uq_notice_key"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_notice_unseen", "notice", ["user_id", "seen_time", "show_from"])
    op.create_index("ix_notice_of_reader", "notice", ["user_id", "show_from"])
    for column in ("drift_id", "gift_id", "message_id"):
        op.create_index(f"ix_notice_{column}", "notice", [column])


def downgrade() -> None:
    op.drop_table("notice")
