"""What readers say is not as described about books they received."""

import sqlalchemy as sa
from alembic import op

revision = "0111"
down_revision = "0108"
HOLDS = "what readers said about books that were not as described, and what was decided"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "complaint",
        sa.Column("drift_id", sa.BigInteger(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("about_id", sa.BigInteger(), nullable=False),
        sa.Column("fault", sa.String(10), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("state_time", sa.BigInteger(), nullable=False),
        sa.Column("due_time", sa.BigInteger(), nullable=True),
        sa.Column("id", ID, nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["drift_id"], ["drift.id"], name="fk_complaint_drift_id"),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name="fk_complaint_author_id"),
        sa.ForeignKeyConstraint(["about_id"], ["user.id"], name="fk_complaint_about_id"),
        sa.PrimaryKeyConstraint("id", name="pk_complaint"),
        sa.UniqueConstraint("drift_id", name="uq_complaint_drift_id"),
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
    )
    op.create_index("ix_complaint_about", "complaint", ["about_id", "author_id"])
    op.create_index("ix_complaint_author_id", "complaint", ["author_id"])
    op.create_index("ix_complaint_state", "complaint", ["state", "id"])
    op.create_index("ix_complaint_due_time", "complaint", ["due_time"])


def downgrade() -> None:
    op.drop_table("complaint")
