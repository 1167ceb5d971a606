"""Thank-you lines of those who received a book to its giver."""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0103"
HOLDS = "the lines of thanks"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "thanks",
        sa.Column("drift_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("reader_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("shown_time", sa.BigInteger(), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["drift_id"], ["drift.id"], name="fk_thanks_drift_id"),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name="fk_thanks_author_id"),
        sa.ForeignKeyConstraint(["reader_id"], ["user.id"], name="fk_thanks_reader_id"),
        sa.PrimaryKeyConstraint("id", name="pk_thanks"),
        sa.UniqueConstraint("drift_id", name="uq_thanks_drift_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_thanks_author_id", "thanks", ["author_id"])
    op.create_index("ix_thanks_shown", "thanks", ["reader_id", "shown_time"])


def downgrade() -> None:
    op.drop_table("thanks")
