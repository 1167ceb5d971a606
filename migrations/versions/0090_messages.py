"""What the two sides of an exchange write to each other."""

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0096"
HOLDS = "the messages of exchanges"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "message",
        sa.Column("drift_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("reader_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("is_phrase", sa.Boolean(), nullable=False),
        sa.Column("read_time", sa.BigInteger(), nullable=True),
        sa.Column("form_key", sa.String(64), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.ForeignKeyConstraint(["drift_id"], ["drift.id"], name="fk_message_drift_id"),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name="fk_message_author_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["user.id"], name="fk_message_reader_id"),
        sa.UniqueConstraint("drift_id", "author_id", "form_key", name="uq_message_drift_id_author_id_form_key"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_message_author_id", "message", ["author_id"])
    op.create_index("ix_message_unread", "message", ["reader_id", "read_time"])


def downgrade() -> None:
    op.drop_table("message")
