"""What an asker has asked a giver for lately, and a reader's copies of one book, are found in an index."""

from alembic import op

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    with op.batch_alter_table("drift") as batch:
        batch.create_index("ix_drift_of_pair", ["asker_id", "giver_id", "create_time"])
    with op.batch_alter_table("gift") as batch:
        batch.create_index("ix_gift_of_reader_and_book", ["giver_id", "isbn", "state"])


def downgrade() -> None:
    with op.batch_alter_table("gift") as batch:
        batch.drop_index("ix_gift_of_reader_and_book")
    with op.batch_alter_table("drift") as batch:
        batch.drop_index("ix_drift_of_pair")
