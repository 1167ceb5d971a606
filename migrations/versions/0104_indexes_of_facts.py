"""What may be known of a reader is counted from indexes alone."""

from alembic import op

revision = "0104"
down_revision = "0115"

SIDES = ("asker", "giver")


def upgrade() -> None:
    # The new ones first: MariaDB needs an index for each foreign key at any time.
    for side in SIDES:
        columns = [f"{side}_id", "state", "undo_until", "way", "absent"]
        op.create_index(f"ix_drift_ends_of_{side}", "drift", columns)
        op.drop_index(f"ix_drift_by_{side}", "drift")
    op.create_index("ix_drift_last_of_giver", "drift", ["giver_id", "create_time"])


def downgrade() -> None:
    for side in SIDES:
        op.create_index(f"ix_drift_by_{side}", "drift", [f"{side}_id", "state", "undo_until"])
        op.drop_index(f"ix_drift_ends_of_{side}", "drift")
    op.drop_index("ix_drift_last_of_giver", "drift")
