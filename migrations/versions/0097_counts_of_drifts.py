"""The exchanges of a reader are counted from an index alone, also those whose last step can be taken back."""

from alembic import op

revision = "0097"
down_revision = "0089"

SIDES = ("asker", "giver")


def upgrade() -> None:
    # The new one first: MariaDB needs an index for each foreign key at any time.
    for side in SIDES:
        op.create_index(f"ix_drift_by_{side}", "drift", [f"{side}_id", "state", "undo_until"])
        op.drop_index(f"ix_drift_of_{side}", "drift")


def downgrade() -> None:
    for side in SIDES:
        op.create_index(f"ix_drift_of_{side}", "drift", [f"{side}_id", "state"])
        op.drop_index(f"ix_drift_by_{side}", "drift")
