"""Steps of exchanges that can be taken back for some minutes, and why a giver has cancelled one."""

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0095"
HOLDS = "which steps of exchanges can be taken back, and why givers have cancelled"


def upgrade() -> None:
    with op.batch_alter_table("drift") as batch:
        batch.add_column(sa.Column("undo_until", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("undo_since", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("undo_due", sa.BigInteger(), nullable=True))
        batch.add_column(sa.Column("undo_pause", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("cancel_reason", sa.String(10), nullable=True))
        batch.add_column(sa.Column("cancel_words", sa.Text(), nullable=True))
        batch.create_index("ix_drift_undo_until", ["undo_until"])


def downgrade() -> None:
    with op.batch_alter_table("drift") as batch:
        batch.drop_index("ix_drift_undo_until")
        batch.drop_column("cancel_words")
        batch.drop_column("cancel_reason")
        batch.drop_column("undo_pause")
        batch.drop_column("undo_due")
        batch.drop_column("undo_since")
        batch.drop_column("undo_until")
